"""Changes of functions that something else stands in the way of, which moto would carry out.

A queue that shows its messages again while the function is still at them, a statement that is
there already or not at all, a version that an alias points to. Single values that are out of
their limits are function_settings.py's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from workbook.cloud import lambda_state
from workbook.cloud.answer import Answer
from workbook.cloud.calls import AwsCall
from workbook.cloud.invocation import error

_FUNCTION = r"/2015-03-31/functions/(?P<name>[^/]+)"
_MAPPED = re.compile(r"POST /2015-03-31/event-source-mappings/?")
_PERMITTED = re.compile(rf"POST {_FUNCTION}/policy/?")
_FORBIDDEN = re.compile(rf"DELETE {_FUNCTION}/policy/(?P<statement>[^/]+)")
_DELETED = re.compile(rf"DELETE {_FUNCTION}/?")


def refused(call: AwsCall, settings: Mapping[str, Any]) -> Answer | None:
    """The answer to a call that cannot be carried out as things stand; None when it can.

    Args:
        settings: the call's body.
    """
    asked = f"{call.method} {call.path}"
    qualifier = parse_qs(call.query).get("Qualifier", [None])[0]
    try:
        if _MAPPED.fullmatch(asked):
            return _hidden_too_shortly(settings, call.region)
        if found := _PERMITTED.fullmatch(asked):
            function = lambda_state.find(unquote(found["name"]), region=call.region)
            return _stated_already(function, str(settings.get("StatementId")), qualifier)
        if found := _FORBIDDEN.fullmatch(asked):
            function = lambda_state.find(unquote(found["name"]), region=call.region)
            return _never_stated(function, unquote(found["statement"]))
        if (found := _DELETED.fullmatch(asked)) and qualifier:
            name = unquote(found["name"])
            return _pointed_to(name, lambda_state.find(name, qualifier, region=call.region))
    except lambda_state.UnknownFunction:
        pass  # moto says so
    return None


def _hidden_too_shortly(settings: Mapping[str, Any], region: str) -> Answer | None:
    """Page "Creating and configuring an Amazon SQS event source mapping"."""
    from moto.sqs.exceptions import QueueDoesNotExist  # slow, and not always needed

    from workbook.cloud.sources import MotoQueue

    arn = str(settings.get("EventSourceArn", ""))
    if not re.fullmatch(r"arn:[^:]*:sqs:[^:]+:\d{12}:[^:]+", arn):
        return None
    function = lambda_state.find(str(settings.get("FunctionName")), region=region)
    try:
        visibility = int(MotoQueue(arn).visibility_timeout)
    except QueueDoesNotExist:
        told = (
            "Error occurred while ReceiveMessage. SQS Error Code: "
            "AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does "
            "not exist."
        )
        return error("InvalidParameterValueException", told, 400)
    if visibility >= int(function.timeout):
        return None
    told = (
        f"Queue visibility timeout: {visibility} seconds is less than Function timeout: "
        f"{function.timeout} seconds"
    )
    return error("InvalidParameterValueException", told, 400)


def _stated_already(function: Any, statement: str, qualifier: str | None) -> Answer | None:
    ends = f":{qualifier}" if qualifier else f":{function.function_name}"
    there = any(
        each.get("Sid") == statement and str(each.get("Resource", "")).endswith(ends)
        for each in function.policy.statements
    )
    if not there:
        return None
    told = (
        f"The statement id ({statement}) provided already exists. Please provide a new statement "
        "id, or remove the existing statement."
    )
    return error("ResourceConflictException", told, 409)


def _never_stated(function: Any, statement: str) -> Answer | None:
    statements = function.policy.statements
    if not statements or any(each.get("Sid") == statement for each in statements):
        return None
    told = f"Statement {statement} is not found in resource policy."
    return error("ResourceNotFoundException", told, 404)


def _pointed_to(name: str, version: Any) -> Answer | None:
    from moto.awslambda.models import lambda_backends  # slow, and not always needed

    backend = lambda_backends[lambda_state.ACCOUNT][version.region]
    if version.version == "$LATEST":
        told = "$LATEST version cannot be deleted without deleting the function."
        return error("InvalidParameterValueException", told, 400)
    aliases = [
        alias.name
        for alias in backend.list_aliases(version.function_name)
        if str(alias.function_version) == str(version.version)
    ]
    if not aliases:
        return None
    told = (
        "Unable to delete version because the following aliases reference it: "
        f"[{', '.join(sorted(aliases))}]"
    )
    return error("ResourceConflictException", told, 409)
