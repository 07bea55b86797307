"""Which deployed API a request is for, by its path or by its host.

/_aws/execute-api/{api}/{stage}/…              http://{api}.execute-api.localhost:PORT/{stage}/…
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# All below /_aws/execute-api is API Gateway's, whether or not it names an API and a stage: else
# who forgets the stage would be told by S3 of a bucket called _aws.
_PATH = re.compile(
    r"/_aws/execute-api(/(?P<api>[^/]*)(/(?P<stage>[^/]*)(?P<rest>/.*)?)?)?", re.DOTALL
)
_HOST = re.compile(r"(?P<api>[^.]+)\.execute-api\.localhost(?::\d+)?")
_CONNECTION = re.compile(r"/@connections/(?P<id>[^/]+)/?")


@dataclass(frozen=True)
class CalledApi:
    """A request's place in a deployed API.

    Args:
        root: what its path begins with, up to the stage.
        connection: of a request about a WebSocket connection, the connection's id; else "".
    """

    api: str
    stage: str
    root: str
    connection: str


def called_api(environ: Mapping[str, Any]) -> CalledApi | None:
    """The API that a WSGI request is for; None when it is for none."""
    path = environ["PATH_INFO"]
    found = _PATH.fullmatch(path)
    if found is not None:
        api, stage, rest = (found[name] or "" for name in ("api", "stage", "rest"))
        return CalledApi(api, stage, f"/_aws/execute-api/{api}/{stage}", _connection(rest))
    host = _HOST.fullmatch(environ.get("HTTP_HOST", ""))
    if host is None:
        return None
    stage, _, rest = path.lstrip("/").partition("/")
    return CalledApi(host["api"], stage, f"/{stage}", _connection(f"/{rest}"))


def _connection(rest: str) -> str:
    found = _CONNECTION.fullmatch(rest)
    return found["id"] if found else ""
