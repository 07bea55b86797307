"""Parameters: their values, their constraints, and the secrets that stay secret."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


def with_parameter(**declared):
    return {
        "Parameters": {"It": declared},
        "Resources": {
            "Log": {
                "Type": "AWS::Logs::LogGroup",
                "Properties": {"LogGroupName": {"Fn::Sub": "/shop/${AWS::StackName}"}},
            }
        },
        "Outputs": {"It": {"Value": {"Ref": "It"}}},
    }


def given(value):
    return [{"ParameterKey": "It", "ParameterValue": value}]


def test_a_value_or_else_the_default_is_used(shop):
    template = with_parameter(Type="String", Default="few")
    shop.create(template)
    assert shop.outputs() == {"It": "few"}
    shop.update(template, Parameters=given("many"))
    assert shop.outputs() == {"It": "many"}
    assert shop.stack()["Parameters"] == given("many")


def test_lists_are_split(shop):
    template = with_parameter(Type="CommaDelimitedList", Default="a, b,c")
    template["Outputs"]["It"]["Value"] = {"Fn::Join": ["|", {"Ref": "It"}]}
    shop.create(template)
    assert shop.outputs() == {"It": "a|b|c"}


def test_a_hidden_parameter_is_used_and_not_shown(shop):
    shop.create(with_parameter(Type="String", NoEcho=True), Parameters=given("password"))
    assert shop.outputs() == {"It": "password"}
    assert shop.stack()["Parameters"] == given("****")


def test_a_parameter_is_read_from_the_parameter_store(shop, aws):
    aws("ssm").put_parameter(Name="/shop/colour", Value="blue", Type="String")
    template = with_parameter(Type="AWS::SSM::Parameter::Value<String>")
    shop.create(template, Parameters=given("/shop/colour"))
    assert shop.outputs() == {"It": "blue"}
    [shown] = shop.stack()["Parameters"]
    assert (shown["ParameterValue"], shown["ResolvedValue"]) == ("/shop/colour", "blue")

    aws("ssm").put_parameter(Name="/shop/colour", Value="red", Type="String", Overwrite=True)
    shop.update(template, Parameters=given("/shop/colour"))
    assert shop.outputs() == {"It": "red"}


@pytest.mark.parametrize(
    ("declared", "value", "message"),
    [
        ({"Type": "String"}, None, "Parameters: [It] must have values"),
        (
            {"Type": "String", "AllowedValues": ["a", 2]},
            "b",
            "Parameter 'It' must be one of AllowedValues",
        ),
        (
            {"Type": "String", "AllowedPattern": "[a-z]+"},
            "A",
            "Parameter 'It' must match pattern [a-z]+",
        ),
        (
            {"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "small"},
            "A",
            "Parameter 'It' failed to satisfy constraint: small",
        ),
        (
            {"Type": "String", "MinLength": 2},
            "A",
            "Parameter 'It' must contain at least 2 characters",
        ),
        (
            {"Type": "String", "MaxLength": "2"},
            "AAA",
            "Parameter 'It' must contain at most 2 characters",
        ),
        ({"Type": "Number"}, "A", "Parameter 'It' must be a number"),
        (
            {"Type": "Number", "MinValue": 2},
            "1",
            "Parameter 'It' must be a number not less than 2",
        ),
        (
            {"Type": "List<Number>", "MaxValue": 2},
            "1,3",
            "Parameter 'It' must be a number not greater than 2",
        ),
        (
            {"Type": "AWS::SSM::Parameter::Value<String>"},
            "/none",
            "Unable to fetch parameters [/none] from parameter store for this account.",
        ),
        ({"Type": "String", "Color": "x"}, "A", "Invalid template parameter property 'Color'"),
    ],
)
def test_what_is_wrong_with_a_parameter_is_named(shop, declared, value, message):
    with pytest.raises(ClientError) as refused:
        shop.create(with_parameter(**declared), Parameters=[] if value is None else given(value))
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationError", message)


def test_a_parameter_that_is_not_declared_is_refused(shop):
    template = with_parameter(Type="String", Default="x")
    with pytest.raises(ClientError, match=r"\[Other\] do not exist in the template"):
        shop.create(template, Parameters=[{"ParameterKey": "Other", "ParameterValue": "x"}])


def test_a_type_of_a_service_that_is_not_here_is_refused_by_name(shop):
    with pytest.raises(ClientError, match="AWS::EC2::KeyPair::KeyName") as refused:
        shop.create(with_parameter(Type="AWS::EC2::KeyPair::KeyName"), Parameters=given("x"))
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_dynamic_references_reach_the_resource_and_nobody_else(shop, aws):
    aws("ssm").put_parameter(Name="/shop/colour", Value="blue", Type="String")
    secret = aws("secretsmanager").create_secret(
        Name="shop", SecretString='{"password": "sesame"}'
    )["ARN"]
    shop.create(
        {
            "Resources": {
                "Door": {
                    "Type": "AWS::SSM::Parameter",
                    "Properties": {
                        "Name": "/shop/door",
                        "Type": "String",
                        "Value": "{{resolve:secretsmanager:shop:SecretString:password}} "
                        f"{{{{resolve:secretsmanager:{secret}:SecretString:password}}}} "
                        "{{resolve:ssm:/shop/colour:1}}",
                    },
                }
            }
        }
    )
    found = aws("ssm").get_parameter(Name="/shop/door")["Parameter"]["Value"]
    assert found == "sesame sesame blue"
    events = shop.client.describe_stack_events(StackName="shop")
    assert "sesame" not in str(events)


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("{{resolve:ssm:/none}}", "Could not resolve {{resolve:ssm:/none}}"),
        ("{{resolve:secretsmanager:none}}", "Could not resolve {{resolve:secretsmanager:none}}"),
        ("{{resolve:vault:x}}", "Dynamic references of the kind vault are not supported"),
    ],
)
def test_a_dynamic_reference_to_nothing_fails_the_resource(shop, reference, reason):
    properties = {"Type": "String", "Value": reference}
    shop.create({"Resources": {"It": {"Type": "AWS::SSM::Parameter", "Properties": properties}}})
    assert shop.failures()["It"].startswith(reason)
