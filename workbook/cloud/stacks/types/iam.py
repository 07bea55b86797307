"""AWS::IAM::Role; policies that are resources of their own are in iam_policies.py."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from .protocol import Context, ResourceType
from .schema import Properties, Schema, as_list, differs, picked, tag_changes
from .shapes import JSON, TAGS

CAPABILITY = "CAPABILITY_IAM"
GONE = frozenset({"NoSuchEntity"})


class Role(ResourceType):
    """See "AWS::IAM::Role" in AWS's template reference."""

    schema = Schema(
        type="AWS::IAM::Role",
        properties={
            "RoleName": str,
            "AssumeRolePolicyDocument": JSON,
            "Description": str,
            "ManagedPolicyArns": [str],
            "MaxSessionDuration": int,
            "Path": str,
            "PermissionsBoundary": str,
            "Policies": [{"PolicyName": str, "PolicyDocument": JSON}],
            "Tags": TAGS,
        },
        required={"AssumeRolePolicyDocument"},
        replaces={"RoleName", "Path"},
        attributes={"Arn", "RoleId"},
        name_property="RoleName",
        tag_form="list",
        capability=CAPABILITY,
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        name: str = properties.get("RoleName") or context.name(64)
        context.client("iam").create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]),
            **picked(
                properties,
                "Description",
                "MaxSessionDuration",
                "Path",
                "PermissionsBoundary",
                "Tags",
            ),
        )
        context.exists(name)
        self._set_policies(context, name, properties, {})
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        iam, role = context.client("iam"), {"RoleName": physical_id}
        if differs("AssumeRolePolicyDocument", properties, old):
            document = json.dumps(properties["AssumeRolePolicyDocument"])
            iam.update_assume_role_policy(**role, PolicyDocument=document)
        if differs("Description", properties, old) or differs(
            "MaxSessionDuration", properties, old
        ):
            iam.update_role(
                **role,
                Description=properties.get("Description", ""),
                MaxSessionDuration=properties.get("MaxSessionDuration", 3600),
            )
        if differs("PermissionsBoundary", properties, old):
            boundary = picked(properties, "PermissionsBoundary")
            if boundary:
                iam.put_role_permissions_boundary(**role, **boundary)
            else:
                iam.delete_role_permissions_boundary(**role)
        self._set_policies(context, physical_id, properties, old)
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            iam.tag_role(**role, Tags=as_list(to_set))
        if to_take:
            iam.untag_role(**role, TagKeys=to_take)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        iam = context.client("iam")
        iam.get_role(RoleName=physical_id)  # gone already?
        # What others have put on it stands in the way, on AWS too.
        self._set_policies(context, physical_id, {}, properties)
        iam.delete_role(RoleName=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        role = context.client("iam").get_role(RoleName=physical_id)["Role"]
        return {"Arn": role["Arn"], "RoleId": role["RoleId"]}

    @staticmethod
    def _set_policies(context: Context, name: str, properties: Properties, old: Properties) -> None:
        iam = context.client("iam")
        wanted, before = properties.get("ManagedPolicyArns", []), old.get("ManagedPolicyArns", [])
        for arn in before:
            if arn not in wanted:
                unless_gone(iam.detach_role_policy, RoleName=name, PolicyArn=arn)
        for arn in wanted:
            if arn not in before:
                iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        inline = {each["PolicyName"]: each for each in properties.get("Policies", [])}
        for each in old.get("Policies", []):
            if each["PolicyName"] not in inline:
                unless_gone(iam.delete_role_policy, RoleName=name, PolicyName=each["PolicyName"])
        for policy, each in inline.items():
            document = json.dumps(each["PolicyDocument"])
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)


def unless_gone(call: Any, **arguments: str) -> None:
    """Make a call that takes something away; it may have gone before."""
    try:
        call(**arguments)
    except ClientError as refused:
        if refused.response["Error"]["Code"] not in GONE:
            raise
