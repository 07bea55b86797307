"""AWS::IAM::Policy and AWS::IAM::ManagedPolicy, and who holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .iam import CAPABILITY, GONE, unless_gone
from .protocol import Context, ResourceType
from .schema import Properties, Schema, differs, picked
from .shapes import JSON

_HOLDERS = {"Roles": "role", "Users": "user", "Groups": "group"}
_MOST_VERSIONS = 5  # of a managed policy


class Policy(ResourceType):
    """See "AWS::IAM::Policy" in AWS's template reference: one inline policy, of many holders."""

    schema = Schema(
        type="AWS::IAM::Policy",
        properties={
            "PolicyName": str,
            "PolicyDocument": JSON,
            "Roles": [str],
            "Users": [str],
            "Groups": [str],
        },
        required={"PolicyName", "PolicyDocument"},
        capability=CAPABILITY,
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        physical_id = context.name(64)
        context.exists(physical_id)
        self._put(context, properties)
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        self._put(context, properties)
        kept = set(_holders(properties)) if not differs("PolicyName", properties, old) else set()
        self._take(context, old, [holder for holder in _holders(old) if holder not in kept])

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._take(context, properties, list(_holders(properties)))

    @staticmethod
    def _put(context: Context, properties: Properties) -> None:
        for kind, name in _holders(properties):
            put = getattr(context.client("iam"), f"put_{kind}_policy")
            put(
                **{f"{kind.capitalize()}Name": name},
                PolicyName=properties["PolicyName"],
                PolicyDocument=json.dumps(properties["PolicyDocument"]),
            )

    @staticmethod
    def _take(context: Context, properties: Properties, holders: list[tuple[str, str]]) -> None:
        for kind, name in holders:
            take = getattr(context.client("iam"), f"delete_{kind}_policy")
            unless_gone(
                take, **{f"{kind.capitalize()}Name": name}, PolicyName=properties["PolicyName"]
            )


class ManagedPolicy(ResourceType):
    """See "AWS::IAM::ManagedPolicy" in AWS's template reference."""

    schema = Schema(
        type="AWS::IAM::ManagedPolicy",
        properties={
            "ManagedPolicyName": str,
            "Description": str,
            "Path": str,
            "PolicyDocument": JSON,
            "Roles": [str],
            "Users": [str],
            "Groups": [str],
        },
        required={"PolicyDocument"},
        replaces={"ManagedPolicyName", "Description", "Path"},
        attributes={"PolicyArn"},
        name_property="ManagedPolicyName",
        capability=CAPABILITY,
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        arn: str = context.client("iam").create_policy(
            PolicyName=properties.get("ManagedPolicyName") or context.name(128),
            PolicyDocument=json.dumps(properties["PolicyDocument"]),
            **picked(properties, "Description", "Path"),
        )["Policy"]["Arn"]
        context.exists(arn)
        self._attach(context, arn, properties, {})
        return arn

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        if differs("PolicyDocument", properties, old):
            iam = context.client("iam")
            versions = self._versions(context, physical_id)
            if len(versions) == _MOST_VERSIONS:
                iam.delete_policy_version(PolicyArn=physical_id, VersionId=versions[-1])
            iam.create_policy_version(
                PolicyArn=physical_id,
                PolicyDocument=json.dumps(properties["PolicyDocument"]),
                SetAsDefault=True,
            )
        self._attach(context, physical_id, properties, old)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        iam = context.client("iam")
        versions = self._versions(context, physical_id)
        self._attach(context, physical_id, {}, properties)
        for version in versions:
            iam.delete_policy_version(PolicyArn=physical_id, VersionId=version)
        iam.delete_policy(PolicyArn=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"PolicyArn": physical_id}

    @staticmethod
    def _versions(context: Context, arn: str) -> list[str]:
        """Those that are not in force, the oldest last."""
        found = context.client("iam").list_policy_versions(PolicyArn=arn)["Versions"]
        idle = [each for each in found if not each["IsDefaultVersion"]]
        idle.sort(key=lambda each: int(each["VersionId"].removeprefix("v")), reverse=True)
        return [each["VersionId"] for each in idle]

    @staticmethod
    def _attach(context: Context, arn: str, properties: Properties, old: Properties) -> None:
        iam = context.client("iam")
        wanted, before = set(_holders(properties)), set(_holders(old))
        for kind, name in sorted(before - wanted):
            detach = getattr(iam, f"detach_{kind}_policy")
            unless_gone(detach, **{f"{kind.capitalize()}Name": name}, PolicyArn=arn)
        for kind, name in sorted(wanted - before):
            attach = getattr(iam, f"attach_{kind}_policy")
            attach(**{f"{kind.capitalize()}Name": name}, PolicyArn=arn)


def _holders(properties: Properties) -> Iterator[tuple[str, str]]:
    """Kind and name of everyone who has a policy."""
    for listed, kind in _HOLDERS.items():
        for name in properties.get(listed, []):
            yield kind, name
