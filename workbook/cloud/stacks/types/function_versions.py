"""What is published of functions: AWS::Lambda::Version, ::Alias and ::LayerVersion."""

from __future__ import annotations

from typing import Any

from ..errors import ResourceFailure
from . import provisioned
from .functions import GONE
from .protocol import Context, ResourceType
from .schema import Properties, Schema, differs, picked


class Version(ResourceType):
    """See "AWS::Lambda::Version" in AWS's template reference."""

    schema = Schema(
        type="AWS::Lambda::Version",
        properties={
            "FunctionName": str,
            "Description": str,
            provisioned.NAME: provisioned.CONFIG,
        },
        required={"FunctionName"},
        replaces={"FunctionName", "Description", provisioned.NAME},
        attributes={"Version", "FunctionArn"},
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        functions, name = context.client("lambda"), properties["FunctionName"]
        pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        before = [each["Version"] for page in pages for each in page["Versions"]]
        made = functions.publish_version(**provisioned.without(properties))
        if made["Version"] in before:  # nothing to publish; it may be another resource's
            raise ResourceFailure(
                f"A version for this Lambda function exists ( {made['Version']} ). "
                "Modify the function to create a new version."
            )
        arn: str = made["FunctionArn"]
        context.exists(arn)
        provisioned.provision(context, name, made["Version"], properties, {})
        return arn

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        """Nothing: every property replaces it."""

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        function, _, number = physical_id.rpartition(":")
        context.client("lambda").delete_function(FunctionName=function, Qualifier=number)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Version": physical_id.rpartition(":")[2], "FunctionArn": physical_id}


class Alias(ResourceType):
    """See "AWS::Lambda::Alias" in AWS's template reference."""

    schema = Schema(
        type="AWS::Lambda::Alias",
        properties={
            "FunctionName": str,
            "FunctionVersion": str,
            "Name": str,
            "Description": str,
            provisioned.NAME: provisioned.CONFIG,
        },
        required={"FunctionName", "FunctionVersion", "Name"},
        replaces={"FunctionName", "Name"},
        attributes={"AliasArn"},
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        asked = provisioned.without(properties)
        arn: str = context.client("lambda").create_alias(**asked)["AliasArn"]
        context.exists(arn)
        self._provision(context, properties, {})
        return arn

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        asked = provisioned.without(properties)
        context.client("lambda").update_alias(**{"Description": "", **asked})
        self._provision(context, properties, old)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("lambda").delete_alias(**picked(properties, "FunctionName", "Name"))

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"AliasArn": physical_id}

    @staticmethod
    def _provision(context: Context, properties: Properties, old: Properties) -> None:
        function, alias = properties["FunctionName"], properties["Name"]
        provisioned.provision(context, function, alias, properties, old)

    def must_replace(self, properties: Properties, old: Properties) -> bool:
        # A function may be named by its name or by its ARN.
        renamed = differs("Name", properties, old)
        return renamed or _name(properties["FunctionName"]) != _name(old["FunctionName"])


class LayerVersion(ResourceType):
    """See "AWS::Lambda::LayerVersion" in AWS's template reference."""

    schema = Schema(
        type="AWS::Lambda::LayerVersion",
        properties={
            "LayerName": str,
            "Description": str,
            "Content": {"S3Bucket": str, "S3Key": str},
            "CompatibleArchitectures": [str],
            "CompatibleRuntimes": [str],
            "LicenseInfo": str,
        },
        required={"Content"},
        replaces={
            "LayerName",
            "Description",
            "Content",
            "CompatibleArchitectures",
            "CompatibleRuntimes",
            "LicenseInfo",
        },
        attributes={"LayerVersionArn"},
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        asked: dict[str, Any] = {"LayerName": context.name(140), **properties}
        arn: str = context.client("lambda").publish_layer_version(**asked)["LayerVersionArn"]
        return arn

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        """Nothing: every property replaces it."""

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        name, _, number = physical_id.rpartition(":")
        context.client("lambda").delete_layer_version(
            LayerName=_name(name), VersionNumber=int(number)
        )

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"LayerVersionArn": physical_id}


def _name(name_or_arn: str) -> str:
    return name_or_arn.rpartition(":")[2]
