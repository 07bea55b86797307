"""AWS::SecretsManager::Secret, its value given or made up."""

from __future__ import annotations

import json
from typing import Any

from ..names import suffix
from .protocol import Context, ResourceType
from .schema import Properties, Schema, as_list, differs, picked, tag_changes
from .shapes import TAGS

_PASSWORD = {  # GetRandomPassword's parameters
    "ExcludeCharacters": str,
    "ExcludeLowercase": bool,
    "ExcludeNumbers": bool,
    "ExcludePunctuation": bool,
    "ExcludeUppercase": bool,
    "IncludeSpace": bool,
    "PasswordLength": int,
    "RequireEachIncludedType": bool,
}


class Secret(ResourceType):
    """See "AWS::SecretsManager::Secret" in AWS's template reference."""

    schema = Schema(
        type="AWS::SecretsManager::Secret",
        properties={
            "Name": str,
            "Description": str,
            "KmsKeyId": str,
            "SecretString": str,
            "GenerateSecretString": {
                **_PASSWORD,
                "GenerateStringKey": str,
                "SecretStringTemplate": str,
            },
            "Tags": TAGS,
        },
        replaces={"Name"},
        attributes={"Id"},
        name_property="Name",
        tag_form="list",
        missing={"ResourceNotFoundException"},
    )

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or f"{context.logical_id}-{suffix(context.ids)}"
        asked = picked(properties, "Description", "KmsKeyId", "Tags")
        arn: str = context.client("secretsmanager").create_secret(
            Name=name, SecretString=_value(context, properties), **asked
        )["ARN"]
        return arn

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        secrets = context.client("secretsmanager")
        changed: dict[str, Any] = {}
        if differs("SecretString", properties, old) or _generates_anew(properties, old):
            changed["SecretString"] = _value(context, properties)
        if differs("Description", properties, old):
            changed["Description"] = properties.get("Description", "")
        if differs("KmsKeyId", properties, old):
            changed["KmsKeyId"] = properties.get("KmsKeyId", "alias/aws/secretsmanager")
        if changed:
            secrets.update_secret(SecretId=physical_id, **changed)
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            secrets.tag_resource(SecretId=physical_id, Tags=as_list(to_set))
        if to_take:
            secrets.untag_resource(SecretId=physical_id, TagKeys=to_take)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        # Without the recovery window, as CloudFormation does: the name is free again.
        context.client("secretsmanager").delete_secret(
            SecretId=physical_id, ForceDeleteWithoutRecovery=True
        )

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Id": physical_id}


def _generates_anew(properties: Properties, old: Properties) -> bool:
    return "GenerateSecretString" in properties and differs("GenerateSecretString", properties, old)


def _value(context: Context, properties: Properties) -> str:
    wanted = properties.get("GenerateSecretString")
    if wanted is None:
        given: str = properties.get("SecretString", "{}")
        return given
    password: str = context.client("secretsmanager").get_random_password(
        **picked(wanted, *_PASSWORD)
    )["RandomPassword"]
    if "GenerateStringKey" not in wanted:
        return password
    template = json.loads(wanted.get("SecretStringTemplate", "{}"))
    return json.dumps({**template, wanted["GenerateStringKey"]: password})
