"""Which operation a REST-like request is, and what its path, query and headers say.

Read from botocore's models, as clients write requests from them: method, path, the query that an
operation always carries, and the parameters it requires there or in headers, which alone tell
UploadPart from PutObject and CopyObject from both. Bodies are requests.py's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

QueryString = Mapping[str, list[str]]
Headers = Mapping[str, str]  # names in lower case

_LABEL = re.compile(r"\\{([\w\\-]+?)(\\\+)?\\}")


@dataclass(frozen=True)
class Route:
    """How one operation is asked for.

    Args:
        path: groups are named after the members of its input.
        constants: the query that names the operation, as "?list-type=2".
        query: members that the query carries, by the query's name for them.
        headers: likewise; names in lower case.
        needs_query: names without which it is another operation.
    """

    operation: str
    method: str
    path: re.Pattern[str]
    constants: QueryString
    query: Mapping[str, str]
    headers: Mapping[str, str]
    needs_query: frozenset[str]
    needs_headers: frozenset[str]

    def parameters(
        self, method: str, path: str, query: QueryString, headers: Headers
    ) -> dict[str, str] | None:
        """The members of the input, as far as the request's head has them; None if it is another.

        Args:
            path: decoded.
            query: with names that have no value.
        """
        found = self.path.fullmatch(path) if method == self.method else None
        if found is None or not self._asked_by(query) or not self.needs_headers <= headers.keys():
            return None
        parameters = {k: v for k, v in found.groupdict().items() if v is not None}
        for names, values in (
            (self.query, {n: v[0] for n, v in query.items()}),
            (self.headers, headers),
        ):
            parameters.update({names[n]: v for n, v in values.items() if n in names})
        return parameters

    def _asked_by(self, query: QueryString) -> bool:
        constant = all(
            name in query and values in ([""], query[name])
            for name, values in self.constants.items()
        )
        return constant and self.needs_query <= query.keys()

    @property
    def weight(self) -> tuple[int, int, int]:
        """Of two that fit a request, the heavier is meant."""
        literal = len(re.sub(r"\(\?P<\w+>[^)]*\)", "", self.path.pattern))
        return len(self.constants), len(self.needs_query | self.needs_headers), literal


@cache
def routes(service: str) -> tuple[Route, ...]:
    """A service's operations, the most particular first. `service` is botocore's name for it."""
    from botocore.loaders import Loader  # type: ignore[import-untyped]  # slow
    from botocore.model import ServiceModel  # type: ignore[import-untyped]

    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    found = [_route(model.operation_model(name)) for name in model.operation_names]
    return tuple(sorted(found, key=lambda route: route.weight, reverse=True))


def _route(operation: Any) -> Route:
    uri, _, query = operation.http["requestUri"].partition("?")
    places: dict[str, dict[str, str]] = {"querystring": {}, "header": {}, "uri": {}}
    members = operation.input_shape.members if operation.input_shape else {}
    required = set(operation.input_shape.required_members) if operation.input_shape else set()
    for member, shape in members.items():
        place = places.get(shape.serialization.get("location", ""))
        if place is not None:
            place[shape.serialization.get("name", member)] = member
    pattern = _LABEL.sub(lambda label: _group(label, places["uri"]), re.escape(uri))
    headers = {name.lower(): member for name, member in places["header"].items()}
    return Route(
        operation=operation.name,
        method=operation.http["method"],
        path=re.compile(pattern + "/?", re.DOTALL),
        constants=parse_qs(query, keep_blank_values=True),
        query=places["querystring"],
        headers=headers,
        needs_query=frozenset(n for n, m in places["querystring"].items() if m in required),
        needs_headers=frozenset(n for n, m in headers.items() if m in required),
    )


def _group(label: re.Match[str], members: Mapping[str, str]) -> str:
    member = members[label[1].replace("\\", "")]
    return f"(?P<{member}>.+)" if label[2] else f"(?P<{member}>[^/]+)"
