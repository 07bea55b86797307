"""One cloud for all tests that only use it, and what they put there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from small_apps import create_function, proxy_api

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api


@contextlib.contextmanager
def keeping_clients(running: LocalCloud) -> Iterator[None]:
    """Makes one client for each service: tests ask for a thousand, at ten milliseconds each."""
    kept: dict[str, Any] = {}
    make = running.client

    def client(service: str, **options: Any) -> Any:
        if options:
            return make(service, **options)
        if service not in kept:
            kept[service] = make(service)
        return kept[service]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "client", client)
        yield


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalCloud]:
    """A running cloud; what a test makes in it has the test's own names."""
    with LocalCloud.start() as running, keeping_clients(running):
        yield running


@pytest.fixture(scope="session")
def strict() -> Iterator[LocalCloud]:
    """A running cloud that enforces IAM; its own clients are the administrator's."""
    with LocalCloud.start(enforce_iam=True) as running, keeping_clients(running):
        yield running


@pytest.fixture
def function(cloud: LocalCloud) -> Iterator[Callable[..., str]]:
    """Makes a function in the cloud from its source; returns its ARN."""
    with contextlib.ExitStack() as made:
        client = cloud.client("lambda")

        def make(name: str, source: str, **settings: object) -> str:
            arn = create_function(cloud, name, source, **settings)
            made.callback(client.delete_function, FunctionName=name)
            return arn

        yield make


@pytest.fixture
def served(cloud: LocalCloud, function: Callable[..., str]) -> Callable[..., Api]:
    """Makes a function and an API that hands it every request; returns the API's client."""

    def make(name: str, source: str, **settings: object) -> Api:
        proxy_api(cloud, name, function(name, source, **settings))
        return cloud.api(name)

    return make
