"""Dynamic references: {{resolve:ssm:…}} and {{resolve:secretsmanager:…}} become their values.

They are replaced on the way into a service's API and nowhere else: what the stack keeps and shows
has the reference, never the secret. See "Using dynamic references" in AWS's user guide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from .errors import ResourceFailure

_REFERENCE = re.compile(r"\{\{resolve:([a-z-]+):([^}]*)\}\}")

ClientFactory = Callable[[str], Any]  # a boto3 client by the name of its service


def replace(value: Any, client: ClientFactory) -> Any:
    """A value with every dynamic reference in it replaced.

    Raises:
        ResourceFailure: what it refers to is not there.
    """
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: _read(match[1], match[2], client), value)
    if isinstance(value, Mapping):
        return {name: replace(entry, client) for name, entry in value.items()}
    if isinstance(value, list):
        return [replace(entry, client) for entry in value]
    return value


def _read(kind: str, reference: str, client: ClientFactory) -> str:
    readers = {"ssm": _stored, "ssm-secure": _stored, "secretsmanager": _secret}
    if kind not in readers:
        raise ResourceFailure(f"Dynamic references of the kind {kind} are not supported")
    try:
        return readers[kind](reference, client)
    except ClientError as refused:
        raise ResourceFailure(
            f"Could not resolve {{{{resolve:{kind}:{reference}}}}}: "
            f"{refused.response['Error']['Message']}"
        ) from refused


def _stored(reference: str, client: ClientFactory) -> str:
    found = client("ssm").get_parameter(Name=reference, WithDecryption=True)
    value: str = found["Parameter"]["Value"]
    return value


def _secret(reference: str, client: ClientFactory) -> str:
    # secret-id:SecretString:json-key:version-stage:version-id; an ARN as id has six more colons
    parts = reference.split(":")
    id_parts = 7 if parts[0] == "arn" else 1
    secret_id = ":".join(parts[:id_parts])
    kind, key, stage, version = (*parts[id_parts:], "", "", "", "")[:4]
    if kind not in ("", "SecretString"):
        raise ResourceFailure(f"Dynamic references cannot read {kind} of a secret")
    asked = {"VersionStage": stage, "VersionId": version}
    given = {name: value for name, value in asked.items() if value}
    text: str = client("secretsmanager").get_secret_value(SecretId=secret_id, **given)[
        "SecretString"
    ]
    if not key:
        return text
    try:
        return str(json.loads(text)[key])
    except (ValueError, KeyError, TypeError):
        raise ResourceFailure(
            f"Could not find a value associated with JSONKey in SecretString: {key}"
        ) from None
