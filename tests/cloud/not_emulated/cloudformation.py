"""Stacks and their templates."""

from __future__ import annotations

import json
from typing import Any

from workbook.cloud.missing import Missing

from .given import Call


def stack(template: dict[str, Any], **more: Any) -> Call:
    resources = {"Orders": {"Type": "AWS::SQS::Queue"}}
    body = json.dumps({"Resources": resources, **template})
    return "cloudformation", "create_stack", {"StackName": "s", "TemplateBody": body, **more}


CALLS: dict[Missing, list[Call]] = {
    Missing.TRANSFORMS: [
        stack({"Transform": "AWS::CodeStar"}, Capabilities=["CAPABILITY_AUTO_EXPAND"]),
        stack(
            {"Transform": ["AWS::SecretsManager-2020-07-23"]},
            Capabilities=["CAPABILITY_AUTO_EXPAND"],
        ),
    ],
    Missing.APPLICATIONS: [
        stack(
            {
                "Transform": "AWS::Serverless-2016-10-31",
                "Resources": {
                    "Inner": {
                        "Type": "AWS::Serverless::Application",
                        "Properties": {"Location": "https://example.com/inner.yaml"},
                    }
                },
            },
            Capabilities=["CAPABILITY_AUTO_EXPAND"],
        ),
    ],
    Missing.STACK_SETS: [
        ("cloudformation", "create_stack_set", {"StackSetName": "s", "TemplateBody": "{}"}),
    ],
    Missing.DRIFT_DETECTION: [
        ("cloudformation", "detect_stack_drift", {"StackName": "s"}),
    ],
    Missing.STACK_POLICIES: [
        ("cloudformation", "set_stack_policy", {"StackName": "s", "StackPolicyBody": "{}"}),
    ],
    Missing.TYPE_REGISTRY: [
        (
            "cloudformation",
            "register_type",
            {"TypeName": "My::Own::Type", "SchemaHandlerPackage": "s3://bucket/key"},
        ),
    ],
    Missing.GENERATED_TEMPLATES: [
        ("cloudformation", "create_generated_template", {"GeneratedTemplateName": "t"}),
    ],
    Missing.STACK_CALLS: [
        ("cloudformation", "describe_account_limits", {}),
    ],
    Missing.STACK_PARAMETERS: [
        stack({}, TimeoutInMinutes=5),
    ],
    Missing.CHANGE_SET_TYPES: [
        (
            "cloudformation",
            "create_change_set",
            {"StackName": "s", "ChangeSetName": "c", "ChangeSetType": "IMPORT"},
        ),
    ],
    Missing.FORCED_DELETION: [
        (
            "cloudformation",
            "delete_stack",
            {"StackName": "s", "DeletionMode": "FORCE_DELETE_STACK"},
        ),
    ],
    Missing.PARAMETER_TYPES: [
        stack(
            {"Parameters": {"Net": {"Type": "AWS::EC2::VPC::Id"}}},
            Parameters=[{"ParameterKey": "Net", "ParameterValue": "vpc-1"}],
        ),
    ],
    Missing.TEMPLATE_SECTIONS: [
        stack({"Rules": {}}),
        stack({"Hooks": {}}),
    ],
    Missing.TRANSFORM_PARAMETERS: [
        stack({"Transform": [{"Name": "Mine", "Parameters": {}}]}),
    ],
}
