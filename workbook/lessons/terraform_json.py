"""The Terraform JSON that `chalice package --pkg-format terraform` writes: read, checked, made current.

What it refers to is found without a terraform: `references` says what each place leads to, and
`dangling` which of them lead nowhere. `current` takes out what today's Terraform refuses. This is
no Terraform: it plans nothing and evaluates no expression.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.errors import UnknownName, WorkbookError

Configuration = dict[str, Any]

FILE = "chalice.tf.json"

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_TRAVERSAL = re.compile(rf"(?<![\w.\"-]){_NAME}(?:\.{_NAME})+")
_FOLDER = "${path.module}/"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
# https://developer.hashicorp.com/terraform/language/expressions/references
_ALWAYS_THERE = {"path", "terraform", "each", "count", "self"}
_SECTIONS = {"local": "locals", "var": "variable", "module": "module"}


@dataclass(frozen=True)
class Reference:
    """One `${…}` of a configuration.

    Attributes:
        where: the dotted path of the value that holds it: "resource.aws_lambda_function.tick.role".
        to: what it leads to, as Terraform addresses it: "aws_iam_role.default-role", "local.name",
            "data.aws_region.chalice", or a file: "./deployment.zip".
        attribute: what is asked of it: "arn"; empty for locals, variables and files.
    """

    where: str
    to: str
    attribute: str = ""

    def __str__(self) -> str:
        asked = f".{self.attribute}" if self.attribute else ""
        return f"{self.where} → {self.to}{asked}"


def read(folder: Path | str) -> Configuration:
    """The configuration in the folder that `chalice package` was given.

    Raises:
        UnknownName: there is no chalice.tf.json in it.
        WorkbookError: it is not JSON, or not an object.
    """
    file = Path(folder) / FILE
    try:
        configuration = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnknownName(
            f"There is no {FILE} in {Path(folder).name}.",
            "Write it with: chalice package --pkg-format terraform FOLDER",
        ) from None
    except ValueError as error:
        raise WorkbookError(
            f"{file.name} is not JSON: {error}.", "Package the app again."
        ) from None
    if not isinstance(configuration, dict):
        raise WorkbookError(f"{file.name} holds no JSON object.", "Package the app again.")
    return configuration


def references(configuration: Configuration) -> list[Reference]:
    """Every reference, in the order of the file.

    A value that is JSON in a string (Chalice's Swagger is) is looked through as well.
    """
    return [
        reference
        for where, text in _texts(configuration, ())
        for reference in _references_in(where, text)
    ]


def dangling(configuration: Configuration, folder: Path | str) -> list[Reference]:
    """The references that lead nowhere: to nothing that the configuration has, or to no file.

    Args:
        configuration: what `read` gave.
        folder: where its files lie, `${path.module}` in its expressions.
    """
    return [
        reference
        for reference in references(configuration)
        if not _leads_somewhere(reference, configuration, Path(folder))
    ]


def current(configuration: Configuration) -> Configuration:
    """A copy that today's Terraform, and version 5 of its AWS provider, take.

    Chalice pins versions that are no longer to be had, and keeps the app's and the stage's name in a
    data source of a provider of its own. The pins go, and the names become locals.
    """
    changed = copy.deepcopy(configuration)
    changed["terraform"] = {"required_providers": {"aws": {"source": "hashicorp/aws"}}}
    names = changed.get("data", {}).pop("null_data_source", {})
    for name, source in names.items():
        for key, value in source["inputs"].items():
            changed.setdefault("locals", {})[f"{name}_{key}"] = value
    return _with_locals_for(changed, names)


def _with_locals_for(value: Any, sources: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _with_locals_for(item, sources) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_locals_for(item, sources) for item in value]
    if isinstance(value, str):
        for name in sources:
            value = value.replace(f"data.null_data_source.{name}.outputs.", f"local.{name}_")
    return value


def _texts(value: Any, where: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*where, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*where, str(index)))
    elif isinstance(value, str):
        yield ".".join(where), value


def _expressions(text: str) -> Iterator[str]:
    """What stands in each `${…}`, outermost first; `$${` is a dollar sign and a brace."""
    start = text.find("${")
    while start != -1:
        if text[start - 1 : start] == "$":
            start = text.find("${", start + 2)
            continue
        depth, end = 1, start + 2
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield text[start + 2 : end - 1]
        start = text.find("${", end)


def _references_in(where: str, text: str) -> Iterator[Reference]:
    if text.startswith(_FOLDER):
        yield Reference(where, "./" + text.removeprefix(_FOLDER))
        return
    for expression in _expressions(text):
        for quoted in _STRING.findall(expression):
            yield from _references_in(where, quoted[1:-1])
        for found in _TRAVERSAL.findall(_STRING.sub('""', expression)):
            kind, *_ = parts = found.split(".")
            length = 3 if kind == "data" else 2
            if kind not in _ALWAYS_THERE:
                yield Reference(where, ".".join(parts[:length]), ".".join(parts[length:]))


def _leads_somewhere(reference: Reference, configuration: Configuration, folder: Path) -> bool:
    if reference.to.startswith("./"):
        return (folder / reference.to).is_file()
    kind, *rest = reference.to.split(".")
    if kind in _SECTIONS:
        return rest[0] in configuration.get(_SECTIONS[kind], {})
    section = configuration.get("data" if kind == "data" else "resource", {})
    path = rest if kind == "data" else [kind, *rest]
    return len(path) == 2 and path[1] in section.get(path[0], {})
