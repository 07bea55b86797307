"""What becomes of an app's decorators: read from the app, and from Chalice's own packager.

`views_of(app)` follows every route from its source to what deploying would create; nothing is
created and nothing leaves this machine. The result is plain data, which
`workbook.panels.four_views` draws.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import json
import re
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.session import Session  # type: ignore[import-untyped]
from chalice import Chalice
from chalice.app import RouteEntry
from chalice.awsclient import TypedAWSClient
from chalice.config import Config
from chalice.package import PackageOptions, create_app_packager

REGION = "us-east-1"
_API = "AWS::Serverless::Api"
_FUNCTION = "AWS::Serverless::Function"


def views_of(app: Chalice) -> dict[str, Any]:
    """The app's routes as source, routing table, Swagger and what deploying would create.

    Returns:
        app_name; routes, in the table's order, each with method, path, source, table, swagger and
        target, the function that answers; created, each with name, type and says.
    """
    resources = sam_template(app)["Resources"]
    (api,) = (made for made in resources.values() if made["Type"] == _API)
    paths = api["Properties"]["DefinitionBody"]["paths"]
    return {
        "app_name": app.app_name,
        "routes": [
            _route_view(entry, paths[path][method.lower()])
            for path, methods in app.routes.items()
            for method, entry in methods.items()
        ],
        "created": sorted(
            (_created(name, made) for name, made in resources.items()),
            key=lambda each: (each["type"] != _API, each["type"] != _FUNCTION),
        ),
    }


def sam_template(app: Chalice) -> dict[str, Any]:
    """The template that `chalice package` writes for an app whose code is this app's routes."""
    with tempfile.TemporaryDirectory() as folder:
        project, out = Path(folder, "project"), Path(folder, "out")
        project.mkdir()
        (project / "app.py").touch()  # Chalice reads it for the policy; the app is in memory
        (project / "requirements.txt").touch()
        config = Config(
            user_provided_params={"chalice_app": app},
            default_params={
                "app_name": app.app_name,
                "project_dir": str(project),
                "api_gateway_stage": "api",
                "api_gateway_endpoint_type": "EDGE",
                "autogen_policy": True,
            },
        )
        session = Session()
        session.set_config_variable("region", REGION)
        session.set_credentials("unused", "unused")  # or botocore asks the network for some
        options = PackageOptions(TypedAWSClient(session))
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            packager = create_app_packager(config, options)
            packager.package_app(config, str(out), "dev")
        template: dict[str, Any] = json.loads((out / "sam.json").read_text())
        return template


def _route_view(entry: RouteEntry, operation: dict[str, Any]) -> dict[str, str]:
    integration = operation["x-amazon-apigateway-integration"]
    function = re.findall(r"\$\{(\w+)\.Arn\}", integration["uri"]["Fn::Sub"])[0]
    parameters = [f"{each['name']} ({each['in']})" for each in operation.get("parameters", [])]
    swagger = [
        f"{entry.uri_pattern}:",
        f"  {entry.method.lower()}:",
        *([f"    parameters: {', '.join(parameters)}"] if parameters else []),
        f"    integration: {integration['type']}",
        f"      uri: …/{function}/…",
    ]
    table = [
        entry.uri_pattern,
        f"  {entry.method} → {entry.view_name}({', '.join(entry.view_args)})",
    ]
    return {
        "method": entry.method,
        "path": entry.uri_pattern,
        "source": _source(entry),
        "table": "\n".join(table),
        "swagger": "\n".join(swagger),
        "target": function,
    }


def _source(entry: RouteEntry) -> str:
    """The decorator that registered this row, and the view's first line."""
    try:
        lines = textwrap.dedent(inspect.getsource(entry.view_function)).splitlines()
        view = ast.parse("\n".join(lines)).body[0]
    except (OSError, SyntaxError, TypeError):
        return f"{entry.view_name} (its source is not at hand)"
    if not isinstance(view, ast.FunctionDef):
        return lines[0]
    decorators = [ast.get_source_segment("\n".join(lines), each) for each in view.decorator_list]
    registering = [text for text in decorators if text and _registers(text, entry)]
    return "\n".join([*(f"@{text}" for text in registering), lines[view.lineno - 1]])


def _registers(decorator: str, entry: RouteEntry) -> bool:
    """Whether a decorator's text names the row's path; and its method, where it names any."""
    names_path = f'"{entry.uri_pattern}"' in decorator or f"'{entry.uri_pattern}'" in decorator
    return names_path and ("methods" not in decorator or entry.method in decorator)


def _created(name: str, made: dict[str, Any]) -> dict[str, str]:
    says = _WORDS.get(made["Type"], lambda _: "")
    return {"name": name, "type": made["Type"], "says": says(made["Properties"])}


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    _API: lambda p: f"stage {p['StageName']}, built from the Swagger document",
    _FUNCTION: lambda p: (
        f"calls {p['Handler']}; {p['MemorySize']} MB, at most {p['Timeout']}\N{NO-BREAK SPACE}s"
    ),
    "AWS::IAM::Role": lambda p: (
        "what the function may do: " + ", ".join(sorted(_services(p["Policies"])))
    ),
    "AWS::Lambda::Permission": lambda p: f"lets {p['Principal']} call the function",
}


def _services(policies: list[dict[str, Any]]) -> set[str]:
    statements = [s for policy in policies for s in policy["PolicyDocument"]["Statement"]]
    return {action.split(":")[0] for s in statements for action in s["Action"]}
