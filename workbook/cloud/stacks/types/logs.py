"""AWS::Logs::LogGroup."""

from __future__ import annotations

from .protocol import Context, ResourceType
from .schema import Properties, Schema, by_key, differs, tag_changes
from .shapes import TAGS


class LogGroup(ResourceType):
    """See "AWS::Logs::LogGroup" in AWS's template reference."""

    schema = Schema(
        type="AWS::Logs::LogGroup",
        properties={"LogGroupName": str, "RetentionInDays": int, "Tags": TAGS},
        replaces={"LogGroupName"},
        attributes={"Arn"},
        name_property="LogGroupName",
        tag_form="list",
        missing={"ResourceNotFoundException"},
    )

    def create(self, context: Context, properties: Properties) -> str:
        logs = context.client("logs")
        name: str = properties.get("LogGroupName") or context.name(512)
        logs.create_log_group(logGroupName=name, tags=by_key(properties.get("Tags", [])))
        context.exists(name)
        if "RetentionInDays" in properties:
            logs.put_retention_policy(
                logGroupName=name, retentionInDays=properties["RetentionInDays"]
            )
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        logs = context.client("logs")
        if differs("RetentionInDays", properties, old):
            days = properties.get("RetentionInDays")
            if days is None:
                logs.delete_retention_policy(logGroupName=physical_id)
            else:
                logs.put_retention_policy(logGroupName=physical_id, retentionInDays=days)
        arn = context.arn("logs", f"log-group:{physical_id}")
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            logs.tag_resource(resourceArn=arn, tags=to_set)
        if to_take:
            logs.untag_resource(resourceArn=arn, tagKeys=to_take)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("logs").delete_log_group(logGroupName=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Arn": context.arn("logs", f"log-group:{physical_id}:*")}
