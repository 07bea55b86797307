"""What invocations come to in tests of those who invoke, and a mapping for those who poll.

The tests of pollers bring a source and a handler each; `poll` of conftest.py puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbook.cloud.events.mappings import Mapping

PARTIAL = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


@dataclass(frozen=True)
class Outcome:
    """What an invocation came to."""

    payload: bytes = b"null"
    function_error: str | None = None
    executed_version: str = "$LATEST"


FAILED = Outcome(b'{"errorMessage": "x"}', "Unhandled")


class Throttled(Exception):
    """The function has no environment to spare."""


def mapped(source: str, function: str, **settings: Any) -> Mapping:
    """An event source mapping, by the ARNs of both; `settings` as Lambda names them."""
    fixed = {"UUID": "7d7b", "EventSourceArn": source, "FunctionArn": function}
    return Mapping.parse(fixed | settings)
