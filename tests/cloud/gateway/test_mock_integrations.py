"""MOCK integrations: preflights and fixed answers; what is not literal is refused by name."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def mocked(served: Any, build: Any) -> Any:
    def deploy(integration: Any = None, responses: Any = None, **api: Any) -> Any:
        mock = {
            "type": "MOCK",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "integrationResponses": responses or {"200": {"statusCode": "200"}},
        }
        method = {"methodIntegration": mock | (integration or {})}
        return served.deploy(build.api({"/": {"OPTIONS": method}}, **api))

    return deploy


def preflight(stage: Any, **headers: str) -> Any:
    return stage.call("OPTIONS", headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_literal_response_parameters_become_headers(mocked: Any) -> None:
    parameters = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
    stage = mocked(responses={"200": {"statusCode": "204", "responseParameters": parameters}})
    answer = preflight(stage)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.header("Access-Control-Allow-Origin") == "*"
    assert answer.all("Content-Type") == ["application/json"]
    assert answer.header("X-Amzn-Trace-Id") is None


def test_a_literal_template_is_the_body(mocked: Any) -> None:
    templates = {"application/json": '{"open": true}'}
    stage = mocked(responses={"200": {"statusCode": 200, "responseTemplates": templates}})
    assert preflight(stage).json == {"open": True}


def test_the_response_is_chosen_by_the_mocked_status(mocked: Any) -> None:
    stage = mocked(
        {"requestTemplates": {"application/json": '{"statusCode": 404}'}},
        {
            "200": {"statusCode": "200"},
            "410": {"statusCode": "410", "selectionPattern": r"4\d{2}"},
        },
    )
    assert preflight(stage).status == 410


@pytest.mark.parametrize(
    "template", ["", "{}", "[]", "not JSON", '{"statusCode": {"not": "a number"}}']
)
def test_without_a_status_code_it_is_a_500(mocked: Any, template: str) -> None:
    answer = preflight(mocked({"requestTemplates": {"application/json": template}}))
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})


@pytest.mark.parametrize("behavior", ["NEVER", "WHEN_NO_TEMPLATES"])
def test_a_media_type_without_a_template_can_be_refused(mocked: Any, behavior: str) -> None:
    answer = preflight(mocked({"passthroughBehavior": behavior}), Content_Type="text/plain")
    assert (answer.status, answer.json) == (415, {"message": "Unsupported Media Type"})


def test_binary_types_break_a_preflight_that_does_not_convert_to_text(mocked: Any) -> None:
    assert preflight(mocked(binaryMediaTypes=["*/*"])).status == 500
    converting = mocked({"contentHandling": "CONVERT_TO_TEXT"}, binaryMediaTypes=["*/*"])
    assert preflight(converting).status == 200


@pytest.mark.parametrize(
    ("integration", "response", "name"),
    [
        (
            {"requestTemplates": {"application/json": '{"statusCode": $input.path("$.s")}'}},
            {},
            "mapping templates with VTL",
        ),
        ({}, {"responseTemplates": {"application/json": "#set($a = 1)"}}, "mapping templates"),
        (
            {},
            {"responseParameters": {"method.response.header.X": "stageVariables.x"}},
            "response parameters that are not literal: method.response.header.X = stageVariables.x",
        ),
    ],
)
def test_what_is_not_literal_is_refused_by_name(
    mocked: Any, integration: Any, response: Any, name: str
) -> None:
    answer = preflight(mocked(integration, {"200": {"statusCode": "200", **response}}))
    assert answer.status == 501
    assert name in answer.json["message"]
