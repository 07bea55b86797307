"""Clients of WebSocket connections are led to the cloud; no other client is."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from workbook.cloud.functions.worker import callback, imports

CLOUD = "http://127.0.0.1:4566"


@pytest.fixture(autouse=True)
def _endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", CLOUD)


@pytest.mark.parametrize(
    "address",
    [
        "https://abc123.execute-api.us-east-1.amazonaws.com/live",
        "https://abc123.execute-api.us-east-1.amazonaws.com/live/",
        "https://abc123.execute-api.cn-north-1.amazonaws.com.cn/live",
        "https://abc123.execute-api.localhost:4566/live",
        "http://abc123.execute-api.localhost:4566/live",
    ],
)
def test_an_api_s_address_is_its_address_here(address: str) -> None:
    assert callback.here(address) == f"{CLOUD}/_aws/execute-api/abc123/live"


@pytest.mark.parametrize(
    "address",
    [
        f"{CLOUD}/_aws/execute-api/abc123/live",
        "https://chat.example.com/live",
        "https://abc123.execute-api.us-east-1.amazonaws.com",
    ],
)
def test_any_other_address_stays(address: str) -> None:
    assert callback.here(address) == address


class Session:
    """botocore's, as far as it matters here."""

    def create_client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        return service_name, args, kwargs.get("endpoint_url")


def test_only_that_service_s_clients_are_led(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("botocore.session")
    monkeypatch.setattr(Session, "create_client", Session.create_client)  # put back afterwards
    module.Session = Session  # type: ignore[attr-defined]
    callback._set_up(module)
    address = "https://abc123.execute-api.us-east-1.amazonaws.com/live"
    led = f"{CLOUD}/_aws/execute-api/abc123/live"
    make = Session().create_client
    assert make("apigatewaymanagementapi", endpoint_url=address)[2] == led
    assert make("apigatewaymanagementapi", "us-east-1")[1:] == (("us-east-1",), None)
    assert make("s3", endpoint_url=address)[2] == address


@pytest.fixture
def fresh() -> Iterator[str]:
    """The name of a module that is not imported yet."""
    name = "colorsys"
    before = sys.modules.pop(name, None)
    yield name
    if before is not None:
        sys.modules[name] = before


def test_a_module_is_changed_when_it_is_imported_and_once(fresh: str) -> None:
    seen: list[ModuleType] = []
    finders = list(sys.meta_path)
    imports.after_import(fresh, seen.append)
    assert seen == []
    module = importlib.import_module(fresh)
    assert seen == [module]
    assert sys.meta_path == finders


def test_a_module_that_is_not_there_is_not_found() -> None:
    finders = list(sys.meta_path)
    imports.after_import("no_such_module_anywhere", lambda module: None)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module_anywhere")
    assert sys.meta_path == finders
