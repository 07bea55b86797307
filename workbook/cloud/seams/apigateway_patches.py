"""Patch operations of REST APIs, stages and usage plans, as AWS takes them.

Everything else about REST APIs is apigateway.py's.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.apigateway.models",
    "RestAPI.apply_patch_operations",
    "self patch_operations",
    rests_on="self.binaryMediaTypes = [value]",
    replaces="ignores minimumCompressionSize, and takes a media type from the value, not the path",
)
def _patch_as_aws_does(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def apply_patch_operations(self: Any, patch_operations: list[dict[str, Any]]) -> None:
        rest = []
        for operation in patch_operations:
            _, name, *of = operation["path"].split("/")
            media_type = of[0].replace("~1", "/") if of else ""
            if name == "minimumCompressionSize":
                value = operation.get("value")
                self.minimum_compression_size = int(value) if value else None
            elif name == "binaryMediaTypes" and media_type:
                kept = [each for each in self.binaryMediaTypes if each != media_type]
                if operation["op"] == "add":
                    kept.append(media_type)
                elif operation["op"] == "replace":
                    kept.append(operation["value"])
                self.binaryMediaTypes = kept
            else:
                rest.append(operation)
        original(self, rest)

    return apply_patch_operations


@SEAMS.at(
    "moto.apigateway.models",
    "Stage.apply_operations",
    "self patch_operations",
    rests_on='if op["path"] == "/accessLogSettings":',
    replaces="goes on as before when the settings of a method are removed",
)
def _remove_method_settings(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def apply_operations(self: Any, patch_operations: list[dict[str, Any]]) -> Any:
        for operation in patch_operations:
            if operation["op"] == "remove":
                self.method_settings.pop(operation["path"].lstrip("/"), None)
        return original(self, patch_operations)

    return apply_operations


@SEAMS.at(
    "moto.apigateway.models",
    "UsagePlan.apply_patch_operations",
    "self patch_operations",
    rests_on='self.throttle["rateLimit"] = int(value)',
    replaces="fails on rates that are no whole number, and passes over limits of single methods",
)
def _patch_rates_as_aws_does(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def apply_patch_operations(self: Any, patch_operations: list[dict[str, Any]]) -> None:
        for operation in patch_operations:
            path, value = operation["path"], operation.get("value")
            of_method = re.fullmatch(r"/apiStages/([^:]+):([^/]+)/throttle/(.+)", path)
            if path == "/throttle/rateLimit" and operation["op"] != "remove":
                self.throttle["rateLimit"] = float(value or 0)
            elif of_method is not None:
                where = {"apiId": of_method[1], "stage": of_method[2]}
                _patch_method_rate(self.api_stages, where, of_method[3], operation)
            else:
                original(self, [operation])  # in its turn: one may take back another

    return apply_patch_operations


def _patch_method_rate(
    stages: list[dict[str, Any]], where: dict[str, str], path: str, operation: dict[str, Any]
) -> None:
    """/items/{id}/GET, its slashes written ~1 as AWS wants them; then perhaps /rateLimit."""
    resource, method, *limit = path.split("/")
    for stage in stages:
        if where.items() <= stage.items():
            limits = stage.setdefault("throttle", {})
            name = f"{resource.replace('~1', '/')}/{method}"
            if operation["op"] == "remove":
                limits.pop(name, None)
            elif limit:
                limits.setdefault(name, {})[limit[0]] = float(operation["value"])
