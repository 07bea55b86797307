"""Chapter 01's server: a program that answers with a Chalice app's own views, without Chalice.

`wsgi_server.serve` runs it in a project's folder; nothing imports it. It prints its port, and then
answers one request after another, as a WSGI server with one worker does.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterable
from typing import Any
from wsgiref.simple_server import make_server

sys.path[0] = os.getcwd()  # a program's own folder comes first: here, the project's
VIEWS = {
    path: methods["GET"].view_function
    for path, methods in importlib.import_module("app").app.routes.items()
}


def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Call the view that the path names; its dict is the body."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(VIEWS[environ["PATH_INFO"]]()).encode()]


with make_server("127.0.0.1", 0, answer) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
