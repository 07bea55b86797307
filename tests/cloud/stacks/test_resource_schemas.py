"""Resource types against the schemas that AWS publishes, as cfn-lint carries them.

That no property is without a case is tested here too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cfnlint
import pytest
from stack_cases import IN_THE_CLOUD, ON_MOTO, dynamodb

from workbook.cloud.stacks.types import TYPES


def test_every_accepted_property_has_a_case():
    accepted = {(name, key) for name, kind in TYPES.items() for key in kind.schema.properties}
    tested = {(case.type, case.name) for case in (*ON_MOTO, *IN_THE_CLOUD)} | {
        (dynamodb.TABLE, "SSESpecification")
    }
    assert tested == accepted


def published(kind: str) -> dict[str, Any]:
    schemas = Path(cfnlint.__file__).parent / "data" / "schemas"
    named = json.loads((schemas / "providers" / "us-east-1.json").read_text())[kind]
    return json.loads((schemas / "resources" / f"{named}.json").read_text())


def tops(pointers: list[str] | None) -> set[str]:
    return {pointer.split("/")[2] for pointer in pointers or []}


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_is_what_aws_publishes(kind):
    ours, theirs = TYPES[kind].schema, published(kind)
    names = set(theirs["properties"])
    settable = names - tops(theirs.get("readOnlyProperties"))
    assert set(ours.properties) <= settable
    assert set(ours.required) == set(theirs.get("required", []))
    replaced = tops(theirs.get("createOnlyProperties"))
    sometimes = tops(theirs.get("conditionalCreateOnlyProperties"))
    assert replaced & set(ours.properties) <= set(ours.replaces)
    assert set(ours.replaces) <= replaced | sometimes | BY_DOCUMENTATION.get(kind, set())


# "Update requires: Replacement" in the template reference, where the schema does not say so.
BY_DOCUMENTATION: dict[str, set[str]] = {"AWS::DynamoDB::Table": {"LocalSecondaryIndexes"}}
