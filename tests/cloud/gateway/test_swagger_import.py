"""Swagger 2.0 as ImportRestApi takes it, beyond what Chalice writes."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.cloud.gateway import InvalidApi
from workbook.cloud.gateway.swagger import merge, read
from workbook.cloud.missing import Missing

X = "x-amazon-apigateway-"


def document(paths: Any = None, **root: Any) -> dict[str, Any]:
    return {"swagger": "2.0", "info": {"title": "shop"}, "paths": paths or {}, **root}


def operation(**more: Any) -> dict[str, Any]:
    return {f"{X}integration": {"type": "mock"}, **more}


def method(paths_or_operation: Any, **root: Any) -> Any:
    api = read(document({"/": {"get": paths_or_operation}}, **root))
    return api.resources[0].methods["GET"]


def test_the_settings_of_the_whole_api_are_read() -> None:
    api = read(
        document(
            **{
                f"{X}binary-media-types": ["image/png"],
                f"{X}minimum-compression-size": 100,
                f"{X}api-key-source": "AUTHORIZER",
            }
        )
    )
    assert api.name == "shop"
    assert api.binary_media_types == ("image/png",)
    assert api.minimum_compression_size == 100
    assert api.api_key_source == "AUTHORIZER"


def test_any_method_and_what_is_no_method() -> None:
    paths = {"/{proxy+}": {f"{X}any-method": operation(), "parameters": [], "x-note": "…"}}
    assert list(read(document(paths)).resources[0].methods) == ["ANY"]


def test_a_path_keeps_its_id_from_one_import_to_the_next() -> None:
    first = read(document({"/a": {"get": operation()}, "/b": {"get": operation()}}))
    later = read(document({"/b": {"get": operation()}}))
    assert first.resources[1].id == later.resources[0].id != first.resources[0].id


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ({"type": "apiKey", "name": "X-Api-Key", "in": "header"}, ("NONE", None, True)),
        (
            {"type": "apiKey", "name": "Authorization", f"{X}authtype": "awsSigv4"},
            ("AWS_IAM", None, False),
        ),
        (
            {"name": "t", f"{X}authtype": "custom", f"{X}authorizer": {"type": "token"}},
            ("CUSTOM", "it", False),
        ),
        (
            {
                "name": "t",
                f"{X}authtype": "cognito_user_pools",
                f"{X}authorizer": {"type": "cognito_user_pools"},
            },
            ("COGNITO_USER_POOLS", "it", False),
        ),
    ],
)
def test_security_definitions_become_authorization(definition: Any, expected: Any) -> None:
    read_method = method(operation(security=[{"it": []}]), securityDefinitions={"it": definition})
    found = (
        read_method.authorization_type,
        read_method.authorizer_id,
        read_method.api_key_required,
    )
    assert found == expected


def test_an_authorizer_in_all_its_details() -> None:
    details = {
        "type": "token",
        "authorizerUri": "arn:…",
        "identityValidationExpression": "^x-[a-z]+",
        "authorizerResultTtlInSeconds": 60,
    }
    definition = {"type": "apiKey", "name": "X-Token", "in": "header", f"{X}authorizer": details}
    authorizer = read(document(securityDefinitions={"it": definition})).authorizers["it"]
    assert (authorizer.type, authorizer.ttl_seconds) == ("TOKEN", 60)
    assert authorizer.identity_sources == ("method.request.header.X-Token",)
    assert authorizer.validation_expression == "^x-[a-z]+"


def test_security_at_the_root_has_no_effect() -> None:
    definition = {"type": "apiKey", "name": "x-api-key"}
    found = method(operation(), securityDefinitions={"k": definition}, security=[{"k": []}])
    assert not found.api_key_required


@pytest.mark.parametrize("where", ["operation", "root"])
def test_a_request_validator_is_kept_to_be_refused(where: str) -> None:
    validator = {f"{X}request-validator": "all"}
    found = method(
        operation(**(validator if where == "operation" else {})),
        **(validator if where == "root" else {}),
    )
    assert found.request_validator == "all"


@pytest.mark.parametrize(
    ("extension", "missing"),
    [
        ("policy", Missing.RESOURCE_POLICIES),
        ("gateway-responses", Missing.GATEWAY_RESPONSES),
    ],
)
def test_what_would_change_answers_is_kept_to_be_refused(extension: str, missing: Missing) -> None:
    assert read(document(**{f"{X}{extension}": {"a": {}}})).not_emulated == (missing,)
    assert read(document(**{f"{X}{extension}": {}})).not_emulated == ()


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"openapi": "3.0.1"}, "Only Swagger 2.0"),
        (document({"/a b": {}}), "Unable to create resource at path '/a b'"),
        (document({"/{a+}/b": {}}), "Unable to create resource at path"),
        (document({"/x{a}": {}}), "Unable to create resource at path"),
        (document({"/{a}": {}, "/{b}/c": {}}), "A sibling"),
        (document({"/": {"get": {"security": [{"it": []}]}}}), "Invalid authorizer it"),
        (
            document(
                {"/": {"get": {"security": [{"it": []}]}}},
                securityDefinitions={"it": {"type": "basic"}},
            ),
            "Unsupported security definition type basic",
        ),
    ],
)
def test_what_aws_refuses_is_refused(broken: Any, message: str) -> None:
    with pytest.raises(InvalidApi, match=message):
        read(broken)


def test_merging_adds_and_replaces() -> None:
    earlier = read(document({"/a": {"get": operation(), "put": operation()}, "/b": {}}))
    later = read(document({"/a": {"get": operation(security=[])}, "/c": {}}))
    merged = {each.path: each for each in merge(earlier, later).resources}
    assert list(merged) == ["/a", "/b", "/c"]
    assert list(merged["/a"].methods) == ["GET", "PUT"]


def test_an_import_overwrites_or_merges_the_draft_and_no_stage(served: Any, build: Any) -> None:
    gateway = served.gateway
    gateway.import_swagger("a1b2c3d4e5", document({"/a": {"get": operation()}}), overwrite=True)
    new = document({"/b": {"get": operation()}})
    merged = gateway.import_swagger("a1b2c3d4e5", new, overwrite=False)
    assert [each.path for each in merged.resources] == ["/a", "/b"]
    overwritten = gateway.import_swagger("a1b2c3d4e5", new, overwrite=True)
    assert [each.path for each in overwritten.resources] == ["/b"]
    assert served.get("/b").status == 403
