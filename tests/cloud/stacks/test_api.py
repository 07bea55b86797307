"""The API around the stacks: templates looked at, and what is refused with its name."""

from __future__ import annotations

import io
import json

import pytest
from botocore.exceptions import ClientError

from workbook.cloud.stacks import query

QUEUE = {"Type": "AWS::SQS::Queue"}
TEMPLATE = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Description": "An inventory shop",
    "Metadata": {"owner": "sales"},
    "Parameters": {
        "Stage": {
            "Type": "String",
            "Default": "dev",
            "AllowedValues": ["dev", "live"],
            "Description": "Where it runs",
        }
    },
    "Resources": {
        "Orders": QUEUE,
        "Seller": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17"}},
        },
    },
}


def test_a_template_is_validated(cloudformation):
    found = cloudformation.validate_template(TemplateBody=json.dumps(TEMPLATE))
    assert found["Description"] == "An inventory shop"
    assert found["Capabilities"] == ["CAPABILITY_IAM"]
    assert found["CapabilitiesReason"] == (
        "The following resource(s) require capabilities: [AWS::IAM::Role]"
    )
    assert found["Parameters"] == [
        {
            "ParameterKey": "Stage",
            "DefaultValue": "dev",
            "NoEcho": False,
            "Description": "Where it runs",
        }
    ]


def test_a_template_is_summed_up(cloudformation):
    found = cloudformation.get_template_summary(TemplateBody=json.dumps(TEMPLATE))
    assert sorted(found["ResourceTypes"]) == ["AWS::IAM::Role", "AWS::SQS::Queue"]
    assert found["Version"] == "2010-09-09"
    assert json.loads(found["Metadata"]) == {"owner": "sales"}
    [parameter] = found["Parameters"]
    assert parameter["ParameterType"] == "String"
    assert parameter["ParameterConstraints"] == {"AllowedValues": ["dev", "live"]}


def test_a_stacks_template_is_summed_up(shop):
    shop.create({"Resources": {"Orders": QUEUE}})
    found = shop.client.get_template_summary(StackName="shop")
    assert found["ResourceTypes"] == ["AWS::SQS::Queue"]


def test_an_operation_that_is_not_emulated_is_refused_by_name(cloudformation):
    with pytest.raises(ClientError, match="other kinds: CreateStackSet") as refused:
        cloudformation.create_stack_set(StackSetName="shops")
    answer = refused.value.response
    assert answer["Error"]["Code"] == "NotImplemented"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_every_operation_of_cloudformation_is_answered_or_refused_by_name(stacks):
    answered = set(stacks.operations())
    others = set(query.service().operation_names) - answered
    assert len(answered) == 20
    for name in others:
        status, _, body = stacks.handle(environ(f"Action={name}&Version=2010-05-15"))
        assert (status, name in body.decode()) == (501, True)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("RoleARN", "arn:aws:iam::123456789012:role/deployer"),
        ("NotificationARNs", ["arn:aws:sns:us-east-1:123456789012:news"]),
        ("StackPolicyBody", "{}"),
        ("TimeoutInMinutes", 5),
        ("ResourceTypes", ["AWS::SQS::*"]),
    ],
)
def test_a_parameter_without_effect_is_refused_by_name(cloudformation, parameter, value):
    with pytest.raises(ClientError, match=f"{parameter} of CreateStack") as no:
        cloudformation.create_stack(
            StackName="shop", TemplateBody=json.dumps(TEMPLATE), **{parameter: value}
        )
    assert no.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def environ(form: str) -> dict[str, object]:
    body = form.encode()
    return {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "QUERY_STRING": ""}


@pytest.mark.parametrize(
    ("form", "code", "message"),
    [
        ("Action=Fly", "InvalidAction", "Could not find operation Fly for version 2010-05-15"),
        ("", "InvalidAction", "Could not find operation"),
        (
            "Action=CreateStack",
            "ValidationError",
            "1 validation error detected: Value null at 'stackName' failed to satisfy constraint",
        ),
        (
            "Action=CreateStack&StackName=1_2&TemplateBody=x",
            "ValidationError",
            "must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
        ),
        (
            "Action=CreateStack&StackName=shop",
            "ValidationError",
            "Either Template URL or Template Body must be specified.",
        ),
    ],
)
def test_a_call_that_no_client_of_awss_would_send_is_answered_as_aws_does(
    stacks, form, code, message
):
    status, _, body = stacks.handle(environ(form))
    text = body.decode()
    assert status == 400
    assert f"<Code>{code}</Code>" in text
    assert message in text


def test_a_template_of_more_than_51200_bytes_must_come_by_url(cloudformation):
    with pytest.raises(ClientError, match="length less than or equal to 51200"):
        cloudformation.create_stack(StackName="shop", TemplateBody="x" * 51_201)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("describe_stacks", "Stack with id none does not exist"),
        ("describe_stack_events", "Stack [none] does not exist"),
        ("list_stack_resources", "Stack with id none does not exist"),
        ("get_template", "Stack with id none does not exist"),
    ],
)
def test_what_does_not_exist_is_said_in_awss_words(cloudformation, call, message):
    with pytest.raises(ClientError) as refused:
        getattr(cloudformation, call)(StackName="none")
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationError", message)
