"""Two clerks who sell in the same moment, and meet between reading and writing.

    def sell_one(table, meet):
        …read through table…
        meet()                      # waits until the other has read as well
        …write through table…

    race(sell_one, "inventory-dev")

So the worst case of a race happens every time, without luck and without sleeping.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any

import boto3

CLERKS = 2
PATIENCE = 30.0  # seconds that one waits for the other to have read


def race(sell: Callable[[Any, Callable[[], object]], Any], table: str) -> list[Any]:
    """Let both sell at once; what each `sell(table, meet)` returned, sorted.

    Args:
        sell: given a table handle of the clerk's own, and `meet`.
        table: the table's name.

    Raises:
        Exception: what a clerk raised; the other does not wait for that one.
    """
    tables = [boto3.resource("dynamodb").Table(table) for _ in range(CLERKS)]
    both_have_read = Barrier(CLERKS, timeout=PATIENCE)

    def clerk(own_table: Any) -> Any:
        try:
            return sell(own_table, both_have_read.wait)
        except BaseException:
            both_have_read.abort()
            raise

    with ThreadPoolExecutor(CLERKS) as clerks:
        sales = [clerks.submit(clerk, own_table) for own_table in tables]
    for sale in sales:
        if (error := sale.exception()) and not isinstance(error, BrokenBarrierError):
            raise error  # the other one's is only that nobody came
    return sorted(sale.result() for sale in sales)
