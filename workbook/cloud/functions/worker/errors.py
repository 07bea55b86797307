"""Errors as AWS reports them: the object for the caller, the cause for X-Ray.

Modules that only errors need are imported when there is one: a start without errors is faster.
"""

from __future__ import annotations

import json
import os
import sys

TYPE_CHECKING = False  # typing itself would cost a part of the start
if TYPE_CHECKING:
    from typing import Any

    Frame = tuple[str, int, str, str | None]


class Fault(Exception):
    """An error with a name of AWS's rather than an exception's, and without a stack."""

    def __init__(self, kind: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.kind = "Runtime." + kind
        self.trace = trace


def error_object(raised: Exception, request_id: str = "") -> dict[str, Any]:
    """What the caller gets for an exception."""
    if isinstance(raised, Fault):
        kind, trace = raised.kind, raised.trace or []
    else:
        import traceback

        kind, trace = type(raised).__name__, traceback.format_list(frames(raised))
    return {
        "errorMessage": str(raised),
        "errorType": kind,
        "requestId": request_id,
        "stackTrace": trace,
    }


def xray_cause(raised: Exception) -> str:
    """What X-Ray is told of an exception, as JSON; nothing when it is too long for a header."""
    is_fault = isinstance(raised, Fault)
    stack = [] if is_fault else frames(raised)
    exception = {
        "message": str(raised),
        "type": "LambdaValidationError" if is_fault else type(raised).__name__,
        "stack": [{"label": name, "path": path, "line": line} for path, line, name, _ in stack],
    }
    cause = {
        "working_directory": os.getcwd(),
        "exceptions": [exception],
        "paths": list({path for path, _, _, _ in stack}),
    }
    text = json.dumps(cause)
    return text if len(text) < 1024 * 1024 else ""


def frames(raised: Exception) -> list[Frame]:
    """(file, line, function, text) of each frame, from the first that is not the runtime's."""
    import traceback

    extracted = traceback.extract_tb(raised.__traceback__)
    own = os.path.dirname(frames.__code__.co_filename)
    outside = (i for i, frame in enumerate(extracted) if os.path.dirname(frame.filename) != own)
    return [
        (shown_path(frame.filename), frame.lineno or 0, frame.name, frame.line)
        for frame in extracted[next(outside, 0) :]
    ]


def shown_path(path: str) -> str:
    """A file as AWS names it: the function's code is in /var/task there, Python in /var/lang."""
    roots = {
        os.environ.get("LAMBDA_TASK_ROOT", ""): "/var/task",
        os.environ.get("WORKBOOK_OPT", ""): "/opt",
        sys.base_prefix: "/var/lang",
    }
    for root, shown in roots.items():
        if root and path.startswith(root + os.sep):
            return f"{shown}{path[len(root) :]}"
    return path
