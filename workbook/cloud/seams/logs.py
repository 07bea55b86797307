"""CloudWatch Logs: subscriptions and FilterLogEvents go by the filter patterns of events/.

A subscription of a function ends in awslambda.py, that of a stream in Kinesis itself.
"""

from __future__ import annotations

import base64
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.logs.models",
    "LogStream._send_log_events",
    "self service destination_arn filter_name log_events",
    rests_on='if service == "lambda":',
    replaces="sends a subscription every event, whatever its filter pattern, with numbers for ids",
)
def _send_what_is_asked_for(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def _send_log_events(
        self: Any,
        service: str,
        destination_arn: str,
        filter_name: str,
        log_events: list[dict[str, Any]],
    ) -> None:
        subscription = self.log_group.subscription_filters.get(filter_name)
        wanted = hooks.log_filter(subscription.filter_pattern if subscription else "")
        found = [
            {**event, "id": f"{event['id']:056d}"}
            for event in log_events
            if wanted(event["message"])
        ]
        if found:
            original(self, service, destination_arn, filter_name, found)

    return _send_log_events


@SEAMS.at(
    "moto.logs.models",
    "LogsBackend.put_subscription_filter",
    "self log_group_name filter_name filter_pattern destination_arn role_arn",
    rests_on="parsed_arn = parse_arn(destination_arn)",
    replaces="takes any text for a filter pattern, and loops; does not try a Kinesis stream out",
)
def _check_subscription_filters(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_subscription_filter(
        self: Any,
        log_group_name: str,
        filter_name: str,
        filter_pattern: str,
        destination_arn: str,
        role_arn: str,
    ) -> None:
        hooks.log_filter(filter_pattern)
        _refuse_loops(self.groups, log_group_name, destination_arn)
        original(self, log_group_name, filter_name, filter_pattern, destination_arn, role_arn)
        if destination_arn.split(":")[2] == "kinesis":
            _send_control_message(self.account_id, self.region_name, destination_arn)

    return put_subscription_filter


def _refuse_loops(groups: dict[str, Any], log_group: str, destination_arn: str) -> None:
    """Refuse to tell a function of what is logged because it was told: on AWS, too, it never ends.

    Raises:
        NotEmulated: naming the log groups that the loop goes through.
    """
    ways = [(log_group, destination_arn)]
    while ways:
        way, arn = ways.pop()
        name = arn.partition(":function:")[2].partition(":")[0]
        own = f"/aws/lambda/{name}"
        if name and own == log_group:
            raise NotEmulated(Missing.OWN_LOGS, f"{way} -> {own}")
        if name and own in groups and own not in way.split(" -> "):
            filters = groups[own].subscription_filters.values()
            ways += [(f"{way} -> {own}", each.destination_arn) for each in filters]


def _send_control_message(account: str, region: str, stream_arn: str) -> None:
    from moto.kinesis.models import kinesis_backends  # loaded by now

    told = "CWL CONTROL MESSAGE: Checking health of destination Kinesis stream."
    data = {
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [{"id": "", "timestamp": int(time.time() * 1000), "message": told}],
    }
    packed = base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()
    kinesis_backends[account][region].put_record(stream_arn, "", "control", "", packed)


@SEAMS.at(
    "moto.logs.models",
    "LogGroup.put_subscription_filter",
    "self filter_name filter_pattern destination_arn role_arn",
    rests_on="if len(self.subscription_filters) == 2:",
    replaces="refuses a change of one of two subscription filters as if it were a third",
)
def _change_one_of_two_filters(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_subscription_filter(
        self: Any, filter_name: str, filter_pattern: str, destination_arn: str, role_arn: str
    ) -> None:
        known = self.subscription_filters.get(filter_name)
        if known is not None:
            known.update(filter_pattern, destination_arn, role_arn)
        else:
            original(self, filter_name, filter_pattern, destination_arn, role_arn)

    return put_subscription_filter


@SEAMS.at(
    "moto.logs.utils",
    "EventMessageFilter.__init__",
    "self pattern",
    rests_on="current_type = UnsupportedFilterPattern",
    replaces="finds every event when FilterLogEvents is given JSON, fields or excluded terms",
)
def _know_filter_patterns(original: Replacement, hooks: Hooks) -> Replacement:
    def __init__(self: Any, pattern: str | None) -> None:
        self.filter_type = _Asked(hooks.log_filter(pattern or ""))

    return __init__


@dataclass(frozen=True)
class _Asked:
    matches: Callable[[str], bool]
