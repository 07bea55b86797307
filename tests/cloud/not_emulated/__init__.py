"""Whatever is refused because it is not emulated: one way of asking at least for each name.

CALLS of one module a topic, as in workbook/cloud/unimplemented/, are refused before anything is
done. ROUTES are deployed, and refused when called; POLICIES where they would have to be judged.
"""

from __future__ import annotations

from workbook.cloud.missing import Missing

from . import apigateway, awslambda, cloudformation, data, events
from .given import ARN, Call
from .policies import POLICIES
from .routes import GUARD, INVOKE, ROUTES, authorizer

CALLS: list[tuple[Missing, Call]] = [
    (missing, call)
    for module in (awslambda, apigateway, events, data, cloudformation)
    for missing, calls in module.CALLS.items()
    for call in calls
]

__all__ = ["ARN", "CALLS", "GUARD", "INVOKE", "POLICIES", "ROUTES", "Call", "authorizer"]
