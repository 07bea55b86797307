"""What Lambda takes for a function's settings, which moto keeps whatever they are.

Limits of single values, in the words of AWS's own validation ("Actions" of the API's reference,
2015-03-31), and what may stand in a function's environment ("Defined runtime environment
variables"). Asked before the call reaches moto; what depends on other functions, queues or aliases
is function_conflicts.py's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from workbook.cloud.answer import Answer
from workbook.cloud.calls import AwsCall
from workbook.cloud.invocation import error

MOST_BYTES_OF_VARIABLES = 4_096
_FUNCTIONS = r"/2015-03-31/functions"
_CONFIGURED = re.compile(rf"(POST {_FUNCTIONS}/?|PUT {_FUNCTIONS}/[^/]+/configuration/?)")
_ALIASED = re.compile(rf"POST {_FUNCTIONS}/[^/]+/aliases/?")
_PERMITTED = re.compile(rf"POST {_FUNCTIONS}/[^/]+/policy/?")

_WORD = r"[a-zA-Z0-9-_]+"
_VARIABLE = r"[a-zA-Z]([a-zA-Z0-9_])+"
_ALIAS = r"(?!^[0-9]+$)([a-zA-Z0-9-_]+)"
_HANDLER = r"[^\s]+"
_NUMBERS = {"Timeout": (1, 900), "MemorySize": (128, 10_240)}
_STORAGE = (512, 10_240)

_RESERVED = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)

Settings = Mapping[str, Any]


def refused(call: AwsCall, settings: Settings) -> Answer | None:
    """The answer to a call that sets what Lambda does not take; None when it may go on.

    Args:
        settings: the call's body.
    """
    asked = f"{call.method} {call.path}"
    if faults := list(_faults(asked, settings)):
        found = f"{len(faults)} validation error{'s' * (len(faults) > 1)} detected: "
        return error("ValidationException", found + "; ".join(faults), 400)
    if _CONFIGURED.fullmatch(asked) and (told := _refused_variables(_variables(settings))):
        return error("InvalidParameterValueException", told, 400)
    return None


def _faults(asked: str, settings: Settings) -> Iterator[str]:
    if _CONFIGURED.fullmatch(asked):
        yield from _text("functionName", settings.get("FunctionName"), most=_longest_name(settings))
        yield from _text("handler", settings.get("Handler"), most=128, pattern=_HANDLER)
        yield from _text("description", settings.get("Description"), most=256)
        for name, bounds in _NUMBERS.items():
            yield from _number(name[0].lower() + name[1:], settings.get(name), *bounds)
        storage = settings.get("EphemeralStorage")
        if isinstance(storage, Mapping):
            yield from _number("ephemeralStorage.size", storage.get("Size"), *_STORAGE)
        yield from _names(_variables(settings))
    if _ALIASED.fullmatch(asked):
        yield from _text("name", settings.get("Name"), most=128, pattern=_ALIAS)
    if _PERMITTED.fullmatch(asked):
        yield from _text("statementId", settings.get("StatementId"), most=100, pattern=_WORD)


def _longest_name(settings: Settings) -> int:
    """The name alone has 64 characters at most; an ARN with it more."""
    return 140 if ":" in str(settings.get("FunctionName")) else 64


def _number(at: str, value: Any, least: int, most: int) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int) or least <= value <= most:
        return
    bound = (
        f"greater than or equal to {least}" if value < least else f"less than or equal to {most}"
    )
    yield _fault(value, at, f"Member must have value {bound}")


def _text(at: str, value: Any, *, most: int, pattern: str = "") -> Iterator[str]:
    if not isinstance(value, str) or not value:  # that something is missing is moto's to say
        return
    if len(value) > most:
        yield _fault(value, at, f"Member must have length less than or equal to {most}")
    if pattern and not re.fullmatch(pattern, value):
        yield _fault(value, at, f"Member must satisfy regular expression pattern: {pattern}")


def _names(variables: Mapping[str, Any]) -> Iterator[str]:
    if not all(re.fullmatch(_VARIABLE, name) for name in variables):
        shown = "{" + ", ".join(f"{name}={value}" for name, value in variables.items()) + "}"
        yield _fault(
            shown,
            "environment.variables",
            "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: "
            f"{_VARIABLE}]",
        )


def _fault(value: Any, at: str, constraint: str) -> str:
    return f"Value '{value}' at '{at}' failed to satisfy constraint: {constraint}"


def _variables(settings: Settings) -> Mapping[str, Any]:
    environment = settings.get("Environment")
    variables = environment.get("Variables") if isinstance(environment, Mapping) else None
    return variables if isinstance(variables, Mapping) else {}


def _refused_variables(variables: Mapping[str, Any]) -> str | None:
    unable = (
        "Lambda was unable to configure your environment variables because the environment "
        "variables you have provided "
    )
    if reserved := [name for name in variables if name in _RESERVED]:
        return (
            f"{unable}contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > MOST_BYTES_OF_VARIABLES:
        return f"{unable}exceeded the 4KB limit. String measured: {measured}"
    return None
