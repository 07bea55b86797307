"""docs/local-cloud.md says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbook.cloud.stacks.types import TYPES
from workbook.cloud.unimplemented import KEPT, TABLE

PAGE = Path(__file__).parents[2] / "docs" / "local-cloud.md"
NAMES = {
    "apigateway": "API Gateway",
    "apigatewayv2": "API Gateway (v2)",
    "cloudformation": "CloudFormation",
    "dynamodb": "DynamoDB",
    "events": "EventBridge",
    "execute-api": "API Gateway (v2)",
    "lambda": "Lambda",
    "logs": "CloudWatch Logs",
    "monitoring": "CloudWatch",
    "pipes": "EventBridge",
    "s3": "S3",
    "scheduler": "EventBridge",
    "secretsmanager": "Secrets Manager",
    "sns": "SNS",
    "ssm": "Systems Manager",
    "states": "Step Functions",
    "xray": "X-Ray",
}


def unimplemented() -> str:
    by_service: dict[str, list[str]] = {}
    for entry in TABLE:
        names = by_service.setdefault(NAMES[entry.service], [])
        if entry.name not in names:
            names.append(entry.name)
    rows = [f"| {service} | {'; '.join(names)} |" for service, names in by_service.items()]
    return "\n".join(["| service | not emulated |", "|---|---|", *rows])


def kept() -> str:
    rows = [f"| {NAMES[service]} | {what} | {why} |" for service, what, why in KEPT]
    return "\n".join(["| service | setting | what comes of it |", "|---|---|---|", *rows])


@pytest.mark.parametrize(
    ("mark", "table"),
    [("the table of the unimplemented", unimplemented()), ("the table of what is kept", kept())],
    ids=["unimplemented", "kept"],
)
def test_its_tables_are_the_code_s(mark: str, table: str) -> None:
    found = re.search(rf"<!-- {mark} -->\n(.*?)<!-- end -->", PAGE.read_text(), re.DOTALL)
    assert found is not None
    assert found[1].strip() == table, (
        f"In {PAGE.name}, below {mark!r}, there should stand:\n{table}"
    )


def test_it_lists_the_resource_types_of_stacks() -> None:
    types = ", ".join(f"`{name.removeprefix('AWS::')}`" for name in sorted(TYPES))
    assert types in PAGE.read_text()
