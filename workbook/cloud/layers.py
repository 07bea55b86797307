"""Lambda's layers, between moto's state and functions/.

moto keeps them. Answered here is what moto answers otherwise than AWS, or not at all: reading,
listing and deleting versions ("Actions" of the API's reference, 2018-10-31). Checked here is what
a function may refer to. Which bytes a version has is remembered beyond its deletion: "a copy of
the version remains in Lambda until no functions refer to it" (DeleteLayerVersion).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from workbook.cloud.answer import Answer, json_answer
from workbook.cloud.calls import AwsCall
from workbook.cloud.functions import Layer
from workbook.cloud.functions.package import MAX_UNZIPPED_BYTES
from workbook.cloud.invocation import error
from workbook.cloud.lambda_state import ACCOUNT
from workbook.cloud.uploads import Uploads

MOST_LAYERS = 5
_LARGEST_PAGE = 50
_ARN = re.compile(
    r"arn:(aws[a-zA-Z-]*)?:lambda:(?P<region>[a-z-]+-\d):(?P<account>\d{12})"
    r":layer:(?P<name>[a-zA-Z0-9-_]+):(?P<version>[0-9]+)"
)
_CALL = re.compile(r"/2018-10-31/layers(?:/(?P<name>[^/]+)/versions(?:/(?P<version>-?\d+))?)?/?")
_NOT_THERE = "The resource you requested does not exist."


class InvalidLayers(Exception):
    """A function refers to layers that it cannot have; the message is AWS's."""


class Layers:
    """What is known of layers besides moto's state.

    Args:
        uploads: where the zips are.
    """

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._digests: dict[str, str] = {}

    def published(self, arn: str, digest: str) -> None:
        """A version was published, of the package with that hash."""
        self._digests[arn] = digest

    def layer(self, arn: str) -> Layer:
        """A version as functions/ takes it; published once, though perhaps deleted since."""
        digest = self._digests[arn]
        return Layer(digest, self._uploads.path(digest))

    def check(self, arns: Sequence[str], *, region: str) -> None:
        """See whether a function of that region may refer to these versions.

        Raises:
            InvalidLayers: it may not.
        """
        if len(arns) > MOST_LAYERS:
            raise InvalidLayers(f"Cannot reference more than {MOST_LAYERS} layers.")
        named: dict[str, str] = {}
        for arn in arns:
            found = _ARN.fullmatch(arn)
            if found is not None and found["region"] != region:
                raise InvalidLayers(
                    "Layers are not in the same region as the function. Layers are expected to be"
                    f" in region {region}."
                )
            if found is None or _find(found["region"], found["name"], found["version"]) is None:
                raise InvalidLayers(f"Layer version {arn} does not exist.")
            other = named.setdefault(found["name"], arn)
            if other is not arn:
                raise InvalidLayers(
                    "Two different versions of the same layer are not allowed to be referenced in"
                    f" the same function. {other} and {arn} are versions of the same layer."
                )

    def check_size(self, arns: Sequence[str], code_digest: str) -> None:
        """See whether a function's code and its layers fit together.

        Raises:
            InvalidLayers: they are beyond AWS's 250 MB.
        """
        of_layers = sum(self._uploads.unzipped_bytes(self._digests[arn]) for arn in arns)
        if of_layers > MAX_UNZIPPED_BYTES:
            raise InvalidLayers(
                f"Layers consume more than the available size of {MAX_UNZIPPED_BYTES} bytes"
            )
        total = of_layers + (self._uploads.unzipped_bytes(code_digest) if arns else 0)
        if total > MAX_UNZIPPED_BYTES:
            raise InvalidLayers(
                "Function code combined with layers exceeds the maximum allowed size of"
                f" {MAX_UNZIPPED_BYTES} bytes. The actual size is {total} bytes."
            )

    def answer(self, call: AwsCall) -> Answer | None:
        """Answer a call that reads, lists or deletes versions; None: it is moto's."""
        found = _CALL.fullmatch(call.path)
        if found is None or call.method not in ("GET", "DELETE"):
            return None
        asked = dict(parse_qsl(call.query))
        name = (found["name"] or "").rpartition(":")[2]  # it may be a layer's ARN
        if asked.get("find") == "LayerVersion":
            return _version_by_arn(asked.get("Arn", ""))
        if not name:
            return _page("Layers", _layers(call.region, asked), asked)
        if found["version"] is None:
            return _page("LayerVersions", _versions(call.region, name, asked), asked)
        if int(found["version"]) < 1:
            told = "Layer Version Cannot be less than 1"
            return error("InvalidParameterValueException", told, 400)
        if call.method == "DELETE":
            layer = _moto_layers(call.region).get(name)
            if layer is not None:
                layer.delete_version(found["version"])
            return Answer(204)
        return _version(_find(call.region, name, found["version"]))


def _version_by_arn(arn: str) -> Answer:
    found = _ARN.fullmatch(arn)
    if found is None:
        told = (
            f"1 validation error detected: Value '{arn}' at 'arn' failed to satisfy constraint:"
            " Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}"
            r"((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+"
        )
        return error("ValidationException", told, 400)
    return _version(_find(found["region"], found["name"], found["version"]))


def _version(moto_version: Any) -> Answer:
    if moto_version is None:
        return error("ResourceNotFoundException", _NOT_THERE, 404)
    return json_answer(moto_version.get_layer_version())


def _layers(region: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    found = []
    for name, layer in list(_moto_layers(region).items()):
        versions = _versions(region, name, asked)
        if versions:
            latest = {"LatestMatchingVersion": versions[0]}
            found.append({"LayerName": name, "LayerArn": layer.layer_arn, **latest})
    return found


def _versions(region: str, name: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The versions that fit, newest first; AWS leaves their content out of lists."""
    layer = _moto_layers(region).get(name)
    told = (
        [each.get_layer_version() for each in list(layer.layer_versions.values())] if layer else []
    )
    fitting = [
        {key: value for key, value in each.items() if key != "Content"}
        for each in told
        if _fits(each.get("CompatibleRuntimes"), asked.get("CompatibleRuntime"))
        and _fits(each.get("CompatibleArchitectures"), asked.get("CompatibleArchitecture"))
    ]
    return sorted(fitting, key=lambda each: -each["Version"])


def _fits(compatible: Sequence[str] | None, wanted: str | None) -> bool:
    return wanted is None or wanted in (compatible or ())


def _page(key: str, everything: list[dict[str, Any]], asked: Mapping[str, str]) -> Answer:
    marker, most = asked.get("Marker") or "0", asked.get("MaxItems") or str(_LARGEST_PAGE)
    if not marker.isdecimal():
        return error("InvalidParameterValueException", f"Invalid marker: {marker}", 400)
    if not most.isdecimal() or not 1 <= int(most) <= _LARGEST_PAGE:
        told = (
            f"1 validation error detected: Value '{most}' at 'maxItems' failed to satisfy"
            f" constraint: Member must have value between 1 and {_LARGEST_PAGE}"
        )
        return error("ValidationException", told, 400)
    start, end = int(marker), int(marker) + int(most)
    more = {"NextMarker": str(end)} if end < len(everything) else {}
    return json_answer({key: everything[start:end], **more})


def _find(region: str, name: str, version: str) -> Any:
    layer = _moto_layers(region).get(name)
    return layer.layer_versions.get(version) if layer is not None else None


def _moto_layers(region: str) -> dict[str, Any]:
    from moto.awslambda.models import lambda_backends  # loaded when Lambda is first called

    layers: dict[str, Any] = lambda_backends[ACCOUNT][region]._layers._layers
    return layers
