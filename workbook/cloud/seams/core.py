"""What moto does for every service."""

from __future__ import annotations

from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.core.common_models",
    "BaseModel.__new__",
    "cls args kwargs",
    rests_on="cls.instances_tracked.append(instance)",
    replaces="keeps every message, object and log line it ever made, for its dashboard",
)
def _keep_no_list_of_all(original: Replacement, hooks: Hooks) -> Replacement:
    def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        return object.__new__(cls)

    return staticmethod(__new__)
