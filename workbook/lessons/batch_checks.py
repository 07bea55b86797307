"""The check of chapter 05 on batches: an order that fails must not take the others with it."""

from __future__ import annotations

import json
from typing import Any

from workbook.check import NotAttempted, call, expect
from workbook.check.blame import in_words
from workbook.check.expectation import LearnerError
from workbook.lessons import shop_events

QUEUE = 'chapter 05, section "A queue: work that can wait"'
PARTIAL = 'chapter 05, section "Say which messages failed"'

GOOD = [json.dumps({"order_id": f"order_{n}", "item_id": "item_1", "quantity": n}) for n in (1, 2)]
POISON = "two bags, please"


def survives_poison(handle: Any) -> None:
    """Batches with bad orders first, last, in between, and alone."""
    if _behaves_like_the_starter(handle):
        raise NotAttempted("A bad order still brings the whole batch back, as it did.")
    first, second = GOOD
    for title, bodies, refusing, reserved, failed in (
        ("two good orders", GOOD, (), ["order_1", "order_2"], []),
        ("a good order, a poisoned one, a good one", [first, POISON, second], (), None, [2]),
        ("a poisoned order, then two good ones", [POISON, *GOOD], (), None, [1]),
        ("two orders, of which reserve refuses the first", GOOD, ("order_1",), ["order_2"], [1]),
        ("nothing but poisoned orders", [POISON, "[]"], (), [], [1, 2]),
    ):
        _batch(handle, title, bodies, refusing, reserved or _orders_of(bodies, refusing), failed)


class Refusing:
    """Stands for `reserve`: keeps what it is given, and refuses some orders."""

    def __init__(self, *refused: str) -> None:
        self.reserved: list[str] = []
        self.texts: list[str] = []
        self._refused = refused

    def __call__(self, order: Any) -> None:
        """Take an order, or raise."""
        if isinstance(order, str):
            self.texts.append(order)
        if order["order_id"] in self._refused:
            raise LookupError(f"no stock for {order['order_id']}")
        self.reserved.append(order["order_id"])


def _orders_of(bodies: list[str], refusing: tuple[str, ...]) -> list[str]:
    orders = [json.loads(body)["order_id"] for body in bodies if body.startswith("{")]
    return [order for order in orders if order not in refusing]


def _batch(
    handle: Any,
    title: str,
    bodies: list[str],
    refusing: tuple[str, ...],
    reserved: list[str],
    failed: list[int],
) -> None:
    event = shop_events.orders(*bodies)
    reserve = Refusing(*refusing)
    called = f"handle(a batch of {title})"
    answer = _handled(handle, event, reserve, called)
    expect.that(
        not reserve.texts,
        called=f"{called}: what reserve was given",
        expected="orders, each a dict",
        got=f"text: {reserve.texts[:1]!r}",
        because="A message's body is text; json.loads makes the order of it.",
        look_at=QUEUE,
    )
    expect(
        reserve.reserved,
        reserved,
        called=f"{called}: the orders that were reserved",
        because="One order must not keep the ones behind it from being reserved.",
        look_at=PARTIAL,
    )
    shape = isinstance(answer, dict) and isinstance(answer.get("batchItemFailures"), list)
    expect.that(
        shape,
        called=called,
        expected='a dict with "batchItemFailures"',
        got=repr(answer),
        because="An answer without that list counts as success: the queue deletes every message.",
        look_at=PARTIAL,
    )
    ids = [record["messageId"] for record in event["Records"]]
    listed = answer["batchItemFailures"]
    expect.that(
        all(isinstance(each, dict) and "itemIdentifier" in each for each in listed),
        called=called,
        expected='entries of the form {"itemIdentifier": …}',
        got=repr(listed),
        because="An entry that Lambda cannot read fails the whole batch: every message comes back.",
        look_at=PARTIAL,
    )
    expect(
        [each["itemIdentifier"] for each in listed],
        [ids[number - 1] for number in failed],
        called=f"{called}: the itemIdentifiers",
        because=_why_listed(len(listed), len(failed)),
        look_at=PARTIAL,
    )


def _handled(handle: Any, event: Any, reserve: Refusing, called: str) -> Any:
    try:
        return call(handle, event, reserve, called=called)
    except LearnerError as raised:
        if not isinstance(raised.error, LookupError | ValueError):
            raise
        return expect.that(
            False,
            called=called,
            expected="an answer",
            got=in_words(raised.error),
            because="Whatever one order raises, in reserve or before it, is that order's failure. "
            "What leaves the function fails the batch.",
            look_at=PARTIAL,
        )


def _why_listed(listed: int, failed: int) -> str:
    if listed < failed:
        return "What is not listed is deleted from the queue, and nobody sees that order again."
    if listed > failed:
        return "What is listed comes back and is done again, though it was done well."
    return "Each entry names a message: {'itemIdentifier': record['messageId']}."


def _behaves_like_the_starter(handle: Any) -> bool:
    """Neither text that is no order nor an order that is refused is kept from the caller."""
    for event, refused, error in (
        (shop_events.orders(GOOD[0], POISON, GOOD[1]), (), ValueError),
        (shop_events.orders(*GOOD), ("order_2",), LookupError),
    ):
        reserve = Refusing(*refused)
        try:
            handle(event, reserve)
        except error:
            if reserve.reserved != ["order_1"]:
                return False
        except Exception:  # noqa: BLE001 - the check proper reports it, with its line
            return False
        else:
            return False
    return True
