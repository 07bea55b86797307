"""Secrets Manager and Parameter Store.

AWS's pages "Actions, resources, and condition keys for AWS Secrets Manager" and "… AWS Systems
Manager". Both encrypt under AWS's own key for them, which takes no permission; keys of one's own
(KMS) are not emulated.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.cloud.iam.actions.names import Names
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request

_ENDING = "-??????"  # of the ARN of a secret that is still to be made
_SECRETS_ABOUT_ALL = ("GetRandomPassword", "ListSecrets")


def secrets_manager(request: Request, names: Names) -> Iterator[Need]:
    """Secrets by their whole ARN, whatever the request calls them."""
    operation = request.operation
    if operation == "BatchGetSecretValue":
        yield Need("secretsmanager:BatchGetSecretValue")
        if request.parameters.get("Filters"):
            yield Need("secretsmanager:ListSecrets")
        for secret_id in request.parameters.get("SecretIdList", ()):
            yield _secret(request, names, "GetSecretValue", secret_id)
    elif operation in _SECRETS_ABOUT_ALL:
        yield Need(f"secretsmanager:{operation}")
    elif operation == "CreateSecret":
        name = request.text("Name")
        arn = request.arn(f"secret:{name}{_ENDING}")
        yield Need("secretsmanager:CreateSecret", arn, shown=name)
        if request.parameters.get("Tags"):
            yield Need("secretsmanager:TagResource", arn, shown=name)
    else:
        yield _secret(request, names, operation, request.text("SecretId"))


def _secret(request: Request, names: Names, action: str, secret_id: str) -> Need:
    """A secret that does not exist has no ARN: only `*` allows to learn that it does not."""
    arn = names.secret_arn(request.region, secret_id)
    keys = {
        f"secretsmanager:{name.lower()}": (value,)
        for name, value in (
            ("SecretId", arn or secret_id),
            ("VersionId", request.text("VersionId")),
            ("VersionStage", request.text("VersionStage") or "AWSCURRENT"),
        )
        if value
    }
    return Need(f"secretsmanager:{action}", arn or secret_id, keys, shown=secret_id)


def parameter_store(request: Request, names: Names) -> Iterator[Need]:
    """Parameters; what else Systems Manager can do needs its action on `*`."""
    parameters, operation = request.parameters, request.operation
    named = [request.text("Name", "Path"), *parameters.get("Names", ())]
    if parameters.get("ResourceType") == "Parameter":
        named.append(request.text("ResourceId"))
    resources = [_parameter(request, name) for name in named if name]
    if "Parameter" not in operation and parameters.get("ResourceType") != "Parameter":
        resources = []
    keys = {
        f"ssm:{name.lower()}": (str(parameters[name]).lower(),)
        for name in ("Overwrite", "Recursive")
        if name in parameters
    }
    for resource in resources or ["*"]:
        shown = request.arn("*") if resource == "*" else None
        yield Need(f"ssm:{operation}", resource, keys, shown=shown)
        if operation == "PutParameter" and parameters.get("Tags"):
            yield Need("ssm:AddTagsToResource", resource)


def _parameter(request: Request, name: str) -> str:
    """`/shop/db` and `shop/db` have the same ARN; `:3` behind a name is a version or a label."""
    if name.startswith("arn:"):
        return name
    return request.arn("parameter/" + name.partition(":")[0].removeprefix("/"))
