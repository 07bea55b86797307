"""Templates of AWS SAM: translated, acknowledged, shown in both forms."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

SERVERLESS = "AWS::Serverless-2016-10-31"
MAY_EXPAND = {"Capabilities": ["CAPABILITY_AUTO_EXPAND"]}
MAY_ALL = {"Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]}
SHELF = {
    "Transform": SERVERLESS,
    "Resources": {"Shelf": {"Type": "AWS::Serverless::SimpleTable"}},
}
FUNCTION = {
    "Type": "AWS::Serverless::Function",
    "Properties": {
        "InlineCode": "def handler(event, context): ...",
        "Handler": "index.handler",
        "Runtime": "python3.12",
    },
}
SELLER = {"Transform": SERVERLESS, "Resources": {"Seller": FUNCTION}}


def aliases(aws):
    found = aws("lambda").list_aliases(FunctionName="seller")["Aliases"]
    return [alias["Name"] for alias in found]


def test_it_is_translated_with_the_parameters_it_was_given(shop, aws):
    role = aws("iam").create_role(RoleName="runs", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    alias = {"FunctionName": "seller", "Role": role, "AutoPublishAlias": {"Ref": "Alias"}}
    template = {
        "Transform": SERVERLESS,
        "Parameters": {"Alias": {"Type": "String", "Default": "live"}},
        "Resources": {"Seller": {**FUNCTION, "Properties": {**FUNCTION["Properties"], **alias}}},
    }
    assert shop.create(template, **MAY_EXPAND)["StackStatus"] == "CREATE_COMPLETE", shop.failures()
    assert aliases(aws) == ["live"]
    shop.client.update_stack(
        StackName="shop",
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "Alias", "ParameterValue": "next"}],
        **MAY_EXPAND,
    )
    assert shop.settled()["StackStatus"] == "UPDATE_COMPLETE", shop.failures()
    assert aliases(aws) == ["next"]


def test_a_template_is_shown_as_it_was_given_and_as_it_was_processed(shop):
    shop.create(SHELF, **MAY_EXPAND)
    original = shop.client.get_template(StackName="shop")
    assert original["TemplateBody"] == SHELF
    assert original["StagesAvailable"] == ["Original", "Processed"]
    processed = shop.client.get_template(StackName="shop", TemplateStage="Processed")
    assert processed["TemplateBody"]["Resources"]["Shelf"]["Type"] == "AWS::DynamoDB::Table"
    assert "Transform" not in processed["TemplateBody"]


def test_to_transform_and_then_to_make_roles_must_both_be_acknowledged(shop):
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_AUTO_EXPAND\]"):
        shop.create(SELLER, Capabilities=["CAPABILITY_IAM"])
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_IAM\]") as refused:
        shop.create(SELLER, **MAY_EXPAND)
    assert refused.value.response["Error"]["Code"] == "InsufficientCapabilitiesException"
    shop.create(SELLER, **MAY_ALL)
    made = shop.client.list_stack_resources(StackName="shop")["StackResourceSummaries"]
    assert "AWS::IAM::Role" in [each["ResourceType"] for each in made]


def test_a_change_set_needs_no_leave_to_transform_and_fails_for_want_of_another(shop):
    def change_set(name, **more):
        made = shop.client.create_change_set(
            StackName="shop",
            ChangeSetName=name,
            ChangeSetType="CREATE",
            TemplateBody=json.dumps(SELLER),
            **more,
        )
        return shop.client.describe_change_set(ChangeSetName=made["Id"])

    lacking = change_set("lacking")
    assert (lacking["Status"], lacking["StatusReason"], lacking["ExecutionStatus"]) == (
        "FAILED",
        "Requires capabilities : [CAPABILITY_IAM]",
        "UNAVAILABLE",
    )
    assert change_set("granted", Capabilities=["CAPABILITY_IAM"])["Status"] == "CREATE_COMPLETE"
    processed = shop.client.get_template(
        StackName="shop", ChangeSetName="granted", TemplateStage="Processed"
    )
    assert set(processed["TemplateBody"]["Resources"]) == {"Seller", "SellerRole"}


def test_what_the_translator_refuses_is_said_in_its_words(shop):
    unpacked = {**FUNCTION, "Properties": {**FUNCTION["Properties"], "CodeUri": "./code"}}
    del unpacked["Properties"]["InlineCode"]
    with pytest.raises(ClientError) as refused:
        shop.create({**SELLER, "Resources": {"Seller": unpacked}}, **MAY_ALL)
    assert refused.value.response["Error"]["Message"] == (
        f"Transform {SERVERLESS} failed with: Invalid Serverless Application Specification "
        "document. Number of errors found: 1. Resource with id [Seller] is invalid. 'CodeUri' is "
        "not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter."
    )


def test_to_look_at_a_template_is_not_to_transform_it(shop):
    body = json.dumps(SELLER)
    validated = shop.client.validate_template(TemplateBody=body)
    assert validated["DeclaredTransforms"] == [SERVERLESS]
    assert validated["Capabilities"] == ["CAPABILITY_AUTO_EXPAND"]
    summary = shop.client.get_template_summary(TemplateBody=body)
    assert summary["ResourceTypes"] == ["AWS::Serverless::Function"]


def test_a_translator_that_breaks_is_a_template_refused(shop, tmp_path, monkeypatch):
    broken = tmp_path / "translation.py"
    broken.write_text("raise RuntimeError('no such luck')")
    monkeypatch.setattr("workbook.cloud.stacks.serverless._TRANSLATION", broken)
    with pytest.raises(ClientError, match=r"failed with: RuntimeError: no such luck"):
        shop.create(SHELF, **MAY_EXPAND)
