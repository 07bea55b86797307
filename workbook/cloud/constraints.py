"""What the input of an operation may hold: members of enumerations, numbers, true and false.

moto takes most of what it is sent; AWS refuses "BOGUS" where its model lists what there is. The
same models come with botocore. Here they are read once for each service, and of them is kept what
can be wrong in the calls that create or change something. front.py asks before moto is; the calls
that data comes by (PutItem, PutEvents) are left to moto. malformed.py has what cannot be read at
all. API Gateway's patches say numbers as text, and have rules of their own here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from workbook.cloud.answer import Answer, service_error
from workbook.cloud.calls import AwsCall, description, operation_name

_CHECKED = {"apigateway", "apigatewayv2", "dynamodb", "events", "kinesis", "lambda"}
_CHECKED |= {"logs", "secretsmanager", "ssm"}
_CHANGES = re.compile(r"(Add|Create|Import|Increase|Decrease|Put|Register|Start|Tag|Update)[A-Z].*")
_DATA = {"PutEvents", "PutItem", "PutLogEvents", "PutRecord", "PutRecords", "UpdateItem"}
_CODES = {"apigatewayv2": "BadRequestException", "logs": "InvalidParameterException"}
_SCALARS: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
}
_AUTHORIZATIONS = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")  # no enumeration in its model
_NUMBERS = re.compile(
    r".*/(burstLimit|rateLimit)|/quota/(limit|offset)|/authorizerResultTtlInSeconds"
    r"|/timeoutInMillis|/minimumCompressionSize"
)
_ELSEWHERE = {"Runtime"}  # of functions, some retired: seams/awslambda.py
_BAD = "BadRequestException"


@dataclass(frozen=True)
class _Shape:
    """What a value may be; None in the place of one stands for anything.

    Args:
        members: of a structure, by their names in JSON; what is not listed may be anything.
        each: of a list or a map.
    """

    kind: str
    enumeration: tuple[str, ...] = ()
    members: Mapping[str, _Shape] = field(default_factory=dict)
    each: _Shape | None = None


def refused(call: AwsCall, parameters: Mapping[str, Any]) -> Answer | None:
    """AWS's refusal of a call that says what there is not; None when it says nothing of the kind.

    Args:
        parameters: its body.
    """
    if call.service not in _CHECKED or call.method not in ("POST", "PUT", "PATCH"):
        return None
    name = operation_name(call)
    if name in _DATA or not _CHANGES.fullmatch(name):
        return None
    if call.service == "apigateway" and (told := _of_apis(name, parameters)):
        return _refusal(call, _BAD, told)
    shape = _shapes(call.service).get(name)
    for fault in _faults(shape, parameters, ()) if shape else ():
        return fault.answer(call, name)
    return None


@dataclass(frozen=True)
class _Fault:
    path: tuple[str, ...]
    value: Any
    shape: _Shape

    def answer(self, call: AwsCall, operation: str) -> Answer:
        if not self.shape.enumeration:
            told = f"{_kind(self.value)} can not be converted to {self.shape.kind.title()}"
            return _refusal(call, "SerializationException", told)
        path = ".".join(name[:1].lower() + name[1:] for name in self.path)
        may_be = f"Member must satisfy enum value set: [{', '.join(self.shape.enumeration)}]"
        if call.service == "apigateway":
            path = f"{operation[0].lower()}{operation[1:]}Input.{path}"
        told = (
            f"1 validation error detected: Value '{self.value}' at '{path}' failed to satisfy"
            f" constraint: {may_be}"
        )
        return _refusal(call, _CODES.get(call.service, "ValidationException"), told)


def _kind(value: Any) -> str:
    """What AWS's parsers call a value that is no list and no object."""
    if isinstance(value, bool):
        return f"{value}_VALUE".upper()
    return "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"


def _faults(shape: _Shape | None, value: Any, path: tuple[str, ...]) -> Iterator[_Fault]:
    """What is wrong in a value; of another kind altogether is malformed.py's."""
    if shape is None or value is None:
        return
    if shape.enumeration:
        if isinstance(value, str) and value not in shape.enumeration:
            yield _Fault(path, value, shape)
    elif shape.kind in _SCALARS:
        fits = isinstance(value, _SCALARS[shape.kind])
        if not isinstance(value, (dict, list)) and (
            not fits or isinstance(value, bool) != (shape.kind == "boolean")
        ):
            yield _Fault(path, value, shape)
    elif shape.kind == "list" and isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from _faults(shape.each, each, (*path, str(number), "member"))
    elif shape.kind == "map" and isinstance(value, dict):
        for name, each in value.items():
            yield from _faults(shape.each, each, (*path, name, "member"))
    elif isinstance(value, dict):
        for name, member in shape.members.items():
            yield from _faults(member, value.get(name), (*path, name))


def _of_apis(operation: str, parameters: Mapping[str, Any]) -> str | None:
    """What is wrong in a call to API Gateway that its model does not tell."""
    if operation == "PutMethod":
        return _authorization(parameters.get("authorizationType"))
    patches = parameters.get("patchOperations")
    for patch in patches if isinstance(patches, list) else ():
        if not isinstance(patch, dict):
            continue
        path, value = str(patch.get("path", "")), patch.get("value")
        if operation == "UpdateMethod" and path == "/authorizationType":
            return _authorization(value)
        if value and _NUMBERS.fullmatch(path) and not _is_number(value):
            return f"Invalid patch value '{value}' specified for '{path}'. Must be a number"
    return None


def _authorization(kind: Any) -> str | None:
    if kind is None or kind in _AUTHORIZATIONS:
        return None
    return f"Invalid authorization type specified: {kind}"


def _is_number(text: Any) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", str(text)) is not None


def _refusal(call: AwsCall, code: str, told: str) -> Answer:
    return service_error(code, told, 400, service=call.service, form=False)


@cache
def _shapes(service: str) -> dict[str, _Shape]:
    """Of each operation that creates or changes something, what its body may be."""
    model = description(service)
    found = {}
    for name, operation in model["operations"].items():
        if _CHANGES.fullmatch(name) and name not in _DATA and "input" in operation:
            shape = _shape(model["shapes"], operation["input"]["shape"], ())
            if shape is not None:
                found[name] = shape
    return found


def _shape(shapes: Mapping[str, Any], name: str, above: tuple[str, ...]) -> _Shape | None:
    """None where nothing that is looked for can be found, nor where a shape holds itself."""
    shape = shapes[name]
    kind = shape["type"]
    if name in above:
        return None
    above = (*above, name)
    if kind == "string":
        listed = "enum" in shape and name not in _ELSEWHERE
        return _Shape(kind, tuple(shape["enum"])) if listed else None
    if kind in _SCALARS:
        return _Shape(kind)
    if kind in ("list", "map"):
        part = shape["member" if kind == "list" else "value"]
        each = _shape(shapes, part["shape"], above)
        return each and _Shape(kind, each=each)
    members = {
        member.get("locationName", key): part
        for key, member in shape.get("members", {}).items()
        if "location" not in member
        if (part := _shape(shapes, member["shape"], above)) is not None
    }
    return _Shape(kind, members=members) if members else None
