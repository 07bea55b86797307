"""Calls of functions on behalf of an API, each with a deadline.

A function that is late goes on; only its caller stops waiting, as on AWS. So every call under way
has a thread beside the one of the request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from workbook.cloud.gateway.model import function_arn
from workbook.cloud.gateway.responses import CALL_REJECTED, TIMED_OUT, Refused

TIMEOUT_SECONDS = 29.0
THREADS = 1_000  # started as they are needed; idle ones are reused
_LOG = logging.getLogger(__name__)


class InvokeResult(NamedTuple):
    """What a function answered."""

    payload: bytes
    function_error: str | None  # None, or AWS's "Unhandled"


Invoke = Callable[[str, bytes, str], InvokeResult]
"""invoke(function_arn, payload, trace): blocks; an exception means that Lambda took no call."""


class LambdaCalls:
    """Calls functions by the URIs that integrations and authorizers carry.

    Args:
        timeout: seconds; an integration may have less, never more.
    """

    def __init__(self, invoke: Invoke, timeout: float) -> None:
        self._invoke = invoke
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="integration")

    def call(
        self,
        uri: str,
        variables: Mapping[str, str],
        payload: bytes,
        trace: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
    ) -> InvokeResult:
        """Invoke the function that a URI names, its stage variables filled in.

        Raises:
            Refused: time is up (504), or Lambda did not take the call (500).
        """
        arn = function_arn(uri, variables)
        if arn is None:
            raise Refused(CALL_REJECTED)
        under_way = self._threads.submit(self._invoke, arn, payload, trace)
        try:
            return under_way.result(min(timeout, self._timeout))
        except Exception as error:  # a throttle, an unknown function …: one answer for all of them
            if isinstance(error, TimeoutError) and not under_way.done():
                raise Refused(TIMED_OUT) from None
            _LOG.warning("Lambda took no call of %s: %r", arn, error)
            raise Refused(CALL_REJECTED) from error

    def close(self) -> None:
        """Take no more calls; does not wait for those under way."""
        self._threads.shutdown(wait=False, cancel_futures=True)
