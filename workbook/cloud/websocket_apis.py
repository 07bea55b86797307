"""WebSocket APIs between moto's state and the gateway: deployments, stages, what they serve.

moto keeps APIs, routes, integrations and stages, and knows of no deployments. Those are kept and
answered here (AWS's API reference: "apis/apiId/deployments"), each with the snapshot that it took;
so is UpdateStage, which moto lacks. Every other call of apigatewayv2 is moto's.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from workbook.cloud.answer import Answer, json_answer, service_error
from workbook.cloud.gateway import InvalidApi
from workbook.cloud.gateway.sockets import WebSocketApi, WebSockets, from_calls
from workbook.cloud.gateway.sockets.model import check_deployable

WEBSOCKETS_CHANGE_WITH = frozenset({"apigatewayv2"})
_DEPLOYMENTS = re.compile(r"/v2/apis/(?P<api>[^/]+)/deployments(?:/(?P<id>[^/]+))?/?")
_STAGES = re.compile(r"/v2/apis/(?P<api>[^/]+)/stages(?:/(?P<stage>[^/]+))?/?")


@dataclass(frozen=True)
class Deployment:
    """What CreateDeployment leaves behind."""

    id: str
    description: str
    created: str
    snapshot: WebSocketApi

    def to_json(self) -> dict[str, Any]:
        """As GetDeployment tells it."""
        told = {
            "autoDeployed": False,
            "createdDate": self.created,
            "deploymentId": self.id,
            "deploymentStatus": "DEPLOYED",
        }
        return {**told, "description": self.description} if self.description else told


_Served = tuple[WebSocketApi, dict[str, str]]  # with the stage's variables


@dataclass
class _Api:
    deployments: dict[str, Deployment] = field(default_factory=dict)
    served: dict[str, _Served] = field(default_factory=dict)
    refused: dict[str, _Served] = field(default_factory=dict)


class WebSocketApis:
    """Deployments, and the stages that serve them.

    Args:
        sockets: told what each stage serves.
    """

    def __init__(self, sockets: WebSockets) -> None:
        self._sockets = sockets
        self._apis: dict[str, _Api] = {}
        self._lock = threading.RLock()

    def answer(self, method: str, path: str, body: bytes) -> Answer | None:
        """Answer a call about deployments, or one that depends on them; None: it is moto's."""
        asked = json.loads(body or b"{}")
        try:
            found = _DEPLOYMENTS.fullmatch(path)
            if found is not None:
                with self._lock:
                    return self._about_deployments(method, found["api"], found["id"], asked)
            found = _STAGES.fullmatch(path)
            if found is not None and method in ("POST", "PATCH"):
                return self._about_stages(method, found["api"], found["stage"], asked)
        except _NotFound as missing:
            return _error("NotFoundException", str(missing), 404)
        except InvalidApi as invalid:
            return _error("BadRequestException", str(invalid), 400)
        return None

    def refresh(self) -> None:
        """Serve what stages point to, stop serving what is gone.

        Raises:
            InvalidApi: moto took what API Gateway would not; told once, after all else is done.
        """
        failures: list[InvalidApi] = []
        with self._lock:
            found = {api.api_id: api for api in _moto_apis()}
            for api_id in self._apis.keys() - found.keys():
                for stage in self._apis.pop(api_id).served:
                    self._sockets.undeploy(api_id, stage)
            for api_id, moto_api in found.items():
                api = self._apis.setdefault(api_id, _Api())
                failures += self._bring_in_line(api, moto_api)
        for failure in failures:
            raise failure

    def served(self) -> Iterator[dict[str, str]]:
        """Each stage: the API's id and name, and its own."""
        with self._lock:
            for api_id, api in self._apis.items():
                for stage, (snapshot, _) in api.served.items():
                    yield {"id": api_id, "name": snapshot.name, "stage": stage}

    def _bring_in_line(self, api: _Api, moto_api: Any) -> Iterator[InvalidApi]:
        for name in api.served.keys() - moto_api.stages.keys():
            self._sockets.undeploy(moto_api.api_id, name)
            del api.served[name]
        for name, stage in moto_api.stages.items():
            snapshot = _describe(moto_api) if stage.auto_deploy else None
            deployment = api.deployments.get(stage.config.get("deploymentId", ""))
            snapshot = snapshot or (deployment.snapshot if deployment else None)
            if snapshot is None or not snapshot.routes:
                continue
            wanted = (snapshot, dict(stage.stage_variables or {}))
            if wanted in (api.served.get(name), api.refused.get(name)):
                continue
            try:
                self._sockets.deploy(moto_api.api_id, name, *wanted)
                api.served[name] = wanted
            except InvalidApi as invalid:
                api.refused[name] = wanted
                yield invalid

    def _about_deployments(
        self, method: str, api_id: str, deployment_id: str | None, asked: Mapping[str, Any]
    ) -> Answer:
        moto_api = _moto_api(api_id)
        kept = self._apis.setdefault(api_id, _Api()).deployments
        if deployment_id is None:
            if method == "POST":
                return self._deploy(moto_api, kept, asked)
            return json_answer({"items": [each.to_json() for each in kept.values()]})
        deployment = kept.get(deployment_id)
        if deployment is None:
            raise _NotFound(f"Unable to find Deployment by ID {deployment_id}")
        if method == "DELETE":
            used = [s.name for s in moto_api.stages.values() if _deployment_of(s) == deployment_id]
            if used:
                raise InvalidApi(
                    "Active stages pointing to this deployment must be moved or deleted"
                )
            del kept[deployment_id]
            return Answer(204)
        return json_answer(deployment.to_json())

    def _deploy(
        self, moto_api: Any, kept: dict[str, Deployment], asked: Mapping[str, Any]
    ) -> Answer:
        snapshot = _describe(moto_api)
        check_deployable(snapshot)
        stage = asked.get("stageName")
        if stage and stage not in moto_api.stages:
            raise _NotFound("Unable to find Stage by name " + stage)
        made = Deployment(
            id=secrets.token_hex(3),
            description=asked.get("description") or "",
            created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            snapshot=snapshot,
        )
        kept[made.id] = made
        if stage:
            moto_api.stages[stage].config["deploymentId"] = made.id
        self.refresh()
        return json_answer(made.to_json(), 201)

    def _about_stages(
        self, method: str, api_id: str, stage: str | None, asked: Mapping[str, Any]
    ) -> Answer | None:
        moto_api = _moto_api(api_id)
        wanted = asked.get("deploymentId")
        if wanted and wanted not in self._apis.get(api_id, _Api()).deployments:
            raise _NotFound(f"Unable to find Deployment by ID {wanted}")
        if method == "POST":
            return None
        if stage not in moto_api.stages:
            raise _NotFound("Invalid stage identifier specified")
        moto_stage = moto_api.stages[stage]
        if wanted:
            moto_stage.config["deploymentId"] = wanted
        for name, attribute in _UPDATED.items():
            if name in asked:
                setattr(moto_stage, attribute, asked[name])
        self.refresh()
        return json_answer(moto_stage.to_json())


# What UpdateStage may change: AWS's names, moto's attributes.
_UPDATED = {
    "autoDeploy": "auto_deploy",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "routeSettings": "route_settings",
    "stageVariables": "stage_variables",
}


class _NotFound(Exception):
    """AWS's NotFoundException; str() is its message."""


def _error(code: str, message: str, status: int) -> Answer:
    return service_error(code, message, status, service="apigatewayv2", form=False)


def _moto_apis() -> Iterator[Any]:
    from moto.apigatewayv2.models import apigatewayv2_backends  # loaded when first called

    for account in list(apigatewayv2_backends.values()):
        for backend in list(account.values()):
            yield from list(backend.apis.values())


def _moto_api(api_id: str) -> Any:
    for api in _moto_apis():
        if api.api_id == api_id:
            return api
    raise _NotFound(f"Invalid API identifier specified {api_id}")


def _deployment_of(moto_stage: Any) -> str | None:
    found: str | None = moto_stage.config.get("deploymentId")
    return found


def _describe(moto_api: Any) -> WebSocketApi:
    return from_calls(
        moto_api.to_json(),
        [route.to_json() for route in moto_api.routes.values()],
        [integration.to_json() for integration in moto_api.integrations.values()],
        [authorizer.to_json() for authorizer in moto_api.authorizers.values()],
        answered=[route.route_id for route in moto_api.routes.values() if route.route_responses],
    )
