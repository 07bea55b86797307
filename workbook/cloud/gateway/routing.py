"""Which resource and method a request reaches.

In each segment a literal goes before a parameter, and both before a greedy `{proxy+}`; a resource
that lacks the method yields to the next one that has it (seen on AWS: OPTIONS /test reaches
`/{proxy+}` when `/test` has POST alone). A trailing slash is ignored; one inside a greedy value
stays. Values are handed on as they were sent, undecoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from workbook.cloud.gateway.model import ANY, InvalidApi, Method, Resource, RestApi

# ANY stands for these seven (page "Set up a method"): not for CONNECT, TRACE or inventions.
ANY_METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}


@dataclass(frozen=True)
class Match:
    """Where a request arrived."""

    resource: Resource
    method: Method
    path_parameters: dict[str, str]


@dataclass
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    parameter: tuple[str, _Node] | None = None
    greedy: tuple[str, Resource] | None = None
    resource: Resource | None = None


class Router:
    """An API's resources as a tree of path segments.

    Raises:
        InvalidApi: two different parameters side by side, which API Gateway refuses.
    """

    def __init__(self, api: RestApi) -> None:
        self._root = _Node()
        for resource in api.resources:
            self._add(resource)

    def match(self, method: str, path: str) -> Match | None:
        """Where `method path` arrives; None where API Gateway says Missing Authentication Token."""
        trimmed = path.strip("/")
        segments = trimmed.split("/") if trimmed else []
        for resource, values in _candidates(self._root, segments):
            found = _method(resource, method)
            if found is not None:
                return Match(resource, found, dict(values))
        return None

    def _add(self, resource: Resource) -> None:
        node = self._root
        for segment in [part for part in resource.path.split("/") if part]:
            if segment.startswith("{") and segment.endswith("+}"):
                _check_sibling(resource, segment, node.greedy and node.greedy[0])
                node.greedy = (segment[1:-2], resource)
                return
            node = _child(node, segment, resource)
        node.resource = resource


def _child(node: _Node, segment: str, resource: Resource) -> _Node:
    if not segment.startswith("{"):
        return node.literals.setdefault(segment, _Node())
    name = segment[1:-1]
    if node.parameter is None:
        node.parameter = (name, _Node())
    _check_sibling(resource, segment, node.parameter[0])
    return node.parameter[1]


def _check_sibling(resource: Resource, segment: str, sibling: str | None) -> None:
    if sibling is not None and sibling != segment.strip("{+}"):
        raise InvalidApi(
            f"Unable to create resource at path '{resource.path}': A sibling ({{{sibling}}}) of "
            "this resource already has a variable path part -- only one is allowed"
        )


def _candidates(
    node: _Node, segments: list[str]
) -> Iterator[tuple[Resource, tuple[tuple[str, str], ...]]]:
    if not segments:
        if node.resource is not None:
            yield node.resource, ()
        return
    head, rest = segments[0], segments[1:]
    literal = node.literals.get(unquote(head))
    if literal is not None:
        yield from _candidates(literal, rest)
    if node.parameter is not None and head:
        name, below = node.parameter
        for resource, values in _candidates(below, rest):
            yield resource, ((name, head), *values)
    if node.greedy is not None:
        name, resource = node.greedy
        yield resource, ((name, "/".join(segments)),)


def _method(resource: Resource, name: str) -> Method | None:
    if name in resource.methods:
        return resource.methods[name]
    return resource.methods.get(ANY) if name in ANY_METHODS else None
