"""The judge: whether a request may go on to what answers it.

front.py asks it for every AWS call while IAM is enforced, and never otherwise. The administrator's
requests are not even read, but for an event source mapping, which the function's role must be able
to serve. A call that needs something which cannot be judged here answers 501 with its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from workbook.cloud import unimplemented
from workbook.cloud.answer import Answer
from workbook.cloud.calls import AwsCall
from workbook.cloud.iam import refusals
from workbook.cloud.iam.actions import Names, needs
from workbook.cloud.iam.context import context_of
from workbook.cloud.iam.evaluate import Denial, decide
from workbook.cloud.iam.policies import Need, NotEmulated
from workbook.cloud.iam.requests import Protocol, Request, read
from workbook.cloud.iam.roles import Callers, InvalidKey, Principal

Environ = dict[str, Any]
Proceed = Callable[[], Answer]


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
        try:
            principal = self._callers.who(call.access_key)
        except InvalidKey:
            request = read(environ, call, account=self._account, caller="")
            return refusals.invalid_key(request)
        if principal is None:
            return proceed()
        request = read(environ, call, account=self._account, caller=principal.arn)
        try:
            wanted = needs(request, self._names)
            denial = self._denial(wanted, principal, request, environ)
        except NotEmulated as missing:
            name = f"{missing} while IAM is enforced"
            return unimplemented.refusal(name, call, form=request.protocol is Protocol.QUERY)
        return proceed() if denial is None else refusals.refuse(request, denial)

    def _denial(
        self, wanted: Iterable[Need], principal: Principal, request: Request, environ: Environ
    ) -> Denial | None:
        context = context_of(request, principal, environ, self._clock())
        denials = (decide(need, principal.layers, context) for need in wanted)
        return next((denial for denial in denials if denial is not None), None)
