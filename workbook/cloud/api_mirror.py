"""Keeps the gateway in line with the REST APIs that are configured in moto: mirror.py's way.

A change may come from one call, from a Swagger document or from a CloudFormation stack. WebSocket
APIs are websocket_apis.py's; what moto's APIs mean is rest_apis.py's and usage_plans.py's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from workbook.cloud.gateway import InvalidApi, RestApi, StageRates, UsagePlan
from workbook.cloud.rest_apis import describe
from workbook.cloud.usage_plans import keys_and_plans, stage_rates

APIS_CHANGE_WITH = frozenset({"apigateway"})


class DeploysApis(Protocol):
    """What gateway.Gateway offers."""

    def deploy(
        self,
        api_id: str,
        stage: str,
        api: RestApi,
        variables: Mapping[str, str],
        *,
        api_keys: Mapping[str, str] = ...,
        plans: Mapping[str, UsagePlan] | None = None,
        rates: StageRates | None = None,
        deployment_id: str | None = None,
    ) -> None: ...
    def undeploy(self, api_id: str, stage: str) -> None: ...


@dataclass
class _Stage:
    """What a stage serves now; compared by value."""

    deployment_id: str
    variables: dict[str, str]
    api_keys: dict[str, str]  # value: id
    plans: dict[str, UsagePlan]  # by the keys' values
    rates: StageRates


@dataclass
class _Api:
    """An API's snapshots, one a deployment, and what its stages serve."""

    snapshots: dict[str, RestApi] = field(default_factory=dict)
    stages: dict[str, _Stage] = field(default_factory=dict)
    refused: dict[str, _Stage] = field(default_factory=dict)


class ApiMirror:
    """moto's deployments of REST APIs, served.

    A snapshot is taken when a deployment is first seen, which is right after the call that made
    it; so a stage can be pointed back to an older deployment, as on AWS.
    """

    def __init__(self, gateway: DeploysApis) -> None:
        self._gateway = gateway
        self._apis: dict[str, _Api] = {}
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Serve what was deployed, stop serving what is gone.

        Raises:
            InvalidApi: moto took what API Gateway would not; told once, after all else is done.
        """
        failures: list[InvalidApi] = []
        with self._lock:
            found = {api.id: (backend, api) for backend, api in _moto_apis()}
            for api_id in self._apis.keys() - found.keys():
                self._remove(api_id)
            for api_id, (backend, moto_api) in found.items():
                api = self._apis.setdefault(api_id, _Api())
                failures += self._bring_in_line(api, backend, moto_api)
        for failure in failures:
            raise failure

    def served(self) -> Iterator[dict[str, Any]]:
        """Each API that has a stage: id, name, stages."""
        with self._lock:
            for api_id, api in self._apis.items():
                for stage, served in api.stages.items():
                    name = api.snapshots[served.deployment_id].name
                    yield {"id": api_id, "name": name, "stage": stage}

    def _bring_in_line(self, api: _Api, backend: Any, moto_api: Any) -> Iterator[InvalidApi]:
        for deployment_id in moto_api.deployments.keys() - api.snapshots.keys():
            api.snapshots[deployment_id] = describe(moto_api)
        for name in api.stages.keys() - moto_api.stages.keys():
            self._gateway.undeploy(moto_api.id, name)
            del api.stages[name]
        for name, moto_stage in moto_api.stages.items():
            keys, plans = keys_and_plans(backend, moto_api.id, name)
            rates = stage_rates(moto_stage)
            variables = dict(moto_stage.variables)
            stage = _Stage(moto_stage.deployment_id, variables, keys, plans, rates)
            snapshot = api.snapshots.get(stage.deployment_id)
            if snapshot is None or stage in (api.stages.get(name), api.refused.get(name)):
                continue
            try:
                self._serve(moto_api.id, name, snapshot, stage)
                api.stages[name] = stage
            except InvalidApi as invalid:
                api.refused[name] = stage
                yield invalid

    def _serve(self, api_id: str, name: str, snapshot: RestApi, stage: _Stage) -> None:
        self._gateway.deploy(
            api_id,
            name,
            snapshot,
            stage.variables,
            api_keys=stage.api_keys,
            plans=stage.plans,
            rates=stage.rates,
            deployment_id=stage.deployment_id,
        )

    def _remove(self, api_id: str) -> None:
        for stage in self._apis.pop(api_id).stages:
            self._gateway.undeploy(api_id, stage)


def _moto_apis() -> Iterator[tuple[Any, Any]]:
    from moto.apigateway.models import apigateway_backends  # loaded when first called

    for account in list(apigateway_backends.values()):
        for backend in list(account.values()):
            for api in list(backend.apis.values()):
                yield backend, api
