"""Bodies that cannot be read as what their operation takes, and AWS's answers to them.

boto3 checks what it sends, so only those who write HTTP themselves come here. A body that is no
JSON is refused before anything else; whether a body has the shape of its operation's input, as
botocore's model has it, is looked at only when something has failed on it: a 500 is ours to
answer for, and this is not. What is well formed and wrong is for the services to say.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from workbook.cloud.answer import Answer, service_error
from workbook.cloud.calls import MODEL_OF, AwsCall, operation_name

SERIALIZATION = "SerializationException"
_SYNTAX = "Could not parse request body into json"
_NO_JSON = object()
_XML = "The XML you provided was not well-formed or did not validate against our published schema"
_SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float, str),
}


def refused_unread(call: AwsCall, body: bytes) -> Answer | None:
    """The answer to a body that is no JSON object; None when it is one.

    Args:
        call: of a service that names its operations in a header, and so speaks JSON.
    """
    return None if isinstance(_parsed(body), dict) else _refusal(call, SERIALIZATION, _SYNTAX)


def blamed(call: AwsCall, environ: Mapping[str, Any], failure: Exception) -> Answer | None:
    """The answer to a body on which something has failed; None when the body is not to blame."""
    if call.service == "s3":
        broken = isinstance(failure, (ExpatError, ParseError))
        return _refusal(call, "MalformedXML", _XML) if broken else None
    shape, body = _input_shape(call), environ["wsgi.input"]
    if shape is None or not isinstance(body, io.BytesIO):
        return None
    parsed = _parsed(body.getvalue() or b"{}")
    if not isinstance(parsed, dict):
        code = "InvalidRequestContentException" if call.service == "lambda" else SERIALIZATION
        return _refusal(call, code, _SYNTAX)
    fault = _fault(shape, parsed)
    if fault is not None:
        return _refusal(call, SERIALIZATION, fault)
    missing = _missing(shape, parsed)
    return _refusal(call, "ValidationException", missing) if missing else None


def _refusal(call: AwsCall, code: str, told: str) -> Answer:
    return service_error(code, told, 400, service=call.service, form=False)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:  # UnicodeDecodeError is one too
        return _NO_JSON


@cache
def _model(service: str) -> Any:
    from botocore.exceptions import UnknownServiceError  # type: ignore[import-untyped]  # slow
    from botocore.loaders import Loader  # type: ignore[import-untyped]
    from botocore.model import ServiceModel  # type: ignore[import-untyped]

    try:
        return ServiceModel(Loader().load_service_model(service, "service-2"), service)
    except UnknownServiceError:
        return None


def _input_shape(call: AwsCall) -> Any:
    """What the body of an operation is; None where it is not JSON, or not known."""
    model = _model(MODEL_OF.get(call.service, call.service))
    name = operation_name(call)
    if model is None or name not in model.operation_names or "json" not in model.protocol:
        return None
    shape = model.operation_model(name).input_shape
    return None if shape is None or shape.serialization.get("payload") else shape


def _fault(shape: Any, value: Any) -> str | None:
    """What in a value has another type than it should, in the words of AWS's parsers."""
    if value is None:
        return None
    if shape.type_name in _SCALARS:
        return _scalar_fault(shape.type_name, value)
    wanted = list if shape.type_name == "list" else dict
    if not isinstance(value, wanted):
        return _unexpected(value)
    faults = (_fault(part, each) for part, each in _parts(shape, value))
    return next((fault for fault in faults if fault), None)


def _scalar_fault(kind: str, value: Any) -> str | None:
    fits = isinstance(value, _SCALARS[kind]) and (kind == "boolean") == isinstance(value, bool)
    if fits or isinstance(value, (dict, list)):
        return None if fits else _unexpected(value)
    found: dict[type, str] = {bool: "TRUE_VALUE" if value else "FALSE_VALUE", str: "STRING_VALUE"}
    return f"{found.get(type(value), 'NUMBER_VALUE')} can not be converted to {kind.title()}"


def _unexpected(value: Any) -> str:
    kinds: dict[type, str] = {dict: "structure or map", list: "list"}
    kind = kinds.get(type(value))
    return f"Start of {kind} found where not expected" if kind else "Unexpected field type"


def _parts(shape: Any, value: Any) -> list[tuple[Any, Any]]:
    if shape.type_name == "list":
        return [(shape.member, each) for each in value]
    if shape.type_name == "map":
        return [(shape.value, each) for each in value.values()]
    return [
        (member, value[member.serialization.get("name", name)])
        for name, member in shape.members.items()
        if member.serialization.get("name", name) in value
    ]


def _missing(shape: Any, value: Mapping[str, Any]) -> str | None:
    for name in shape.required_members:
        serialization = shape.members[name].serialization
        if "location" not in serialization and value.get(serialization.get("name", name)) is None:
            shown = name[0].lower() + name[1:]
            return (
                f"1 validation error detected: Value null at '{shown}' failed to satisfy "
                "constraint: Member must not be null"
            )
    return None
