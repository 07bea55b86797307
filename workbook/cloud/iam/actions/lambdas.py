"""Lambda: functions with their versions and aliases, layers, event source mappings.

AWS's page "Actions, resources, and condition keys for AWS Lambda". Whoever gives a function a role
must be allowed to pass it: iam:PassRole on that role.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.cloud.iam.actions.names import Names
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request

_ACTIONS = {
    "GetLayerVersionByArn": "GetLayerVersion",
    "Invoke": "InvokeFunction",
    "InvokeWithResponseStream": "InvokeFunction",
}
_GIVES_ROLE = ("CreateFunction", "UpdateFunctionConfiguration")


def needs(request: Request, names: Names) -> Iterator[Need]:
    """The permissions of one call."""
    operation = request.operation
    action = f"lambda:{_ACTIONS.get(operation, operation)}"
    if operation in ("CreateEventSourceMapping", "UpdateEventSourceMapping"):
        function = request.text("FunctionName")
        keys = {"lambda:functionarn": (function_arn(request, function),)} if function else {}
        yield Need(action, _mapping(request), keys)
    elif request.text("UUID"):
        yield Need(action, _mapping(request))
    else:
        yield Need(action, _resource(request))
    if operation in _GIVES_ROLE and request.text("Role"):
        passed = {"iam:passedtoservice": ("lambda.amazonaws.com",)}
        yield Need("iam:PassRole", request.text("Role"), passed)
    if operation in _GIVES_ROLE:
        for layer in request.parameters.get("Layers") or ():
            yield Need("lambda:GetLayerVersion", layer)
    if operation == "CreateFunction" and request.parameters.get("Tags"):
        yield Need("lambda:TagResource", _resource(request))


def _resource(request: Request) -> str:
    if request.text("FunctionName") and request.operation != "ListEventSourceMappings":
        return function_arn(request, request.text("FunctionName"), request.text("Qualifier"))
    if request.text("LayerName") and request.operation != "ListLayerVersions":
        layer = request.text("LayerName")
        arn = layer if layer.startswith("arn:") else request.arn(f"layer:{layer}")
        version = request.text("VersionNumber")
        return f"{arn}:{version}" if version else arn
    return request.text("Resource", "Arn", "ResourceArn") or "*"


def function_arn(request: Request, name: str, qualifier: str = "") -> str:
    """The ARN that is meant by a name, `name:alias`, `account:function:name` or a whole ARN."""
    if name.startswith("arn:"):
        arn = name
    elif ":function:" in name:
        account, _, rest = name.partition(":function:")
        arn = f"arn:aws:lambda:{request.region}:{account}:function:{rest}"
    else:
        arn = request.arn(f"function:{name}")
    return f"{arn}:{qualifier}" if qualifier else arn


def _mapping(request: Request) -> str:
    """A mapping that is still to be made has no ARN."""
    uuid = request.text("UUID")
    return request.arn(f"event-source-mapping:{uuid}") if uuid else "*"
