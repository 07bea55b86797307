"""Log groups."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look, Tags, physical
from .given import ARN, OTHER_TAGS, TAGGED, TAGS

LOG_GROUP = "AWS::Logs::LogGroup"


def log_group(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        [found] = aws("logs").describe_log_groups(logGroupNamePrefix=it)["logGroups"]
        return found.get(name)

    return look


def log_tags(aws: Clients, it: str) -> Any:
    arn = ARN.format("logs", f"log-group:{it}")
    return Tags(aws("logs").list_tags_for_resource(resourceArn=arn)["tags"])


CASES = [
    Case(LOG_GROUP, "LogGroupName", "/a", "/b", physical),
    Case(LOG_GROUP, "RetentionInDays", "7", None, log_group("retentionInDays"), (7, None)),
    Case(LOG_GROUP, "Tags", TAGS, OTHER_TAGS, log_tags, TAGGED),
]
