"""What `aws cloudformation package` does, by boto3: code into a bucket, its address into the template.

And stacks made of the template, each operation waited for.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from workbook.cloud import LocalCloud

BUCKET = "packages"
PATIENCE = 120.0  # seconds; only a machine with much else to do takes so long
ACKNOWLEDGED = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_CODE = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
}


def uploaded(folder: Path, cloud: LocalCloud) -> dict[str, Any]:
    """The template of a packaged app, its code in a bucket under the name of its content."""
    template: dict[str, Any] = json.loads((folder / "sam.json").read_text())
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for resource in template["Resources"].values():
        name = _CODE.get(resource["Type"])
        if name is not None:
            code = (folder / resource["Properties"][name]).read_bytes()
            key = hashlib.md5(code).hexdigest()
            s3.put_object(Bucket=BUCKET, Key=key, Body=code)
            resource["Properties"][name] = f"s3://{BUCKET}/{key}"
    return template


class Stack:
    """A stack of a cloud, by its name; each operation to its end."""

    def __init__(self, cloud: LocalCloud, name: str) -> None:
        self._cloud, self.name = cloud, name
        self._client = cloud.client("cloudformation")

    def create(self, template: dict[str, Any], **more: Any) -> str:
        """Its status in the end."""
        return self._operate(self._client.create_stack, template, more)

    def update(self, template: dict[str, Any], **more: Any) -> str:
        """Its status in the end."""
        return self._operate(self._client.update_stack, template, more)

    def delete(self) -> str:
        """Its status in the end."""
        stack_id = self.described()["StackId"]
        self._client.delete_stack(StackName=self.name)
        self._cloud.settle(timeout=PATIENCE)
        return str(self.described(stack_id)["StackStatus"])

    def change(self, name: str, template: dict[str, Any], kind: str = "UPDATE") -> dict[str, Any]:
        """A change set, described."""
        made = self._client.create_change_set(
            StackName=self.name,
            ChangeSetName=name,
            ChangeSetType=kind,
            Capabilities=ACKNOWLEDGED,
            TemplateURL=self._put(template),
        )
        described: dict[str, Any] = self._client.describe_change_set(ChangeSetName=made["Id"])
        return described

    def execute(self, change_set: str) -> str:
        """The stack's status after a change set was carried out."""
        self._client.execute_change_set(StackName=self.name, ChangeSetName=change_set)
        self._cloud.settle(timeout=PATIENCE)
        return str(self.described()["StackStatus"])

    def described(self, name: str = "") -> dict[str, Any]:
        """As DescribeStacks tells it."""
        [found] = self._client.describe_stacks(StackName=name or self.name)["Stacks"]
        return dict(found)

    def outputs(self) -> dict[str, str]:
        """Its outputs by key."""
        return {
            each["OutputKey"]: each["OutputValue"] for each in self.described().get("Outputs", [])
        }

    def resource(self, logical_id: str) -> str:
        """The physical id of one of its resources."""
        found = self._client.describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def resource_of(self, kind: str) -> str:
        """The physical id of its one resource of a type."""
        found = self._client.list_stack_resources(StackName=self.name)["StackResourceSummaries"]
        [it] = (each for each in found if each["ResourceType"] == kind)
        return str(it["PhysicalResourceId"])

    def statuses(self, logical_id: str) -> list[str]:
        """What one of its resources went through, the first status first."""
        events = self._client.describe_stack_events(StackName=self.name)["StackEvents"]
        return [
            event["ResourceStatus"]
            for event in reversed(events)
            if event["LogicalResourceId"] == logical_id
        ]

    def failures(self) -> dict[str, str]:
        """Why each resource failed."""
        events = self._client.describe_stack_events(StackName=self.name)["StackEvents"]
        return {
            event["LogicalResourceId"]: event["ResourceStatusReason"]
            for event in events
            if event["ResourceStatus"].endswith("_FAILED") and "ResourceStatusReason" in event
        }

    def _operate(self, call: Any, template: dict[str, Any], more: dict[str, Any]) -> str:
        call(
            StackName=self.name,
            TemplateURL=self._put(template),
            **{"Capabilities": ACKNOWLEDGED, **more},
        )
        self._cloud.settle(timeout=PATIENCE)
        return str(self.described()["StackStatus"])

    def _put(self, template: dict[str, Any]) -> str:
        """The template in the bucket; nearly every packaged one is too long for a call."""
        body = json.dumps(template).encode()
        key = hashlib.md5(body).hexdigest() + ".template"
        self._cloud.client("s3").create_bucket(Bucket=BUCKET)
        self._cloud.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)
        return f"{self._cloud.endpoint}/{BUCKET}/{key}"
