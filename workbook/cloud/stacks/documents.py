"""A template's text, JSON or YAML, as a document: what both forms have in common.

See "Template format" in the CloudFormation user guide. Short tags (!Ref, !Sub) become what they
are short for; what the document means is template.py's.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

import yaml

from .errors import Refusal, invalid

Document = dict[str, Any]


def malformed(what: str) -> Refusal:
    """A template that cannot be read as one."""
    return invalid(f"Template format error: {what}")


def load(body: str) -> Document:
    """Read a template's text.

    Raises:
        Refusal: it is neither JSON nor YAML, or no object.
    """
    if body.lstrip().startswith("{"):
        try:
            document = json.loads(body)
        except json.JSONDecodeError as wrong:
            raise malformed(
                f"JSON not well-formed. (line {wrong.lineno}, column {wrong.colno})"
            ) from None
    else:
        document = _load_yaml(body)
    if not isinstance(document, dict):
        raise malformed("unsupported structure.")
    return document


def _load_yaml(body: str) -> Any:
    with contextlib.suppress(yaml.YAMLError):
        return yaml.load(body, _FastLoader)
    try:  # once more, for the place: libyaml's is another than the one that has the mistake
        return yaml.load(body, _Loader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise malformed(f"YAML not well-formed.{where}") from None
    except yaml.YAMLError:
        raise malformed("YAML not well-formed.") from None


_RESOLVERS = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: short tags are functions, dates stay text."""

    yaml_implicit_resolvers = _RESOLVERS


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same by libyaml, where PyYAML has it: ten times as fast."""

    yaml_implicit_resolvers = _RESOLVERS


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


for _each in (_Loader, _FastLoader):
    _each.add_multi_constructor("!", _short_form)
