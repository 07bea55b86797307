"""The query protocol: form fields in, XML out, both shaped by botocore's model of CloudFormation.

Nothing here knows what an operation does. The protocol is the one of "Making API requests" in
the CloudFormation API reference: `Parameters.member.1.ParameterKey=…` in a form, an
`<ActionResponse>` with an `<ActionResult>` back, an `<ErrorResponse>` where it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from .errors import Refusal, invalid

VERSION = "2010-05-15"
_NAMESPACE = f"http://cloudformation.amazonaws.com/doc/{VERSION}/"
Form = Mapping[str, str]


@cache
def service() -> ServiceModel:
    """botocore's description of every operation and shape."""
    return ServiceModel(Loader().load_service_model("cloudformation", "service-2"))


def operation(form: Form) -> OperationModel:
    """Which operation a form asks for.

    Raises:
        Refusal: CloudFormation has no such operation.
    """
    name = form.get("Action", "")
    if name not in service().operation_names:
        raise Refusal("InvalidAction", f"Could not find operation {name} for version {VERSION}")
    return service().operation_model(name)


def read(operation: OperationModel, form: Form) -> dict[str, Any]:
    """An operation's parameters as boto3 would write them.

    Raises:
        Refusal: one that it needs is missing.
    """
    shape = operation.input_shape
    parameters = {} if shape is None else _read_structure(shape, form, "")
    _check_required(shape, parameters)
    return parameters


def result(operation: OperationModel, value: Mapping[str, Any], request_id: str) -> bytes:
    """The answer of a call that went well; keys whose value is None are left out."""
    root = ET.Element(f"{operation.name}Response", xmlns=_NAMESPACE)
    shape = operation.output_shape
    if shape is not None:
        inner = ET.SubElement(root, shape.serialization["resultWrapper"])
        _write_structure(shape, value, inner)
    ET.SubElement(ET.SubElement(root, "ResponseMetadata"), "RequestId").text = request_id
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def error(refusal: Refusal, request_id: str) -> bytes:
    """The answer of a call that was refused."""
    root = ET.Element("ErrorResponse", xmlns=_NAMESPACE)
    inner = ET.SubElement(root, "Error")
    ET.SubElement(inner, "Type").text = "Sender" if refusal.status < 500 else "Receiver"
    ET.SubElement(inner, "Code").text = refusal.code
    ET.SubElement(inner, "Message").text = refusal.message
    ET.SubElement(root, "RequestId").text = request_id
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _read(shape: Shape, form: Form, prefix: str) -> Any:
    if isinstance(shape, StructureShape):
        return _read_structure(shape, form, prefix + ".")
    if isinstance(shape, ListShape):
        return _read_list(shape, form, f"{prefix}.member.")
    text = form.get(prefix)
    if text is None or shape.type_name == "string":
        return text
    if shape.type_name == "boolean":
        return text == "true"
    return int(text)  # the only other kind among CloudFormation's inputs


def _read_structure(shape: StructureShape, form: Form, prefix: str) -> dict[str, Any]:
    members = {name: _read(member, form, prefix + name) for name, member in shape.members.items()}
    return {name: value for name, value in members.items() if value not in (None, {})}


def _read_list(shape: ListShape, form: Form, prefix: str) -> list[Any] | None:
    numbers = {
        int(number)
        for key in form
        if key.startswith(prefix) and (number := key[len(prefix) :].partition(".")[0]).isdigit()
    }
    if not numbers:
        empty = form.get(prefix.removesuffix(".member.")) == ""  # botocore's empty list
        return [] if empty else None
    return [_read(shape.member, form, f"{prefix}{number}") for number in sorted(numbers)]


def _check_required(shape: StructureShape | None, parameters: Mapping[str, Any]) -> None:
    missing = [name for name in (shape.required_members if shape else ()) if name not in parameters]
    if missing:
        plural = "s" if len(missing) > 1 else ""
        wrong = "; ".join(
            f"Value null at '{name[0].lower()}{name[1:]}' failed to satisfy constraint: "
            "Member must not be null"
            for name in missing
        )
        raise invalid(f"{len(missing)} validation error{plural} detected: {wrong}")


def _write(shape: Shape, value: Any, node: ET.Element) -> None:
    if isinstance(shape, StructureShape):
        _write_structure(shape, value, node)
    elif isinstance(shape, ListShape):
        for item in value:
            _write(shape.member, item, ET.SubElement(node, "member"))
    elif isinstance(shape, MapShape):
        raise TypeError(f"no answer of this service is known to hold a map: {shape.name}")
    else:
        node.text = _text(value)


def _write_structure(shape: StructureShape, value: Mapping[str, Any], node: ET.Element) -> None:
    unknown = set(value) - set(shape.members)
    if unknown:
        raise TypeError(f"{shape.name} has no {', '.join(sorted(unknown))}")
    for name, member in shape.members.items():
        if value.get(name) is not None:
            _write(member, value[name], ET.SubElement(node, name))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value)
