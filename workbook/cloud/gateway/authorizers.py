"""The app's own token authorizers: a function that says who may call (Lambda, type TOKEN).

Pages: "Use API Gateway Lambda authorizers", its input and its output. A policy is kept for its
token as long as the authorizer's TTL says, and evaluated anew for each method: a cached policy
that names one path denies the next, as on AWS. Scopes have no effect here (see model.Method).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.cloud.gateway.lambda_calls import InvokeResult
from workbook.cloud.gateway.model import Authorizer, InvalidApi
from workbook.cloud.gateway.policy import MalformedPolicy, Verdict, evaluate
from workbook.cloud.gateway.request import Request
from workbook.cloud.gateway.responses import (
    AUTHORIZER_BROKEN,
    DENIED,
    EXPLICITLY_DENIED,
    UNAUTHORIZED,
    Refused,
)

KEPT_TOKENS = 10_000

AskFunction = Callable[[bytes], InvokeResult]
"""Calls the authorizer's function with an event."""


@dataclass(frozen=True)
class Identity:
    """Who calls, as an authorizer's function said."""

    context: Mapping[str, str]  # principalId among it; all values are strings
    policy: Any
    usage_identifier_key: str | None

    def for_event(self, latency_ms: int) -> dict[str, Any]:
        """requestContext.authorizer."""
        return {**self.context, "integrationLatency": latency_ms}


class TokenAuthorizer:
    """One authorizer of one stage, with the policies it keeps.

    Args:
        clock: seconds since 1970.

    Raises:
        InvalidApi: the validation expression is no regular expression.
    """

    def __init__(self, authorizer: Authorizer, clock: Callable[[], float]) -> None:
        try:
            self._valid = re.compile(authorizer.validation_expression or "")
        except re.error as error:
            raise InvalidApi("Invalid Authorizer validation expression specified") from error
        self._authorizer = authorizer
        self._clock = clock
        self._kept: dict[str, tuple[float, Identity]] = {}  # until when, and who
        self._lock = threading.Lock()

    def authorize(
        self, request: Request, method_arn: str, ask: AskFunction
    ) -> tuple[Identity, int]:
        """The caller, and how many milliseconds the function took to say so.

        Raises:
            Refused: as API Gateway answers a caller who may not, or a broken authorizer.
            NotEmulated: the policy uses what this cloud lacks.
        """
        token = self._token(request)
        began = self._clock()
        identity = self._remembered(token)
        latency_ms = 0
        if identity is None:
            identity = _identity(ask(_event(token, method_arn)))
            latency_ms = int((self._clock() - began) * 1000)
            self._remember(token, identity)
        match _verdict(identity, method_arn):
            case Verdict.EXPLICITLY_DENIED:
                raise Refused(EXPLICITLY_DENIED)
            case Verdict.DENIED:
                raise Refused(DENIED)
        return identity, latency_ms

    def _token(self, request: Request) -> str:
        token = request.header(self._authorizer.header)
        if not token or not self._valid.match(token):
            raise Refused(UNAUTHORIZED)  # without calling the function
        return token

    def _remembered(self, token: str) -> Identity | None:
        with self._lock:
            until, identity = self._kept.get(token, (0.0, None))
        return identity if self._clock() < until else None

    def _remember(self, token: str, identity: Identity) -> None:
        now = self._clock()
        with self._lock:
            if len(self._kept) >= KEPT_TOKENS:
                self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
            self._kept[token] = (now + self._authorizer.ttl_seconds, identity)


def _event(token: str, method_arn: str) -> bytes:
    event = {"type": "TOKEN", "authorizationToken": token, "methodArn": method_arn}
    return json.dumps(event).encode()


def _identity(result: InvokeResult) -> Identity:
    output = _parsed(result.payload)
    if result.function_error is not None:
        # The one error that is an answer: raise Exception("Unauthorized")
        said_no = output.get("errorMessage") == "Unauthorized"
        raise Refused(UNAUTHORIZED if said_no else AUTHORIZER_BROKEN)
    principal = output.get("principalId")
    context = output.get("context") or {}
    if not isinstance(principal, str) or not isinstance(context, dict):
        raise Refused(AUTHORIZER_BROKEN)
    return Identity(
        context={"principalId": principal, **{key: _text(value) for key, value in context.items()}},
        policy=output.get("policyDocument"),
        usage_identifier_key=output.get("usageIdentifierKey"),
    )


def _parsed(payload: bytes) -> dict[str, Any]:
    try:
        output = json.loads(payload)
    except ValueError as error:
        raise Refused(AUTHORIZER_BROKEN) from error
    if not isinstance(output, dict):
        raise Refused(AUTHORIZER_BROKEN)
    return output


def _text(value: Any) -> str:
    """A value of the context map: "The returned values are all stringified"."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    raise Refused(AUTHORIZER_BROKEN)  # "you cannot set a JSON object or array"


def _verdict(identity: Identity, method_arn: str) -> Verdict:
    try:
        return evaluate(identity.policy, method_arn)
    except MalformedPolicy as error:
        raise Refused(AUTHORIZER_BROKEN) from error
