"""Who may call a method or connect to a WebSocket API, whatever kind of authorizer guards it.

NONE                 everybody
CUSTOM               a function is asked                                   ─▶ lambda_authorizers
COGNITO_USER_POOLS   a token is checked                                    ─▶ cognito
AWS_IAM              the signature is checked, and the signer's policies   ─▶ Account.signer
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from workbook.cloud.gateway.cognito import UserPool, claims
from workbook.cloud.gateway.lambda_authorizers import Describe, LambdaAuthorizer
from workbook.cloud.gateway.lambda_calls import InvokeResult, LambdaCalls
from workbook.cloud.gateway.model import Authorizer
from workbook.cloud.gateway.request import Request
from workbook.cloud.gateway.responses import AUTHORIZER_BROKEN, MISSING_TOKEN, Refused


class Account(Protocol):
    """What an account knows of those who call its APIs."""

    def signer(self, request: Request, arn: str) -> Mapping[str, str | None]:
        """Who signed a request, as requestContext.identity tells, if they may call `arn`.

        Raises:
            Refused: the signature is not good, or the signer's policies do not allow it.
        """

    def user_pool(self, arn: str) -> UserPool | None:
        """A Cognito user pool."""

    def token_time(self) -> float:
        """Seconds since 1970, by the clock of the pools that issue tokens."""


class NoAccount:
    """An account that knows nobody."""

    def signer(self, request: Request, arn: str) -> Mapping[str, str | None]:
        """Nobody."""
        raise Refused(MISSING_TOKEN)

    def user_pool(self, arn: str) -> UserPool | None:
        """Nothing."""
        return None

    def token_time(self) -> float:
        """No time: there are no tokens."""
        return 0.0


@dataclass(frozen=True)
class Admission:
    """What is known of somebody who may call.

    Args:
        context: requestContext.authorizer, where there is an authorizer.
        identity: what a signature adds to requestContext.identity.
        usage_key: the API key that an authorizer's function named.
    """

    context: Mapping[str, Any] | None = None
    identity: Mapping[str, str | None] = field(default_factory=dict)
    usage_key: str | None = None


@dataclass(frozen=True)
class Guard:
    """What guards one method or route. The names are those of model.Method."""

    authorization_type: str
    authorizer_id: str | None = None
    scopes: tuple[str, ...] = ()


class Gatekeeper:
    """The authorizers of one stage.

    Args:
        variables: the stage's.
        clock: seconds since 1970.

    Raises:
        InvalidApi: an authorizer that API Gateway would refuse.
    """

    def __init__(
        self,
        authorizers: Mapping[str, Authorizer],
        *,
        variables: Mapping[str, str],
        calls: LambdaCalls,
        account: Account,
        clock: Callable[[], float],
    ) -> None:
        self._authorizers = authorizers
        self._functions = {
            key: LambdaAuthorizer(authorizer, variables, clock)
            for key, authorizer in authorizers.items()
            if authorizer.type in ("TOKEN", "REQUEST")
        }
        self._variables = variables
        self._calls = calls
        self._account = account

    def admit(
        self, guard: Guard, request: Request, arn: str, trace: str, described: Describe
    ) -> Admission:
        """Let a caller in.

        Args:
            arn: of the method, for policies.
            described: the event that the call is going to make.

        Raises:
            Refused, NotEmulated: what is answered instead.
        """
        if guard.authorization_type == "NONE":
            return Admission()
        if guard.authorization_type == "AWS_IAM":
            return Admission(identity=self._account.signer(request, arn))
        authorizer = self._authorizers.get(guard.authorizer_id or "")
        if authorizer is None:
            raise Refused(AUTHORIZER_BROKEN)
        if authorizer.type == "COGNITO_USER_POOLS":
            pools = [self._account.user_pool(each) for each in authorizer.user_pools]
            token = request.header(authorizer.identity_sources[0].rpartition(".")[2])
            known = [pool for pool in pools if pool is not None]
            now = self._account.token_time()
            return Admission({"claims": claims(token, known, guard.scopes, now)})
        if authorizer.id not in self._functions:
            raise Refused(AUTHORIZER_BROKEN)

        def ask(event: bytes) -> InvokeResult:
            return self._ask(authorizer, event, trace)

        by_function = self._functions[authorizer.id]
        identity, latency_ms = by_function.authorize(request, arn, described, ask)
        return Admission(identity.for_event(latency_ms), usage_key=identity.usage_identifier_key)

    def _ask(self, authorizer: Authorizer, event: bytes, trace: str) -> InvokeResult:
        try:
            return self._calls.call(authorizer.uri, self._variables, event, trace)
        except Refused as refused:  # late or rejected is one to who waits for an authorizer
            raise Refused(AUTHORIZER_BROKEN) from refused
