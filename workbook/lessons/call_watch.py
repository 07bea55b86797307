"""Watches the AWS calls of a learner's code, whichever client makes them, and steps in between.

    with watching(before_write=rival) as watch:
        reserve(table, "item_1", 2)     # the learner's: reads …
                                        # … rival() runs here, for certain …
    watch.calls                         # … and writes

So a race needs no luck: what another environment would do at the worst moment is done at that
moment, in the same thread. botocore's one way through which every call goes is replaced for the
time of the block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from botocore.client import BaseClient  # type: ignore[import-untyped]

READS = {"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"}
_LOOKS = {"DescribeTable", "ListTables"}


@dataclass
class Watch:
    """What was seen.

    Attributes:
        calls: the operations, in their order.
        items_read: how many items the table had to read for them.
    """

    calls: list[str] = field(default_factory=list)
    items_read: int = 0

    @property
    def reads(self) -> list[str]:
        """The operations that read items."""
        return [call for call in self.calls if call in READS]


@contextmanager
def watching(
    before_write: Callable[[], None] | None = None, after_write: Callable[[], None] | None = None
) -> Iterator[Watch]:
    """Watch every call inside the block.

    Args:
        before_write: called once, directly before the first call that may change a table.
        after_write: called after each such call, also one that was refused.
    """
    watch = Watch()
    original = BaseClient._make_api_call
    own, intervened = False, False

    def watched(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        nonlocal own, intervened
        if own:  # what before_write and after_write call themselves
            return original(client, operation, parameters)
        writes = operation not in READS | _LOOKS
        own = True
        try:
            if writes and before_write and not intervened:
                intervened = True
                before_write()
            watch.calls.append(operation)
            try:
                answer = original(client, operation, parameters)
            finally:
                if writes and after_write:
                    after_write()
        finally:
            own = False
        watch.items_read += _items_read(answer)
        return answer

    with mock.patch.object(BaseClient, "_make_api_call", watched):
        yield watch


def _items_read(answer: dict[str, Any]) -> int:
    batches = answer.get("Responses")
    if isinstance(batches, dict):
        return sum(len(items) for items in batches.values())
    return int(answer.get("ScannedCount", 1 if "Item" in answer else 0))
