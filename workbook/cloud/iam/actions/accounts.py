"""IAM, STS, API Gateway, websocket connections and CloudWatch Logs.

AWS's pages "Actions, resources, and condition keys for" each of them. API Gateway's actions are
HTTP methods and its resources paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.cloud.iam.actions.names import Names
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request
from workbook.cloud.missing import Missing, NotEmulated

# Parameters that name what an IAM operation is about, and the kind of thing it is.
_IAM_KINDS = {
    "RoleName": "role",
    "UserName": "user",
    "GroupName": "group",
    "InstanceProfileName": "instance-profile",
}
_ABOUT_ONESELF = frozenset(
    {
        "ChangePassword",
        "CreateAccessKey",
        "DeleteAccessKey",
        "GetLoginProfile",
        "GetUser",
        "ListAccessKeys",
        "ListMFADevices",
        "UpdateAccessKey",
    }
)
_CONNECTION = re.compile(
    r"(/_aws/execute-api/(?P<api>[^/]+))?/(?P<stage>[^/]+)/(?P<rest>@connections/.+)"
)


def sts(request: Request, names: Names) -> Iterator[Need]:
    """STS. GetCallerIdentity needs nothing, and no policy can forbid it."""
    operation = request.operation
    if operation in ("GetSessionToken", "GetFederationToken"):
        raise NotEmulated(Missing.USER_SESSIONS, operation)
    if operation == "AssumeRole":
        if request.text("PolicyArns.member.1.arn"):
            raise NotEmulated(Missing.SESSION_POLICIES)
        yield Need("sts:AssumeRole", request.text("RoleArn"))
    elif operation != "GetCallerIdentity":
        yield Need(f"sts:{operation}")


def iam(request: Request, names: Names) -> Iterator[Need]:
    """IAM."""
    keys = {
        key: (request.text(name),)
        for name, key in (
            ("PolicyArn", "iam:policyarn"),
            ("PermissionsBoundary", "iam:permissionsboundary"),
        )
        if request.text(name)
    }
    yield Need(f"iam:{request.operation}", _identity(request, names), keys)


def _identity(request: Request, names: Names) -> str:
    for parameter, kind in _IAM_KINDS.items():
        name = request.text(parameter)
        if name:
            made = None if request.operation.startswith("Create") else names.iam_arn(kind, name)
            return made or _made(request, kind, name)
    if request.operation == "CreatePolicy":
        return _made(request, "policy", request.text("PolicyName"))
    if request.operation in _ABOUT_ONESELF:
        return request.caller
    return request.text("PolicyArn") or "*"


def _made(request: Request, kind: str, name: str) -> str:
    path = request.text("Path") if request.operation == f"Create{kind.title()}" else ""
    return f"arn:aws:iam::{request.account}:{kind}{path or '/'}{name}"


def api_gateway(request: Request, names: Names) -> Iterator[Need]:
    """API Gateway's control plane, REST and websocket."""
    resource = f"arn:aws:apigateway:{request.region}::{request.path}"
    yield Need(f"apigateway:{request.method}", resource)


def connections(request: Request, names: Names) -> Iterator[Need]:
    """Sending to a websocket's connection, looking at it, and cutting it off."""
    found = _CONNECTION.fullmatch(request.path)
    if found is None:
        yield Need("execute-api:Invoke")
        return
    api = found["api"] or request.headers.get("host", "").partition(".")[0]
    resource = f"{api}/{found['stage']}/{request.method}/{found['rest']}"
    yield Need("execute-api:ManageConnections", request.arn(resource))


def logs(request: Request, names: Names) -> Iterator[Need]:
    """CloudWatch Logs. A group's ARN goes on with its streams, which is why policies end in `:*`."""
    groups = [request.text("logGroupName", "logGroupIdentifier")]
    groups += request.parameters.get("logGroupNames") or ()
    groups += request.parameters.get("logGroupIdentifiers") or ()
    stream = request.text("logStreamName")
    for group in filter(None, groups):
        arn = group.removesuffix(":*") if group.startswith("arn:") else f"log-group:{group}"
        arn = arn if arn.startswith("arn:") else request.arn(arn)
        yield Need(f"logs:{request.operation}", f"{arn}:log-stream:{stream}")
    if any(groups):
        return
    if request.operation == "DescribeLogGroups":
        prefix = request.text("logGroupNamePrefix")
        yield Need("logs:DescribeLogGroups", request.arn(f"log-group:{prefix}:log-stream:"))
    else:
        yield Need(f"logs:{request.operation}", request.text("resourceArn") or "*")
