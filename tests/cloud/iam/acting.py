"""Being somebody in a cloud: clients that sign with a role's or a user's keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import boto3  # type: ignore[import-untyped]

from workbook.cloud import LocalCloud, firewall

Clients = Callable[..., Any]


def clients_of(cloud: LocalCloud, role_arn: str, **settings: Any) -> Clients:
    """Makes clients of a session of a role."""
    session = administrator(cloud, "sts").assume_role(
        RoleArn=role_arn, RoleSessionName="shop", **settings
    )["Credentials"]
    return clients_with(
        cloud, session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]
    )


def clients_with(cloud: LocalCloud, key: str, secret: str, token: str | None = None) -> Clients:
    """Makes clients that sign with a key."""
    return partial(
        _models().client,
        region_name="us-east-1",
        endpoint_url=cloud.endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


@cache
def administrator(cloud: LocalCloud, service: str) -> Any:
    """The administrator's client."""
    return clients_with(cloud, firewall.ACCESS_KEY_ID, firewall.SECRET_ACCESS_KEY)(service)


@cache
def _models() -> Any:
    """A session that has read botocore's models once, and not once a client."""
    return boto3.Session()
