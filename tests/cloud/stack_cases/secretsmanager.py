"""Secrets."""

from __future__ import annotations

import json
from typing import Any

from .case import Case, Clients, Look, Tags
from .given import OTHER_TAGS, TAGGED, TAGS

SECRET = "AWS::SecretsManager::Secret"


def secret(name: str) -> Look:
    return lambda aws, it: aws("secretsmanager").describe_secret(SecretId=it).get(name)


def secret_value(aws: Clients, it: str) -> Any:
    return aws("secretsmanager").get_secret_value(SecretId=it)["SecretString"]


CASES = [
    Case(SECRET, "Name", "a", "b", secret("Name")),
    Case(SECRET, "Description", "a", "b", secret("Description")),
    Case(SECRET, "KmsKeyId", "one", "two", secret("KmsKeyId")),
    Case(SECRET, "SecretString", "open", "sesame", secret_value),
    Case(
        SECRET,
        "GenerateSecretString",
        {"PasswordLength": 20, "ExcludePunctuation": "true"},
        {
            "PasswordLength": 30,
            "GenerateStringKey": "password",
            "SecretStringTemplate": '{"user": "ann"}',
        },
        lambda aws, it: (
            len(secret_value(aws, it))
            if it and not secret_value(aws, it).startswith("{")
            else (
                json.loads(secret_value(aws, it))["user"],
                len(json.loads(secret_value(aws, it))["password"]),
            )
        ),
        (20, ("ann", 30)),
    ),
    Case(SECRET, "Tags", TAGS, OTHER_TAGS, lambda aws, it: Tags(secret("Tags")(aws, it)), TAGGED),
]
