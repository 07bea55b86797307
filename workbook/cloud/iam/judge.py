"""The judge: whether a request may go on to what answers it.

front.py asks it for every AWS call while IAM is enforced, and never otherwise. The administrator's
requests are not even read, but for an event source mapping, which the function's role has to be
able to serve. A call that needs something which cannot be judged here answers 501 with its name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from workbook.cloud import unimplemented
from workbook.cloud.answer import Answer
from workbook.cloud.calls import AwsCall
from workbook.cloud.iam import anonymous, deletions, event_sources, refusals
from workbook.cloud.iam.actions import Names, needs
from workbook.cloud.iam.actions.lambdas import function_arn
from workbook.cloud.iam.context import context_of
from workbook.cloud.iam.evaluate import Denial, decide
from workbook.cloud.iam.event_sources import actions_on
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Protocol, Request, read
from workbook.cloud.iam.roles import Callers, InvalidKey, Principal, Session
from workbook.cloud.iam.s3_requests import poster
from workbook.cloud.missing import NotEmulated

_LOG = logging.getLogger(__name__)
Environ = dict[str, Any]
Proceed = Callable[[], Answer]
Denials = Callable[[Need], Denial | None]


class Judge:
    """Refuses what policies do not allow.

    Args:
        callers: tells whose key a request is signed with.
        names: looks up what a request leaves out.
        account: in which everybody is.
        clock: seconds since 1970.
    """

    def __init__(
        self, callers: Callers, names: Names, *, account: str, clock: Callable[[], float]
    ) -> None:
        self._callers = callers
        self._names = names
        self._account = account
        self._clock = clock

    def answer(self, environ: Environ, call: AwsCall, proceed: Proceed) -> Answer:
        """AWS's refusal of a request, or what answers it.

        Args:
            proceed: answers the request as the environ then is.
        """
        access_key = call.access_key or poster(environ)
        if not access_key and not anonymous.admitted(environ, call):
            return anonymous.refusal(call)
        try:
            principal = self._callers.who(access_key)
            if principal is not None:
                return self._answer_to(principal, environ, call, proceed)
            return self._checked(environ, call, proceed)
        except InvalidKey:
            return refusals.invalid_key(self._read(environ, call))
        except NotEmulated as missing:
            form = self._read(environ, call).protocol is Protocol.QUERY
            return unimplemented.refusal(missing, call, form=form)

    def may_read(self, function: str, source: str) -> bool:
        """Whether a function's role, as it is now, can read an event source.

        Args:
            function: its ARN, like the source's.
        """
        role = self._names.execution_role(function)
        if role is None:
            return False
        principal = self._callers.in_role(Session(role, function.split(":")[6]))
        region = source.split(":")[3]
        polling = Request("lambda", "", {}, Protocol.JSON, "POST", "/", region, self._account)
        denial = self._denials(principal, polling, {})
        try:
            return not any(denial(Need(action, source)) for action in actions_on(source))
        except NotEmulated:
            _LOG.warning("Whether %s may read %s cannot be judged", function, source, exc_info=True)
            return False

    def _answer_to(
        self, principal: Principal, environ: Environ, call: AwsCall, proceed: Proceed
    ) -> Answer:
        request = self._read(environ, call, caller=principal.arn)
        denial = self._denials(principal, request, environ)
        if request.operation == "DeleteObjects":
            return deletions.answer(request, environ, denial, proceed)
        for need in needs(request, self._names):
            denied = denial(need)
            if denied is not None:
                return refusals.refuse(request, denied)
        return self._checked(environ, call, proceed)

    def _checked(self, environ: Environ, call: AwsCall, proceed: Proceed) -> Answer:
        """What is asked of others than the caller."""
        if call.method != "POST" or call.path.rstrip("/") != event_sources.PATH:
            return proceed()
        request = self._read(environ, call)
        function = function_arn(request, request.text("FunctionName"))
        role = self._names.execution_role(function)
        if role is None:  # there is no such function, as will be said
            return proceed()
        principal = self._callers.in_role(Session(role, function.split(":")[6]))
        denial = self._denials(principal, request, environ)
        return event_sources.refusal(request, denial) or proceed()

    def _read(self, environ: Environ, call: AwsCall, caller: str = "") -> Request:
        return read(environ, call, account=self._account, caller=caller)

    def _denials(self, principal: Principal, request: Request, environ: Environ) -> Denials:
        context = context_of(request, principal, environ, self._clock())
        return lambda need: decide(need, principal.layers, context)
