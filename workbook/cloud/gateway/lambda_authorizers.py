"""The app's own authorizers: a function that says who may call (Lambda, TOKEN or REQUEST).

Pages: "Use API Gateway Lambda authorizers", its input and its output. A policy is kept for its
identity sources as long as the authorizer's TTL says, and evaluated anew for each method: a cached
policy that names one path denies the next, as on AWS. Scopes have no effect here (see model.Method).
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

KEPT_POLICIES = 10_000

AskFunction = Callable[[bytes], InvokeResult]
"""Calls the authorizer's function with an event."""
Describe = Callable[[], Mapping[str, Any]]
"""Makes the event of the call that is to be authorized."""
Sources = tuple[str | None, ...]

_SOURCE = re.compile(
    r"(method|route)\.request\.(header|querystring)\..+|stageVariables\..+|context\..+"
)
_NOT_TOLD = {"body", "isBase64Encoded"}  # a REQUEST authorizer never sees the body


@dataclass(frozen=True)
class Identity:
    """Who calls, as an authorizer's function said."""

    context: Mapping[str, str]  # principalId among it; all values are strings
    policy: Any
    usage_identifier_key: str | None

    def for_event(self, latency_ms: int) -> dict[str, Any]:
        """requestContext.authorizer."""
        return {**self.context, "integrationLatency": latency_ms}


class LambdaAuthorizer:
    """One authorizer of one stage, with the policies it keeps.

    Args:
        variables: the stage's.
        clock: seconds since 1970.

    Raises:
        InvalidApi: its validation expression is no regular expression, or policies are to be kept
            and there is nothing to know callers by.
    """

    def __init__(
        self, authorizer: Authorizer, variables: Mapping[str, str], clock: Callable[[], float]
    ) -> None:
        try:
            self._valid = re.compile(authorizer.validation_expression or "")
        except re.error as error:
            raise InvalidApi("Invalid Authorizer validation expression specified") from error
        if authorizer.ttl_seconds and not authorizer.identity_sources:
            raise InvalidApi("Identity source must be specified when authorizer caching is enabled")
        if not all(_SOURCE.fullmatch(each) for each in authorizer.identity_sources):
            raise InvalidApi("Invalid mapping expression specified for an identity source")
        self._authorizer = authorizer
        self._variables = variables
        self._clock = clock
        self._kept: dict[Sources, tuple[float, Identity]] = {}  # until when, and who
        self._lock = threading.Lock()

    def authorize(
        self, request: Request, method_arn: str, described: Describe, ask: AskFunction
    ) -> tuple[Identity, int]:
        """The caller, and how many milliseconds the function took to say so.

        Args:
            described: the event of the call itself, which a REQUEST authorizer is told of.

        Raises:
            Refused: as API Gateway answers a caller who may not, or a broken authorizer.
            NotEmulated: the policy uses what this cloud lacks.
        """
        sources = self._sources(request, described)
        began = self._clock()
        identity = self._remembered(sources)
        latency_ms = 0
        if identity is None:
            event = self._event(sources, method_arn, described)
            identity = _identity(ask(json.dumps(event).encode()))
            latency_ms = int((self._clock() - began) * 1000)
            self._remember(sources, identity)
        match _verdict(identity, method_arn):
            case Verdict.EXPLICITLY_DENIED:
                raise Refused(EXPLICITLY_DENIED)
            case Verdict.DENIED:
                raise Refused(DENIED)
        return identity, latency_ms

    def _sources(self, request: Request, described: Describe) -> Sources:
        """What tells callers apart; each must be there, else they are unknown without asking."""
        values = tuple(
            self._source(expression, request, described)
            for expression in self._authorizer.identity_sources
        )
        if not all(values):
            raise Refused(UNAUTHORIZED)
        if self._authorizer.type == "TOKEN" and not self._valid.match(values[0] or ""):
            raise Refused(UNAUTHORIZED)
        return values

    def _source(self, expression: str, request: Request, described: Describe) -> str | None:
        where, _, name = expression.rpartition(".")
        match where:
            case "method.request.header" | "route.request.header":
                return request.header(name)
            case "method.request.querystring" | "route.request.querystring":
                return dict(request.query).get(name)
            case "stageVariables":
                return self._variables.get(name)
        value: Any = described()["requestContext"]
        for part in expression.split(".")[1:]:
            value = value.get(part) if isinstance(value, dict) else None
        return None if value is None else str(value)

    def _event(self, sources: Sources, method_arn: str, described: Describe) -> dict[str, Any]:
        if self._authorizer.type == "TOKEN":
            return {"type": "TOKEN", "authorizationToken": sources[0], "methodArn": method_arn}
        event = {name: each for name, each in described().items() if name not in _NOT_TOLD}
        told = {name: {} if each is None else each for name, each in event.items()}
        return {"type": "REQUEST", "methodArn": method_arn, **told}

    def _remembered(self, sources: Sources) -> Identity | None:
        with self._lock:
            until, identity = self._kept.get(sources, (0.0, None))
        return identity if self._clock() < until else None

    def _remember(self, sources: Sources, identity: Identity) -> None:
        now = self._clock()
        with self._lock:
            if len(self._kept) >= KEPT_POLICIES:
                self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
            self._kept[sources] = (now + self._authorizer.ttl_seconds, identity)


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
