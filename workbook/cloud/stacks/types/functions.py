"""AWS::Lambda::Function; what is made of it (versions, aliases, layers) is function_versions.py's."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ..errors import ResourceFailure
from .protocol import Context, ResourceType
from .schema import Properties, Schema, by_key, differs, picked, tag_changes
from .shapes import TAGS, TEXTS

GONE = frozenset({"ResourceNotFoundException"})
_CODE = {
    "S3Bucket": str,
    "S3Key": str,
    "S3ObjectVersion": str,
    "ZipFile": str,
}
# What UpdateFunctionConfiguration is told where a property is taken away.
_DEFAULTS: dict[str, Any] = {
    "Description": "",
    "Environment": {"Variables": {}},
    "Layers": [],
    "MemorySize": 128,
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
}
_SETTINGS = ("Handler", "Role", "Runtime", *_DEFAULTS)


class Function(ResourceType):
    """See "AWS::Lambda::Function" in AWS's template reference."""

    schema = Schema(
        type="AWS::Lambda::Function",
        properties={
            "FunctionName": str,
            "Code": _CODE,
            "Architectures": [str],
            "Description": str,
            "Environment": {"Variables": TEXTS},
            "Handler": str,
            "Layers": [str],
            "MemorySize": int,
            "ReservedConcurrentExecutions": int,
            "Role": str,
            "Runtime": str,
            "Timeout": int,
            "TracingConfig": {"Mode": str},
            "Tags": TAGS,
        },
        required={"Code", "Role"},
        replaces={"FunctionName"},
        attributes={"Arn"},
        name_property="FunctionName",
        tag_form="list",
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        name: str = properties.get("FunctionName") or context.name(64)
        functions = context.client("lambda")
        functions.create_function(
            FunctionName=name,
            Code=_code(context, properties),
            Tags=by_key(properties.get("Tags", [])),
            **picked(properties, "Architectures"),
            **picked(properties, *_SETTINGS),
        )
        context.exists(name)
        if "ReservedConcurrentExecutions" in properties:
            self._reserve(functions, name, properties)
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        if not {"Handler", "Runtime"} <= properties.keys():  # else it would go on with what it had
            raise ResourceFailure(
                "Runtime and Handler are mandatory parameters for functions created with "
                "deployment packages."
            )
        functions = context.client("lambda")
        if differs("Code", properties, old):
            functions.update_function_code(FunctionName=physical_id, **_code(context, properties))
        if any(differs(name, properties, old) for name in _SETTINGS):
            wanted = {**_DEFAULTS, **picked(properties, *_SETTINGS)}
            functions.update_function_configuration(FunctionName=physical_id, **wanted)
        if differs("ReservedConcurrentExecutions", properties, old):
            self._reserve(functions, physical_id, properties)
        arn = context.arn("lambda", f"function:{physical_id}")
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            functions.tag_resource(Resource=arn, Tags=to_set)
        if to_take:
            functions.untag_resource(Resource=arn, TagKeys=to_take)

    def check_change(self, properties: Properties, old: Properties) -> None:
        if differs("Architectures", properties, old):
            raise ResourceFailure(
                "The local cloud cannot change Architectures of a function that is there"
            )

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("lambda").delete_function(FunctionName=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Arn": context.arn("lambda", f"function:{physical_id}")}

    @staticmethod
    def _reserve(functions: Any, name: str, properties: Properties) -> None:
        executions = properties.get("ReservedConcurrentExecutions")
        if executions is None:
            functions.delete_function_concurrency(FunctionName=name)
            return
        functions.put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=executions
        )


def _code(context: Context, properties: Properties) -> dict[str, Any]:
    """The code, or where it is, as the API takes it."""
    code: dict[str, Any] = dict(properties["Code"])
    if "ZipFile" in code:
        if len(code) > 1:
            raise ResourceFailure(
                "Please do not provide other FunctionCode parameters with ZipFile"
            )
        return {"ZipFile": _packed(code["ZipFile"])}
    version = code.pop("S3ObjectVersion", None)
    if version is None:
        return code
    # Lambda itself would take the newest one here, whichever is named.
    found = context.client("s3").get_object(
        Bucket=code["S3Bucket"], Key=code["S3Key"], VersionId=version
    )
    return {"ZipFile": found["Body"].read()}


def _packed(source: str) -> bytes:
    """Source that stands in the template becomes index.py of a package."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), source)
    return packed.getvalue()
