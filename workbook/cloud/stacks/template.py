"""A template as text becomes a Template: JSON or YAML read, its outline checked.

What the text means (references, functions, conditions) is intrinsics.py's; in which order its
resources are made is plan.py's. See "Template anatomy" in the CloudFormation user guide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

from .documents import Document, load, malformed
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

# Given a transform's name, the document and the parameters' values; answers the document transformed.
Transform = Callable[[str, Document, Mapping[str, str]], Document]


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

    @property
    def macros(self) -> tuple[str, ...]:
        """The transforms that make a template into another one."""
        return tuple(name for name in self.transforms if name != LANGUAGE_EXTENSIONS)

    def section(self, name: str) -> dict[str, Any]:
        """Parameters, Mappings, Conditions or Outputs; empty where there is none."""
        found: dict[str, Any] = self.document.get(name) or {}
        return found

    @property
    def description(self) -> str | None:
        """The template's Description."""
        return self.document.get("Description")


def parse(
    body: str,
    types: Collection[str],
    transform: Transform | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Template:
    """Read a template and check what can be checked without parameters.

    Args:
        types: the resource types that can be made.
        transform: does what any Transform but AWS::LanguageExtensions asks for; without it, a
            template that names one stays as it is, and its types are not looked at.
        parameters: what transforms may read of the parameters' values.

    Raises:
        Refusal: it is no template, or it names what is not known.
    """
    document = load(body)
    transforms = _transforms(document)
    macros = [name for name in transforms if name != LANGUAGE_EXTENSIONS]
    if transform is not None:
        for name in macros:
            document = transform(name, document, parameters or {})
        macros = []
    _check_outline(document, macros)
    resources = {
        logical_id: _declaration(logical_id, entry)
        for logical_id, entry in document["Resources"].items()
    }
    unknown = sorted({entry.type for entry in resources.values()} - set(types))
    if unknown and not macros:
        raise malformed(f"Unrecognized resource types: [{', '.join(unknown)}]")
    extended = LANGUAGE_EXTENSIONS in transforms
    return Template(body, document, tuple(transforms), resources, extended)


def _transforms(document: Document) -> list[str]:
    declared = document.get("Transform", [])
    names = declared if isinstance(declared, list) else [declared]
    for name in names:
        if not isinstance(name, str):
            raise NotEmulated(Missing.TRANSFORM_PARAMETERS)
    return names


def _check_outline(document: Document, macros: Collection[str]) -> None:
    unknown = [name for name in document if name not in _SECTIONS]
    if unknown and not macros:  # a transform may have sections of its own, as SAM has Globals
        refused = [name for name in unknown if name in _NOT_EMULATED]
        if refused:
            raise NotEmulated(Missing.TEMPLATE_SECTIONS, refused[0])
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    if str(document.get("AWSTemplateFormatVersion", "2010-09-09")) != "2010-09-09":
        raise malformed("unsupported value for AWSTemplateFormatVersion.")
    for name in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs"):
        for key, entry in _mapping(document, name).items():
            if not str(key).isalnum():
                kind = name.removesuffix("s")
                raise malformed(f"{kind} name {key} is non alphanumeric.")
            if name != "Conditions" and not isinstance(entry, dict):
                raise malformed(f"[/{name}/{key}] must be an object.")
    for key, entry in _mapping(document, "Outputs").items():
        if not isinstance(entry.get("Condition", ""), str):
            raise malformed(f"[/Outputs/{key}/Condition] must be a string.")
    if not document.get("Resources"):
        raise malformed("At least one Resources member must be defined.")


def _mapping(document: Document, name: str) -> dict[str, Any]:
    section = document.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise malformed(f"[/{name}] must be an object.")
    return section


def _declaration(logical_id: str, entry: dict[str, Any]) -> Declaration:
    if not isinstance(entry.get("Type"), str):
        raise malformed(
            f"[/Resources/{logical_id}] Every Resources object must contain a Type member."
        )
    for name in entry:
        if name not in _ATTRIBUTES:
            raise invalid(f"Invalid template resource property '{name}'")
    for name in ("Properties", "Metadata"):
        if not isinstance(entry.get(name, {}), dict):
            raise malformed(f"[/Resources/{logical_id}/{name}] must be an object.")
    for attribute, allowed in _POLICIES.items():
        policy = entry.get(attribute, "Delete")
        if policy not in allowed:
            raise malformed(f"Unrecognized {attribute} {policy} for resource {logical_id}")
    depends = entry.get("DependsOn", [])
    if not isinstance(depends, str) and not _is_texts(depends):
        raise malformed(f"[/Resources/{logical_id}/DependsOn] must be a string or a list of them.")
    if not isinstance(entry.get("Condition", ""), str):
        raise malformed(f"[/Resources/{logical_id}/Condition] must be a string.")
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


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
