"""WebSocket APIs: where they answer, and which deployment a stage serves."""

from __future__ import annotations

from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.apigatewayv2.models",
    "Api.to_json",
    "self",
    rests_on='"apiEndpoint": self.api_endpoint',
    replaces="names an https address, where WebSocket APIs have wss",
)
def _name_the_protocol(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def to_json(self: Any) -> dict[str, Any]:
        told: dict[str, Any] = original(self)
        if told["protocolType"] == "WEBSOCKET":
            told["apiEndpoint"] = told["apiEndpoint"].replace("https://", "wss://", 1)
        return told

    return to_json


@SEAMS.at(
    "moto.apigatewayv2.models",
    "Stage.to_json",
    "self",
    rests_on='"stageVariables": self.stage_variables',
    replaces="does not tell which deployment a stage serves",
)
def _tell_the_deployment(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def to_json(self: Any) -> dict[str, Any]:
        told: dict[str, Any] = original(self)
        deployment = self.config.get("deploymentId")
        return {**told, "deploymentId": deployment} if deployment else told

    return to_json
