"""docs/local-cloud.md says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbook.cloud.missing import Missing
from workbook.cloud.stacks.types import TYPES
from workbook.cloud.unimplemented import KEPT

PAGE = Path(__file__).parents[2] / "docs" / "local-cloud.md"
NAMES = {
    "dynamodb": "DynamoDB",
    "kinesis": "Kinesis",
    "lambda": "Lambda",
    "logs": "CloudWatch Logs",
    "s3": "S3",
}


def unimplemented() -> str:
    areas: dict[str, list[str]] = {missing.area: [] for missing in Missing}
    for missing in Missing:
        areas[missing.area].append(missing.title)
    rows = [f"| {area} | {'; '.join(titles)} |" for area, titles in areas.items()]
    return "\n".join(["| where | not emulated |", "|---|---|", *rows])


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
