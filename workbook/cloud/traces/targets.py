"""Which table, queue, topic, bucket or function an AWS call is about, read from its request.

A name for people to read, and a guess where a service is not known here: "" says that none is
named. Nothing is decided by it; what IAM judges is iam/'s reading, which is exact and slower.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import unquote

from workbook.cloud.calls import AwsCall

# The member of a JSON body that names it. An item's attribute of that name is no string: {"S": …}.
_MEMBERS = {
    "dynamodb": "TableName",
    "events": "EventBusName|Name|Rule",
    "kinesis": "StreamName|StreamARN",
    "logs": "logGroupName|logGroupIdentifier",
    "secretsmanager": "SecretId|Name",
    "sqs": "QueueUrl|QueueName",
    "ssm": "Name",
    "states": "stateMachineArn|name",
    "cognito-idp": "UserPoolId|ClientId",
}
_NAMED = {
    service: re.compile(rf'"(?:{members})"\s*:\s*"([^"]+)"'.encode())
    for service, members in _MEMBERS.items()
}
_FIELDS = ("TopicArn", "TargetArn", "QueueUrl", "StackName", "RoleName", "UserName", "Name")
_FUNCTION = re.compile(r"/\d{4}-\d\d-\d\d/functions/([^/]+)")


def target(call: AwsCall, form: Mapping[str, list[str]], body: bytes) -> str:
    """The name, without region and account; several with commas between.

    Args:
        form: the call's body, where that is a form.
        body: the call's body, where that is JSON.
    """
    if form:
        return next((_last(form[field][0]) for field in _FIELDS if field in form), "")
    if call.service == "s3":
        return unquote(call.path).strip("/").partition("/")[0]
    if call.service == "lambda":
        found = _FUNCTION.match(call.path)
        named = unquote(found[1]) if found else ""
        return named.rpartition("function:")[2].partition(":")[0]  # without version or alias
    if call.operation in ("BatchGetItem", "BatchWriteItem"):
        return ", ".join(_requested(body))
    pattern = _NAMED.get(call.service)
    written = pattern.findall(body) if pattern else ()
    names = dict.fromkeys(_last(name.decode(errors="replace")) for name in written)
    if not names and call.operation == "PutEvents":
        return "default"
    return ", ".join(names)


def _requested(body: bytes) -> list[str]:
    try:
        return sorted(map(str, json.loads(body)["RequestItems"]))
    except (ValueError, KeyError, TypeError):
        return []


def _last(name: str) -> str:
    """The name in an ARN or a URL."""
    return name.rpartition(":")[2].rpartition("/")[2] if ":" in name else name
