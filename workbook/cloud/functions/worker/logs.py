"""What a function prints and logs, on its way to CloudWatch Logs."""

from __future__ import annotations

import os
import time

from .imports import after_import

TYPE_CHECKING = False  # typing itself would cost a part of the start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Self

LOG_FRAME = b"\xa5\x5a\x00\x03"  # AWS has one for each level; in text format all read alike


class Log:
    """Frames on a descriptor of their own: a message of many lines stays one log event."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self.descriptor = descriptor
        self.request_id: str | None = None

    def write(self, text: str) -> None:
        """One log event."""
        message = text.encode("utf-8", "replace")
        data = b"".join(
            (
                LOG_FRAME,
                len(message).to_bytes(4, "big"),
                (time.time_ns() // 1000).to_bytes(8, "big"),
                message,
            )
        )
        while data:
            data = data[os.write(self.descriptor, data) :]

    def error(self, error: dict[str, Any]) -> None:
        """An error object, as AWS shows it."""
        lines = ["[ERROR]"]
        if error["errorType"]:
            lines[0] += " " + error["errorType"]
        if error["errorMessage"]:
            lines[0] += (":" if error["errorType"] else "") + " " + error["errorMessage"]
        lines.append("Traceback (most recent call last):")
        for element in error["stackTrace"]:
            lines += [hard_indent(line) for line in element.splitlines()] or [""]
        self.write("\n".join(lines))


def hard_indent(line: str) -> str:
    """No-break spaces in front, which CloudWatch's console does not fold away."""
    text = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(text)) + text


def set_up_logging(log: Log) -> None:
    """Give the root logger AWS's handler, format and filter as soon as `logging` is imported.

    AWS's runtime imports logging first of all. To do so here would double the time that a
    small function takes to start, so this waits for whoever needs it.
    """

    def set_up(logging: Any) -> None:
        class LambdaLoggerHandler(logging.Handler):
            def emit(self, record: Any) -> None:
                log.write(self.format(record))

        class LambdaLoggerFilter(logging.Filter):
            def filter(self, record: Any) -> bool:
                record.aws_request_id = log.request_id or ""
                record.tenant_id = None
                return True

        logging.Formatter.converter = time.gmtime
        form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
        handler = LambdaLoggerHandler()
        handler.setFormatter(logging.Formatter(form, "%Y-%m-%dT%H:%M:%S"))
        handler.addFilter(LambdaLoggerFilter())
        logging.getLogger().addHandler(handler)

    after_import("logging", set_up)


class Unbuffered:
    """A stream that never waits to write: what a function printed survives its death."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()

    def writelines(self, lines: Iterable[str]) -> None:
        self.stream.writelines(lines)
        self.stream.flush()
