"""Layers, made on a plain moto: what they are to a function is tested where functions run."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look
from .functions import BASE, FUNCTION, configured
from .given import Properties

LAYER_VERSION = "AWS::Lambda::LayerVersion"

CONTENT = {"S3Bucket": "layers", "S3Key": "one.zip"}
OTHER_CONTENT = {"S3Bucket": "layers", "S3Key": "two.zip"}
LAYER = {"Content": CONTENT, "LayerName": "shop"}


def layer(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        _, _, _, _, _, _, called, number = it.split(":")
        found = aws("lambda").get_layer_version(LayerName=called, VersionNumber=int(number))
        return found.get(name)

    return look


def _layer(name: str) -> Properties:
    return {name: {"Type": LAYER_VERSION, "Properties": {**LAYER, "LayerName": name.lower()}}}


CASES = [
    Case(LAYER_VERSION, "LayerName", "shop", "stock", lambda aws, it: it.split(":")[6], base=LAYER),
    Case(
        LAYER_VERSION,
        "Description",
        "all of it",
        None,
        layer("Description"),
        ("all of it", None),
        LAYER,
    ),
    Case(
        LAYER_VERSION,
        "Content",
        CONTENT,
        OTHER_CONTENT,
        lambda aws, it: layer("Content")(aws, it)["CodeSize"],
        (1, 2),
        LAYER,
    ),
    Case(
        LAYER_VERSION,
        "CompatibleRuntimes",
        ["python3.12"],
        ["python3.13"],
        layer("CompatibleRuntimes"),
        base=LAYER,
    ),
    Case(
        LAYER_VERSION,
        "CompatibleArchitectures",
        ["arm64"],
        ["x86_64"],
        layer("CompatibleArchitectures"),
        base=LAYER,
    ),
    Case(LAYER_VERSION, "LicenseInfo", "MIT", "BSD", layer("LicenseInfo"), base=LAYER),
    Case(
        FUNCTION,
        "Layers",
        [{"Ref": "First"}],
        [{"Ref": "Second"}],
        lambda aws, it: [each["Arn"].split(":")[6] for each in configured("Layers")(aws, it)],
        (["first"], ["second"]),
        BASE,
        {**_layer("First"), **_layer("Second")},
    ),
]
