"""WebSocket APIs: which deployment a stage serves."""

from __future__ import annotations

from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


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
