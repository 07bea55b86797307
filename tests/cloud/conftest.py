"""One cloud for all tests that only use it, and small Chalice apps and functions to put there."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from workbook.cloud import LocalCloud

ROLE_TRUST = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalCloud]:
    """A running cloud; what a test makes in it has the test's own names."""
    with LocalCloud.start() as running:
        yield running


def zipped(source: str) -> bytes:
    """A deployment package with one module, app.py."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", source)
    return packed.getvalue()


@pytest.fixture
def function(cloud: LocalCloud) -> Iterator[Callable[..., str]]:
    """Makes a function in the cloud from its source; returns its ARN."""
    made: list[str] = []
    client = cloud.client("lambda")

    def make(name: str, source: str, **settings: Any) -> str:
        role = _role(cloud, f"{name}-role")
        answer = client.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Handler="app.handler",
            Role=role,
            Code={"ZipFile": zipped(source)},
            **settings,
        )
        made.append(name)
        return str(answer["FunctionArn"])

    yield make
    for name in made:
        client.delete_function(FunctionName=name)


def _role(cloud: LocalCloud, name: str) -> str:
    iam = cloud.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=ROLE_TRUST)
    return str(role["Role"]["Arn"])
