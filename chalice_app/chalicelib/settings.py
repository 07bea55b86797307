"""The environment, read once: what this function is told of its stage.

The variables are the fields' names in capitals. Resources come from the Outputs of resources.yaml:
stage.py writes them into .chalice/config.json, or the packaged template refers to them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache

STAGES = ("dev", "staging", "prod")


class SettingsError(Exception):
    """The environment is not one this service can run in."""


@dataclass(frozen=True)
class Settings:
    """What differs from stage to stage: names, ARNs and addresses."""

    stage: str
    items_table: str
    low_stock_index: str
    orders_table: str
    alerts_table: str
    once_table: str
    uploads_bucket: str
    quarantine_bucket: str
    reports_bucket: str
    orders_queue_url: str
    uploads_queue_url: str
    alerts_topic_arn: str
    signing_secret: str


def load(environment: Mapping[str, str]) -> Settings:
    """The settings of this environment.

    Raises:
        SettingsError: some are missing or wrong; the message names every one.
    """
    given = {field.name: environment.get(field.name.upper(), "") for field in fields(Settings)}
    missing = [name.upper() for name, value in given.items() if not value]
    if missing:
        raise SettingsError(f"Not set: {', '.join(missing)}. Run stage.py up, then deploy again.")
    if given["stage"] not in STAGES:
        raise SettingsError(f"STAGE is {given['stage']!r}, not one of {', '.join(STAGES)}.")
    for name in ("orders_queue_url", "uploads_queue_url"):
        if not given[name].startswith(("https://", "http://")):
            raise SettingsError(f"{name.upper()} is {given[name]!r}, which is no address.")
    if not given["alerts_topic_arn"].startswith("arn:"):
        raise SettingsError(f"ALERTS_TOPIC_ARN is {given['alerts_topic_arn']!r}, which is no ARN.")
    return Settings(**given)


@cache
def settings() -> Settings:
    """This function's settings; see `load`."""
    return load(os.environ)


def source_arn(service: str, name: str) -> str:
    """What an event handler listens to; only `chalice deploy` and `chalice package` look at it.

    Before the stage's resources exist there is none. Packaging puts a reference in its place.
    """
    return os.environ.get(name) or f"arn:aws:{service}:none:none:run-stage.py-up-first"


def stage_name() -> str:
    """The stage, also while there are no settings; in an event pattern."""
    return os.environ.get("STAGE", "none")


# A function with wrong settings fails when it starts, not at its first request. Chalice imports all
# this too, where it deploys or packages; there the resources may not exist yet.
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    settings()
