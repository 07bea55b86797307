"""Parameters."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look, Tags, physical
from .given import TAGGED

PARAMETER = "AWS::SSM::Parameter"

PLAIN = {"Type": "String", "Value": "x"}


def stored(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        filters = [{"Key": "Name", "Values": [it]}]
        [found] = aws("ssm").describe_parameters(ParameterFilters=filters)["Parameters"]
        return found.get(name)

    return look


def stored_value(aws: Clients, it: str) -> Any:
    return aws("ssm").get_parameter(Name=it)["Parameter"]["Value"]


def stored_tags(aws: Clients, it: str) -> Any:
    found = aws("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=it)
    return Tags(found["TagList"])


CASES = [
    Case(PARAMETER, "Name", "/a", "/b", physical, base=PLAIN),
    Case(PARAMETER, "Type", "String", "StringList", stored("Type"), base=PLAIN),
    Case(PARAMETER, "Value", "1", 2, stored_value, ("1", "2"), PLAIN),
    Case(PARAMETER, "Description", "a", "b", stored("Description"), base=PLAIN),
    Case(PARAMETER, "AllowedPattern", "[a-z]", "[x-z]", stored("AllowedPattern"), base=PLAIN),
    Case(
        PARAMETER,
        "DataType",
        "text",
        "aws:ec2:image",
        stored("DataType"),
        base={**PLAIN, "Value": "ami-12345678"},
    ),
    Case(PARAMETER, "Tier", "Standard", "Advanced", stored("Tier"), base=PLAIN),
    Case(
        PARAMETER,
        "Tags",
        {"team": "sales", "old": "1"},
        {"team": "stock"},
        stored_tags,
        TAGGED,
        PLAIN,
    ),
]
