"""Templates: how they are read, what their functions give, and what is refused by name."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from workbook.cloud.stacks.template import parse
from workbook.cloud.stacks.types import TYPES

QUEUE = {"Type": "AWS::SQS::Queue"}


def outputs_of(shop, expressions, **sections):
    template = {
        **sections,
        "Resources": {"Orders": QUEUE},
        "Outputs": {name: {"Value": value} for name, value in expressions.items()},
    }
    shop.create(template)
    assert shop.stack()["StackStatus"] == "CREATE_COMPLETE", shop.stack()
    return shop.outputs()


def test_functions_give_their_values(shop):
    expressions = {
        "Sub": {"Fn::Sub": "${AWS::StackName} in ${AWS::Region}, ${!Literal}"},
        "SubWithMap": {"Fn::Sub": ["${What} of ${AWS::AccountId}", {"What": "queue"}]},
        "SubOfAttribute": {"Fn::Sub": "${Orders.Arn}"},
        "GetAtt": {"Fn::GetAtt": ["Orders", "Arn"]},
        "GetAttAsText": {"Fn::GetAtt": "Orders.Arn"},
        "Join": {"Fn::Join": ["-", ["a", {"Ref": "AWS::Partition"}, 3]]},
        "Select": {"Fn::Select": ["1", ["a", "b"]]},
        "Split": {"Fn::Select": [2, {"Fn::Split": [",", "a,b,c"]}]},
        "If": {"Fn::If": ["Big", "many", "few"]},
        "FindInMap": {"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "Small"]},
        "Base64": {"Fn::Base64": "hello"},
        "Zones": {"Fn::Join": [",", {"Fn::GetAZs": "eu-west-1"}]},
        "Nested": {"Fn::Join": ["", {"Fn::If": ["Big", ["x"], {"Ref": "AWS::NoValue"}]}]},
    }
    given = outputs_of(
        shop,
        expressions,
        Mappings={"Sizes": {"us-east-1": {"Small": "S"}}},
        Conditions={"Big": {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}},
    )
    arn = "arn:aws:sqs:us-east-1:123456789012:" + shop.resource("Orders").rpartition("/")[2]
    assert given == {
        "Sub": "shop in us-east-1, ${Literal}",
        "SubWithMap": "queue of 123456789012",
        "SubOfAttribute": arn,
        "GetAtt": arn,
        "GetAttAsText": arn,
        "Join": "a-aws-3",
        "Select": "b",
        "Split": "c",
        "If": "many",
        "FindInMap": "S",
        "Base64": "aGVsbG8=",
        "Zones": "eu-west-1a,eu-west-1b,eu-west-1c",
        "Nested": "x",
    }


def test_conditions_combine(shop):
    yes, no = {"Fn::Equals": ["a", "a"]}, {"Fn::Equals": ["a", "b"]}
    conditions = {
        "Yes": yes,
        "No": no,
        "And": {"Fn::And": [yes, {"Condition": "Yes"}]},
        "AndNot": {"Fn::And": [yes, no]},
        "Or": {"Fn::Or": [no, {"Condition": "Yes"}]},
        "OrNot": {"Fn::Or": [no, {"Condition": "No"}]},
    }
    expressions = {name: {"Fn::If": [name, "true", "false"]} for name in conditions}
    assert outputs_of(shop, expressions, Conditions=conditions) == {
        "Yes": "true",
        "No": "false",
        "And": "true",
        "AndNot": "false",
        "Or": "true",
        "OrNot": "false",
    }


def test_a_condition_decides_over_resources_and_outputs(shop, aws):
    template = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"Live": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
        "Resources": {"Orders": QUEUE, "Backup": {**QUEUE, "Condition": "Live"}},
        "Outputs": {"Backup": {"Condition": "Live", "Value": {"Ref": "Backup"}}},
    }
    stage = {"ParameterKey": "Stage"}
    shop.create(template, Parameters=[{**stage, "ParameterValue": "dev"}])
    assert (len(aws("sqs").list_queues()["QueueUrls"]), shop.outputs()) == (1, {})
    shop.update(template, Parameters=[{**stage, "ParameterValue": "live"}])
    assert shop.outputs() == {"Backup": shop.resource("Backup")}
    shop.update(template, Parameters=[{**stage, "ParameterValue": "dev"}])
    assert (len(aws("sqs").list_queues()["QueueUrls"]), shop.outputs()) == (1, {})


def test_yaml_with_short_forms_is_read(shop, aws):
    shop.create(
        """
        AWSTemplateFormatVersion: 2010-09-09
        Description: Orders and where they go when they fail
        Conditions:
          Always: !Equals [a, a]
        Resources:
          Dead:
            Type: AWS::SQS::Queue
          Orders:
            Type: AWS::SQS::Queue
            Condition: Always
            Properties:
              QueueName: !Join ['-', [!Ref AWS::StackName, !Select [0, [orders]]]]
              VisibilityTimeout: !If [Always, 77, !Ref AWS::NoValue]
              RedrivePolicy:
                deadLetterTargetArn: !GetAtt Dead.Arn
                maxReceiveCount: 3
          Allowed:
            Type: AWS::SQS::QueuePolicy
            Properties:
              Queues: [!Ref Orders]
              PolicyDocument:
                Version: 2012-10-17
                Statement:
                  - {Effect: Allow, Principal: '*', Action: 'sqs:*', Resource: !GetAtt Orders.Arn}
        Outputs:
          Name:
            Value: !Sub '${Orders.QueueName} of ${AWS::StackName}'
        """
    )
    assert shop.outputs() == {"Name": "shop-orders of shop"}
    found = aws("sqs").get_queue_attributes(
        QueueUrl=shop.resource("Orders"), AttributeNames=["All"]
    )["Attributes"]
    assert found["VisibilityTimeout"] == "77"
    assert json.loads(found["Policy"])["Version"] == "2012-10-17", "a date stays text"


def test_language_extensions_are_asked_for_by_transform(shop):
    expressions = {
        "Length": {"Fn::Length": ["a", "b"]},
        "Json": {"Fn::ToJsonString": {"a": [1, {"Ref": "AWS::Region"}]}},
        "Default": {"Fn::FindInMap": ["Sizes", "none", "Small", {"DefaultValue": "M"}]},
    }
    mappings = {"Sizes": {"us-east-1": {"Small": "S"}}}
    given = outputs_of(shop, expressions, Transform="AWS::LanguageExtensions", Mappings=mappings)
    assert given == {"Length": "2", "Json": '{"a":[1,"us-east-1"]}', "Default": "M"}
    shop.create(
        {"Resources": {"It": {**QUEUE, "Properties": {"DelaySeconds": {"Fn::Length": []}}}}},
        name="plain",
    )
    assert "Fn::Length" in shop.failures("plain")["It"]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{", "Template format error: JSON not well-formed. (line 1, column 2)"),
        ("a: [", "Template format error: YAML not well-formed. (line 1, column 5)"),
        ("words", "Template format error: unsupported structure."),
        ({}, "Template format error: At least one Resources member must be defined."),
        ({"Wishes": {}}, "Invalid template property or properties [Wishes]"),
        (
            {"Resources": {"It": {}}},
            (
                "Template format error: [/Resources/It] Every Resources object must contain a "
                "Type member."
            ),
        ),
        (
            {"Resources": {"It": {"Type": "AWS::EC2::Instance"}, "You": {"Type": "AWS::X::Y"}}},
            "Template format error: Unrecognized resource types: [AWS::EC2::Instance, AWS::X::Y]",
        ),
        (
            {"Resources": {"not-alphanumeric": QUEUE}},
            "Template format error: Resource name not-alphanumeric is non alphanumeric.",
        ),
        (
            {"Resources": {"It": {**QUEUE, "UpdatePolicy": {}}}},
            "Invalid template resource property 'UpdatePolicy'",
        ),
        (
            {"Resources": {"It": {**QUEUE, "DeletionPolicy": "Snapshot"}}},
            "Template format error: Unrecognized DeletionPolicy Snapshot for resource It",
        ),
        (
            {"Resources": {"It": {**QUEUE, "Properties": {"QueueName": {"Ref": "Nobody"}}}}},
            (
                "Template format error: Unresolved resource dependencies [Nobody] in the Resources "
                "block of the template"
            ),
        ),
        (
            {"Resources": {"It": {**QUEUE, "DependsOn": "Nobody"}}},
            (
                "Template format error: Unresolved resource dependencies [Nobody] in the Resources "
                "block of the template"
            ),
        ),
        (
            {"Resources": {"It": QUEUE}, "Outputs": {"Out": {"Value": {"Fn::Sub": "${Nobody}"}}}},
            (
                "Template format error: Unresolved resource dependencies [Nobody] in the Outputs "
                "block of the template"
            ),
        ),
        (
            {"Resources": {"It": QUEUE}, "Outputs": {"A": {"Value": {"Fn::GetAtt": "It.Size"}}}},
            "Template error: resource It does not support attribute type Size in Fn::GetAtt",
        ),
        (
            {
                "Resources": {
                    "A": {**QUEUE, "DependsOn": "B"},
                    "B": {**QUEUE, "Properties": {"QueueName": {"Fn::GetAtt": ["C", "Arn"]}}},
                    "C": {**QUEUE, "Properties": {"QueueName": {"Fn::Sub": "${A}"}}},
                    "D": {**QUEUE, "DependsOn": "A"},
                }
            },
            "Circular dependency between resources: [A, B, C]",
        ),
        (
            {
                "Conditions": {"A": {"Fn::Not": [{"Condition": "A"}]}},
                "Resources": {"It": QUEUE},
            },
            "Template error: Circular dependency for conditions: [A]",
        ),
        (
            {"Resources": {"It": {**QUEUE, "Properties": ["QueueName"]}}},
            "Template format error: [/Resources/It/Properties] must be an object.",
        ),
        (
            {"Resources": {"A": {**QUEUE, "Properties": {"QueueName": {"Ref": "A"}}}}},
            "Circular dependency between resources: [A]",
        ),
    ],
)
def test_what_is_wrong_with_a_template_is_named(shop, template, message):
    with pytest.raises(ClientError) as refused:
        shop.create(template)
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationError", message)
    assert shop.client.list_stacks()["StackSummaries"] == [], "a refused call leaves no stack"


def test_an_unsupported_property_fails_the_stack_by_name(shop):
    instance = {"Type": "AWS::S3::Bucket", "Properties": {"WebsiteConfiguration": {}}}
    nested = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"VersioningConfiguration": {"Status": "Enabled", "MfaDelete": "on"}},
    }
    for template, property_name in (
        (instance, "WebsiteConfiguration"),
        (nested, "VersioningConfiguration.MfaDelete"),
    ):
        stack = shop.create({"Resources": {"It": template}})
        assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
        assert shop.failures()["It"] == f"Encountered unsupported property {property_name}"
        shop.delete()


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"DelaySeconds": "soon"}, "Value of property DelaySeconds must be of type Integer"),
        ({"Tags": {"a": "b"}}, "Value of property Tags must be of type List"),
        ({"QueueName": ["a"]}, "Value of property QueueName must be of type String"),
        ({"FifoQueue": "yes"}, "Value of property FifoQueue must be of type Boolean"),
    ],
)
def test_a_value_of_another_type_fails_the_stack(shop, properties, reason):
    shop.create({"Resources": {"It": {**QUEUE, "Properties": properties}}})
    assert shop.failures()["It"] == reason


def test_a_missing_property_fails_the_stack(shop):
    shop.create({"Resources": {"It": {"Type": "AWS::SNS::Subscription", "Properties": {}}}})
    assert "#: required key [Protocol] not found" in shop.failures()["It"]


def test_a_transform_that_nobody_has_is_refused_by_its_name(shop):
    with pytest.raises(ClientError, match=r"No transform named Shop::Macro found\."):
        shop.create(
            {"Transform": "Shop::Macro", "Resources": {"It": QUEUE}},
            Capabilities=["CAPABILITY_AUTO_EXPAND"],
        )


def test_a_transform_can_be_carried_out():
    def transform(name, document, parameters):
        assert name == "Shop::Macro"
        return {"Resources": {parameters["Name"]: QUEUE}}

    template = parse('{"Transform": "Shop::Macro"}', TYPES, transform, {"Name": "Made"})
    assert set(template.resources) == {"Made"}
    assert template.transforms == ("Shop::Macro",)
