"""JSON in and out, as simplejson writes it, which AWS's runtime uses: decimals are numbers,
named tuples objects, bytes text. Python 3.12 and later keep letters beyond ASCII as they are.
"""

from __future__ import annotations

import json
import os
import re
import sys

from .errors import Fault

TYPE_CHECKING = False  # typing itself would cost a part of the start
if TYPE_CHECKING:
    from typing import Any

KEEP_UNICODE = os.environ.get("AWS_EXECUTION_ENV") in (
    "AWS_Lambda_python3.12",
    "AWS_Lambda_python3.13",
    "AWS_Lambda_python3.14",
    "AWS_Lambda_python3.15",
)


def unmarshal(body: bytes) -> Any:
    """The event in a body."""
    try:
        return json.loads(body)
    except Exception as error:  # noqa: BLE001 - as AWS: also what recursion raises
        message = f"Unable to unmarshal input: {error}"
        raise Fault("UnmarshalError", message) from None


def marshal(result: Any) -> tuple[str | bytes, str]:
    """A result's body and content type."""
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return dumps(result), "application/json"
    except Exception as error:  # noqa: BLE001 - as AWS: the function's objects may raise
        message = f"Unable to marshal response: {error}"
        raise Fault("MarshalError", message) from None


def dumps(value: Any) -> str:
    """A value's JSON."""
    default = Default()
    encoder = json.JSONEncoder(ensure_ascii=not KEEP_UNICODE, default=default)
    try:
        value = as_simplejson(value)
    except RecursionError:  # a circle, of which the encoder says so, or too deep for it as well
        pass
    text = encoder.encode(value)
    return default.with_numbers(text)


def as_simplejson(value: Any) -> Any:
    """Named tuples are objects and bytes are text for simplejson, but not for json."""
    kind = type(value)
    if kind is str or kind is int or kind is float or value is None or kind is bool:
        return value
    if isinstance(value, dict):
        return {as_key(key): as_simplejson(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        if hasattr(value, "_asdict"):
            return as_simplejson(value._asdict())
        return [as_simplejson(item) for item in value]
    return value.decode() if isinstance(value, bytes) else value


def as_key(key: Any) -> Any:
    """A dictionary's key, as json takes it."""
    if isinstance(key, bytes):
        return key.decode()
    if key is None or isinstance(key, (str, int, float)):
        return key
    raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")


class Default:
    """What json calls for a type it does not know.

    Decimals become JSON numbers with every digit; json has no way to write a number raw, so
    each leaves a mark, which is replaced in the text.
    """

    def __init__(self) -> None:
        self.numbers: list[str] = []
        self.salt = os.urandom(8).hex()

    def __call__(self, value: Any) -> Any:
        decimal = sys.modules.get("decimal")
        if decimal is not None and isinstance(value, decimal.Decimal):
            if value.is_nan():
                return float("nan")
            self.numbers.append(str(value))
            return f"{self.salt}-{len(self.numbers) - 1}"
        if callable(getattr(value, "_asdict", None)):
            return as_simplejson(value._asdict())
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")

    def with_numbers(self, text: str) -> str:
        """The text with numbers in place of their marks."""
        if not self.numbers:
            return text
        return re.sub(f'"{self.salt}-([0-9]+)"', lambda mark: self.numbers[int(mark[1])], text)
