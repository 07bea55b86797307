"""Functions and APIs of a few lines, made by the calls that AWS has for it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from workbook.cloud import LocalCloud

ROLE_TRUST = '{"Version": "2012-10-17", "Statement": []}'


def packed(files: Mapping[str, str]) -> bytes:
    """A zip of these files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def zipped(source: str) -> bytes:
    """A deployment package with one module, app.py."""
    return packed({"app.py": source})


def create_function(cloud: LocalCloud, name: str, source: str, **settings: Any) -> str:
    """A function whose handler is app.handler; its ARN."""
    role = cloud.client("iam").create_role(
        RoleName=f"{name}-role", AssumeRolePolicyDocument=ROLE_TRUST
    )
    given = {
        "Runtime": "python3.12",
        "Handler": "app.handler",
        "Code": {"ZipFile": zipped(source)},
        **settings,
    }
    answer = cloud.client("lambda").create_function(
        FunctionName=name, Role=role["Role"]["Arn"], **given
    )
    return str(answer["FunctionArn"])


def proxy_api(cloud: LocalCloud, name: str, arn: str) -> str:
    """A greedy proxy in front of a function, deployed as stage v1; the API's id."""
    gateway = cloud.client("apigateway")
    api = gateway.create_rest_api(name=name)
    proxy = gateway.create_resource(
        restApiId=api["id"], parentId=api["rootResourceId"], pathPart="{rest+}"
    )
    return _deployed(gateway, api["id"], proxy["id"], arn)


def root_api(cloud: LocalCloud, name: str, arn: str) -> str:
    """The same for the root alone: every method of /, and no other path."""
    gateway = cloud.client("apigateway")
    api = gateway.create_rest_api(name=name)
    return _deployed(gateway, api["id"], api["rootResourceId"], arn)


def _deployed(gateway: Any, api_id: str, resource_id: str, arn: str) -> str:
    where = {"restApiId": api_id, "resourceId": resource_id, "httpMethod": "ANY"}
    gateway.put_method(**where, authorizationType="NONE")
    gateway.put_integration(
        **where,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations",
    )
    gateway.create_deployment(restApiId=api_id, stageName="v1")
    return api_id
