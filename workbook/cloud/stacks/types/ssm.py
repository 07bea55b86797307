"""AWS::SSM::Parameter."""

from __future__ import annotations

from ..names import suffix
from .protocol import Context, ResourceType
from .schema import Properties, Schema, as_list, picked
from .shapes import JSON

_SETTINGS = ("Type", "Value", "Description", "AllowedPattern", "DataType", "Tier")


class Parameter(ResourceType):
    """See "AWS::SSM::Parameter" in AWS's template reference."""

    schema = Schema(
        type="AWS::SSM::Parameter",
        properties={
            "Name": str,
            "Type": str,
            "Value": str,
            "Description": str,
            "AllowedPattern": str,
            "DataType": str,
            "Tier": str,
            "Tags": JSON,  # an object here, unlike everywhere else
        },
        required={"Type", "Value"},
        replaces={"Name"},
        attributes={"Type", "Value"},
        name_property="Name",
        tag_form="map",
        missing={"ParameterNotFound"},
    )

    def create(self, context: Context, properties: Properties) -> str:
        name: str = properties.get("Name") or f"CFN-{context.logical_id}-{suffix(context.ids)}"
        context.client("ssm").put_parameter(
            Name=name,
            Tags=as_list(properties.get("Tags", {})),
            **picked(properties, *_SETTINGS),
        )
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        ssm = context.client("ssm")
        now, before = picked(properties, *_SETTINGS), picked(old, *_SETTINGS)
        if now != before:
            empty: dict[str, str] = {
                name: "" for name in ("Description", "AllowedPattern") if name in before
            }
            ssm.put_parameter(Name=physical_id, Overwrite=True, **{**empty, **now})
        tags, old_tags = properties.get("Tags", {}), old.get("Tags", {})
        if tags != old_tags:
            target = {"ResourceType": "Parameter", "ResourceId": physical_id}
            ssm.remove_tags_from_resource(**target, TagKeys=list(old_tags))
            ssm.add_tags_to_resource(**target, Tags=as_list(tags))

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ssm").delete_parameter(Name=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return picked(properties, "Type", "Value")
