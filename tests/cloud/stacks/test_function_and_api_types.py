"""Resource types of functions and APIs, whose properties show in the cloud that runs them.

What is particular to either is in test_function_types.py and test_api_types.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from packages import Stack
from stack_cases import IN_THE_CLOUD, Case
from stack_cases import apigatewayv2 as sockets
from stack_cases.apigateway import API, API_NAME, REST_API, THE_API
from stack_cases.apigateway_stages import DEPLOYMENT
from stack_cases.functions import BASE, FUNCTION
from stack_cases.given import OTHER_TAGS, TAGS

from workbook.cloud import LocalCloud


@pytest.mark.parametrize("case", IN_THE_CLOUD, ids=[case.id for case in IN_THE_CLOUD])
def test_a_property_shows_when_it_is_set_and_when_it_is_changed(
    case: Case, case_stack: Stack, cloud: LocalCloud
) -> None:
    first, then = case.expected
    template, *changed = case.templates()
    assert case_stack.create(template) == "CREATE_COMPLETE", case_stack.failures()
    assert case.look(cloud.client, case_stack.resource("It")) == first
    for another in changed:
        assert case_stack.update(another) == "UPDATE_COMPLETE", case_stack.failures()
    assert case.look(cloud.client, case_stack.resource("It")) == then
    assert case_stack.delete() == "DELETE_COMPLETE", case_stack.failures()


@pytest.mark.parametrize(
    "case", [case for case in IN_THE_CLOUD if case.name == "Tags"], ids=lambda case: case.type
)
def test_what_can_be_tagged_names_its_stack(
    case: Case, case_stack: Stack, cloud: LocalCloud
) -> None:
    assert case_stack.create(case.templates()[0]) == "CREATE_COMPLETE", case_stack.failures()
    own = case.look(cloud.client, case_stack.resource("It")).own
    assert own.pop("aws:cloudformation:stack-id").startswith("arn:aws:cloudformation:")
    assert own == {
        "aws:cloudformation:stack-name": "cases",
        "aws:cloudformation:logical-id": "It",
    }


UNCHANGEABLE = [
    (FUNCTION, "Architectures", ["arm64"], ["x86_64"], BASE, {}, "Architectures of a function"),
    (REST_API, "Tags", TAGS, OTHER_TAGS, API_NAME, {}, "Tags of an API"),
    (DEPLOYMENT, "Description", "first", "second", THE_API, API, "Description of a deployment"),
    (DEPLOYMENT, "StageName", "open", "shut", THE_API, API, "StageName of a deployment"),
    (
        sockets.DEPLOYMENT,
        "Description",
        "first",
        "second",
        sockets.ON_LINE,
        sockets.TALKING,
        "Description of a deployment",
    ),
    (
        sockets.STAGE,
        "Tags",
        {"a": "1"},
        {"a": "2"},
        sockets.ON_AIR,
        sockets.TALKING,
        "Tags of a stage",
    ),
]


@pytest.mark.parametrize(
    ("kind", "name", "first", "then", "base", "beside", "what"),
    UNCHANGEABLE,
    ids=[f"{each[0].removeprefix('AWS::')} {each[1]}" for each in UNCHANGEABLE],
)
def test_what_cannot_be_changed_here_is_refused_by_its_name(
    kind: str,
    name: str,
    first: Any,
    then: Any,
    base: dict[str, Any],
    beside: dict[str, Any],
    what: str,
    case_stack: Stack,
) -> None:
    template, changed = Case(kind, name, first, then, bool, base=base, beside=beside).templates()
    assert case_stack.create(template) == "CREATE_COMPLETE", case_stack.failures()
    assert case_stack.update(changed) == "UPDATE_ROLLBACK_COMPLETE"
    assert case_stack.failures() == {"It": f"The local cloud cannot change {what} that is there"}


@pytest.mark.parametrize(
    ("kind", "properties", "named"),
    [
        (FUNCTION, {**BASE, "VpcConfig": {"SubnetIds": ["s"]}}, "unsupported property VpcConfig"),
        (FUNCTION, {**BASE, "Code": {"ImageUri": "i"}}, "unsupported property Code.ImageUri"),
        (REST_API, {**API_NAME, "Policy": {}}, "unsupported property Policy"),
        (sockets.API, {"Name": "web", "ProtocolType": "HTTP"}, "HTTP APIs"),
    ],
)
def test_what_is_not_supported_fails_the_stack_by_its_name(
    kind: str, properties: dict[str, Any], named: str, case_stack: Stack, cloud: LocalCloud
) -> None:
    before = [row for row in cloud.inventory() if row["kind"] != "bucket"]
    it = {"Type": kind, "Properties": properties}
    assert case_stack.create({"Resources": {"It": it}}) == "ROLLBACK_COMPLETE"
    [reason] = case_stack.failures().values()
    assert named in reason
    case_stack.delete()
    assert [row for row in cloud.inventory() if row["kind"] != "bucket"] == before
