"""A template as text becomes a Template: JSON or YAML read, its outline checked.

What the text means (references, functions, conditions) is intrinsics.py's; in which order its
resources are made is plan.py's. See "Template anatomy" in the CloudFormation user guide.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import yaml

from .errors import invalid

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
_SECTIONS = (
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
    "Transform",
)
_NOT_EMULATED = ("Rules", "Hooks")
_ATTRIBUTES = (
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
)
_POLICIES = {
    "DeletionPolicy": ("Delete", "Retain", "RetainExceptOnCreate"),
    "UpdateReplacePolicy": ("Delete", "Retain"),
}

Document = dict[str, Any]
# Given a transform's name and the document; answers the document transformed.
Transform = Callable[[str, Document], Document]


@dataclass(frozen=True)
class Declaration:
    """One entry of Resources, its properties not yet resolved."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    metadata: Mapping[str, Any] | None = None
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"


@dataclass(frozen=True)
class Template:
    """A template whose outline is sound.

    Args:
        body: as it was given.
        document: after its transforms.
        transforms: the names under Transform.
    """

    body: str
    document: Document
    transforms: tuple[str, ...]
    resources: Mapping[str, Declaration]
    language_extensions: bool = field(default=False)

    def section(self, name: str) -> dict[str, Any]:
        """Parameters, Mappings, Conditions or Outputs; empty where there is none."""
        found: dict[str, Any] = self.document.get(name) or {}
        return found

    @property
    def description(self) -> str | None:
        """The template's Description."""
        return self.document.get("Description")


def no_transform(name: str, document: Document) -> Document:
    """The transform of a cloud that knows none."""
    raise invalid(f"No transform named {name} found.")


def parse(body: str, types: Collection[str], transform: Transform = no_transform) -> Template:
    """Read a template and check what can be checked without parameters.

    Args:
        types: the resource types that can be made.
        transform: does what any Transform but AWS::LanguageExtensions asks for.

    Raises:
        Refusal: it is no template, or it names what is not known.
    """
    document = _load(body)
    transforms = _transforms(document)
    for name in transforms:
        if name != LANGUAGE_EXTENSIONS:
            document = transform(name, document)
    _check_outline(document)
    resources = {
        logical_id: _declaration(logical_id, entry)
        for logical_id, entry in document["Resources"].items()
    }
    unknown = sorted({entry.type for entry in resources.values()} - set(types))
    if unknown:
        raise _malformed(f"Unrecognized resource types: [{', '.join(unknown)}]")
    extended = LANGUAGE_EXTENSIONS in transforms
    return Template(body, document, tuple(transforms), resources, extended)


def _malformed(what: str) -> Exception:
    return invalid(f"Template format error: {what}")


def _transforms(document: Document) -> list[str]:
    declared = document.get("Transform", [])
    names = declared if isinstance(declared, list) else [declared]
    for name in names:
        if not isinstance(name, str):
            raise invalid("Transforms with parameters are not emulated; name them as strings.")
    return names


def _check_outline(document: Document) -> None:
    unknown = [name for name in document if name not in _SECTIONS]
    if unknown:
        refused = [name for name in unknown if name in _NOT_EMULATED]
        if refused:
            raise invalid(f"The local cloud does not emulate the section {refused[0]}")
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    if str(document.get("AWSTemplateFormatVersion", "2010-09-09")) != "2010-09-09":
        raise _malformed("unsupported value for AWSTemplateFormatVersion.")
    for name in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs"):
        for key, entry in _mapping(document, name).items():
            if not str(key).isalnum():
                kind = name.removesuffix("s")
                raise _malformed(f"{kind} name {key} is non alphanumeric.")
            if name != "Conditions" and not isinstance(entry, dict):
                raise _malformed(f"[/{name}/{key}] must be an object.")
    if not document.get("Resources"):
        raise _malformed("At least one Resources member must be defined.")


def _mapping(document: Document, name: str) -> dict[str, Any]:
    section = document.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise _malformed(f"[/{name}] must be an object.")
    return section


def _declaration(logical_id: str, entry: dict[str, Any]) -> Declaration:
    if not isinstance(entry.get("Type"), str):
        raise _malformed(
            f"[/Resources/{logical_id}] Every Resources object must contain a Type member."
        )
    for name in entry:
        if name not in _ATTRIBUTES:
            raise invalid(f"Invalid template resource property '{name}'")
    for attribute, allowed in _POLICIES.items():
        policy = entry.get(attribute, "Delete")
        if policy not in allowed:
            raise _malformed(f"Unrecognized {attribute} {policy} for resource {logical_id}")
    depends = entry.get("DependsOn", [])
    return Declaration(
        logical_id=logical_id,
        type=entry["Type"],
        properties=entry.get("Properties") or {},
        depends_on=(depends,) if isinstance(depends, str) else tuple(depends),
        condition=entry.get("Condition"),
        metadata=entry.get("Metadata"),
        deletion_policy=entry.get("DeletionPolicy", "Delete"),
        update_replace_policy=entry.get("UpdateReplacePolicy", "Delete"),
    )


def _load(body: str) -> Document:
    if body.lstrip().startswith("{"):
        try:
            document = json.loads(body)
        except json.JSONDecodeError as wrong:
            raise _malformed(
                f"JSON not well-formed. (line {wrong.lineno}, column {wrong.colno})"
            ) from None
    else:
        document = _load_yaml(body)
    if not isinstance(document, dict):
        raise _malformed("unsupported structure.")
    return document


def _load_yaml(body: str) -> Any:
    try:
        return yaml.load(body, _Loader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise _malformed(f"YAML not well-formed.{where}") from None
    except yaml.YAMLError:
        raise _malformed("YAML not well-formed.") from None


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: short tags are functions, dates stay text."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Document:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)
