"""What the service's tests stand on: its folder importable, its stage on moto, callers of it.

test_*.py            rules, routes and handlers; seconds in all
deployed/test_*.py   the service deployed to the local cloud, IAM enforced; these are slow
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

SERVICE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(SERVICE), str(Path(__file__).parent)]

import boto3
from botocore.client import BaseClient
from callers import Api
from moto import mock_aws

import stage
from chalicelib import clients, keys, logs, once, settings

HANDLER = logs.logger.registered_handler  # as it is before any test
KEPT = (clients.client, keys.keyring, once._store, once._config, settings.settings)


@pytest.fixture(scope="module")
def on_moto() -> Iterator[dict[str, str]]:
    """The resources of resources.yaml on moto, and an environment that names them; its variables.

    Whatever else AWS_ variables point at is out of the way: with an endpoint moto would be
    bypassed in silence.
    """
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            environment.delenv(name)
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        environment.setattr(boto3, "DEFAULT_SESSION", None)
        environment.setattr(BaseClient, "_make_api_call", one_at_a_time(BaseClient._make_api_call))
        with mock_aws():
            _forget()
            variables = stage.variables(stage.make("dev"))
            # moto's CloudFormation knows no secrets.
            secret = boto3.client("secretsmanager").create_secret(Name="s", SecretString="k" * 64)
            variables |= {"SIGNING_SECRET": secret["ARN"], "STAGE": "dev"}
            for name, value in variables.items():
                environment.setenv(name, value)
            yield variables
        _forget()


def one_at_a_time(call: Callable[..., Any]) -> Callable[..., Any]:
    """AWS's calls happen whole or not at all; moto's, in several threads, get into each other."""
    lock = threading.RLock()

    def locked(*given: Any) -> Any:
        with lock:
            return call(*given)

    return locked


@pytest.fixture
def api(on_moto: dict[str, str]) -> Api:
    """The service on moto, called by somebody who may do everything."""
    return Api()


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Reads what was logged since, line by line.

    Loggers are one to a process: any other Chalice app of this name may have changed this one.
    """
    written = StringIO()
    monkeypatch.setattr(HANDLER, "stream", written)
    logger = logging.getLogger(logs.SERVICE)
    monkeypatch.setattr(logger, "handlers", [HANDLER])
    monkeypatch.setattr(logger, "disabled", False)
    level = logger.level
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.setLevel(level)


@pytest.fixture
def item_id() -> str:
    """An id that no other test uses."""
    return f"item-{uuid.uuid4().hex[:12]}"


def _forget() -> None:
    """What a warm function keeps, and a test must not."""
    for kept in KEPT:
        kept.cache_clear()
