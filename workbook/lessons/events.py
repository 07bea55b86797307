"""Chapter 05, events: its metadata, and the hints and checks of its exercises.

Checks deliver events to what the learner built and look at what is there afterwards, in tables and
queues. `event_delivery` holds how; `shop_events` the events.
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from workbook.check import Chapter, NotAttempted, call, expect
from workbook.check.blame import in_words
from workbook.check.expectation import LearnerError
from workbook.lessons import event_delivery as delivery
from workbook.lessons import shop_events
from workbook.lessons.call_watch import watching

chapter = Chapter("events", title="Events", minutes=55)

INSIDE = 'chapter 05, section "Look inside: the event"'
NOBODY = 'chapter 05, section "Nobody waits, so nobody hears"'
QUEUE = 'chapter 05, section "A queue: work that can wait"'
PARTIAL = 'chapter 05, section "Say which messages failed"'
TWICE = 'chapter 05, section "Delivered twice"'
FAN_OUT = 'chapter 05, section "More: one order, three functions"'
NIGHT = 'chapter 05, section "More: half past five, without waiting for it"'


# 1 ----------------------------------------------------------------------------------------------

ASYNCHRONOUS = "The service that sends it waits for nobody, so Lambda itself tries again: once, and twice more."
RUNS = {
    "an upload": (3, ASYNCHRONOUS, NOBODY),
    "a message in a queue": (
        3,
        "The queue counts how often it has handed a message out; maxReceiveCount is that number.",
        QUEUE,
    ),
    "a request over HTTP": (
        1,
        "Somebody is waiting for this answer: they are told of the error, and Lambda tries no more.",
        NOBODY,
    ),
    "a message on a topic, two functions": (
        6,
        "A topic calls each subscriber by itself, asynchronously, and each is tried like an upload.",
        FAN_OUT,
    ),
}


@chapter.exercise(
    "predict-the-tries",
    title="How often is it tried?",
    minutes=4,
    difficulty="easy",
    hints=(
        "For each of the four: is anybody waiting for the function's answer?",
        (
            "Where nobody waits, Lambda tries again by itself. Count the first try too. A queue has a "
            "count of its own."
        ),
        (
            "The chapter's text file was delivered as often as any asynchronous event. Two subscribers "
            "are two asynchronous events."
        ),
    ),
)
def check_predict_the_tries(runs: Any) -> None:
    """Every number is the one that AWS's documentation gives."""
    expect.that(
        isinstance(runs, dict) and set(runs) == set(RUNS),
        called='check("predict-the-tries", runs)',
        expected=f"a dict with the keys {', '.join(RUNS)}",
        got=f"a value of type {type(runs).__name__}"
        if not isinstance(runs, dict)
        else f"the keys {', '.join(map(str, runs))}",
    )
    if any(number is ... for number in runs.values()):
        raise NotAttempted("There are still three dots where a number should be.")
    for case, (number, because, look_at) in RUNS.items():
        expect(runs[case], number, called=f"runs[{case!r}]", because=because, look_at=look_at)


# 2 ----------------------------------------------------------------------------------------------

PHOTOS = {
    "photos/mill.png": ("image/png", 48),
    "photos/espresso beans.jpg": ("image/jpeg", 7),
    "photos/100%+.webp": ("image/webp", 3),
}
BUCKET = "incoming-raw-images"
AS_INTO_A_URL = "S3 writes keys into its events as into a URL; event.key is the decoded one."


@chapter.exercise(
    "store-the-metadata",
    title="Store the metadata",
    minutes=8,
    difficulty="easy",
    hints=(
        (
            "Three of the blanks are in the event: Chalice's S3 event has two attributes that say where "
            "the photo is. The other is in what S3 answers."
        ),
        (
            "Run the scratch cell: it prints what head_object tells. One of the names is the size in "
            "bytes."
        ),
        'Blanks 2 to 4 are event.bucket, event.key and event.key; the last is found["Content…"].',
    ),
)
def check_store_the_metadata(app: Any) -> None:
    """Each upload leaves one row, keyed by the photo's real name."""
    app = delivery.app_with(app, "store_metadata")
    registered = delivery.source(app, "store_metadata")
    if getattr(registered, "bucket", None) == "...":
        raise NotAttempted("Blank 1, the bucket, still holds three dots.")
    expect(
        getattr(registered, "bucket", None),
        BUCKET,
        called="the bucket that store_metadata listens to",
        because="Uploads to another bucket never reach it.",
        look_at=INSIDE,
    )
    _hears_of_every_photo(registered)
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    media = delivery.table("media", "photo")
    for key, (content_type, size) in PHOTOS.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x" * size, ContentType=content_type)
        _uploaded(app, key, size)
        _has_row(media, key, content_type, size)
    key = "photos/mill.png"
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"x" * 9, ContentType="image/gif")
    _uploaded(app, key, 9)
    _has_row(media, key, "image/gif", 9)
    expect(
        len(media.scan()["Items"]),
        len(PHOTOS),
        called=f"the rows of media, after {len(PHOTOS)} photos of which one was replaced",
        because="A photo's row is found again by its key.",
    )


def _hears_of_every_photo(registered: Any) -> None:
    """Checks hand events over by themselves, so what S3 would hold back is looked at here."""
    expect.that(
        {"s3:ObjectCreated:*", "s3:ObjectCreated:Put"} & set(registered.events),
        called="the events that store_metadata listens to",
        expected="s3:ObjectCreated:*",
        got=", ".join(registered.events) or "none",
        because="A photo that lands in a bucket is an object created there.",
        look_at=INSIDE,
    )
    prefix, suffix = registered.prefix or "", registered.suffix or ""
    kept_back = [key for key in PHOTOS if not (key.startswith(prefix) and key.endswith(suffix))]
    expect.that(
        not kept_back,
        called="the filter of store_metadata's registration",
        expected="none that holds photos back",
        got=f"prefix {prefix!r} and suffix {suffix!r}: {', '.join(kept_back)} never reach it",
        because="S3 hands on what the filter lets through, and no photo besides.",
    )


def _uploaded(app: Any, key: str, size: int) -> None:
    called = f"store_metadata, after an upload of {key}"
    try:
        delivery.invoke(app, "store_metadata", shop_events.upload(key, size), called)
    except LearnerError as raised:
        if not isinstance(raised.error, ClientError) or "404" not in str(raised.error):
            raise
        expect.that(
            False,
            called=called,
            expected="what S3 knows of that photo",
            got=f"there is no such photo: {in_words(raised.error)}",
            because=AS_INTO_A_URL,
            look_at=INSIDE,
        )


def _has_row(media: Any, key: str, content_type: str, size: int) -> None:
    rows = media.scan()["Items"]
    expect.that(
        any(row["photo"] == key for row in rows),
        called=f"the rows of media, after an upload of {key}",
        expected=f"one whose photo is {key!r}",
        got=", ".join(repr(row["photo"]) for row in rows) or "no row",
        because="A photo's name is its whole key, folder and all."
        if any(key.endswith(f"/{row['photo']}") for row in rows)
        else AS_INTO_A_URL,
        look_at=INSIDE,
    )
    row = media.get_item(Key={"photo": key})["Item"]
    expect(
        row,
        {"photo": key, "content_type": content_type, "size": size},
        called=f"the row of {key}",
        because="A size is a number, not text: whoever adds sizes up wants to add."
        if row.get("size") == str(size)
        else "What the photo is, S3 knows: it was told at the upload, and head_object asks it.",
        look_at=INSIDE,
    )


# 3 ----------------------------------------------------------------------------------------------

GOOD = [json.dumps({"order_id": f"order_{n}", "item_id": "item_1", "quantity": n}) for n in (1, 2)]
POISON = "two bags, please"


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


@chapter.exercise(
    "survive-a-poison-message",
    title="Survive a poison message",
    minutes=10,
    difficulty="medium",
    hints=(
        "Which line raises, and how much of the batch is left at that moment? Where would a try help?",
        (
            "One try for each record, around everything that belongs to it. In the except, remember "
            "that record's messageId; go on with the next."
        ),
        (
            'Collect {"itemIdentifier": record["messageId"]} in a list, and return it under '
            '"batchItemFailures" after the loop.'
        ),
    ),
)
def check_survive_a_poison_message(handle: Any) -> None:
    """The good orders are reserved once each, and the others, only they, are reported."""
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


# 4 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "count-each-order-once",
    title="Count each order once",
    minutes=15,
    difficulty="hard",
    optional=True,
    hints=(
        (
            "Something has to remember that an order was handled, where every execution environment can "
            "see it, and in the same moment in which the stock changes."
        ),
        (
            "transact_write_items takes a Put and an Update, and does both or neither. The Put needs a "
            "ConditionExpression that an order seen before does not meet."
        ),
        (
            "orders.meta.client.transact_write_items(TransactItems=[{'Put': …attribute_not_exists(order_id)…}, "
            "{'Update': …}]). Swallow only a cancellation whose first reason is ConditionalCheckFailed."
        ),
    ),
)
def check_count_each_order_once(reserve: Any) -> None:
    """Duplicates change nothing, failures are not remembered, and memory plays no part."""
    orders, stock = delivery.table("orders", "order_id"), delivery.table("stock", "item_id")
    stock.put_item(Item={"item_id": "item_1", "stock": 12})
    _reserve(reserve, orders, stock, "o1", 10, "the first delivery of o1", "")
    if _is_doubled(reserve, orders, stock):
        raise NotAttempted("An order that is delivered twice is still counted twice.")
    because = "The same order came again: it was counted before."
    _reserve(reserve, orders, stock, "o1", 10, "o1, delivered a third time", because)
    because = "Another order that asks for the same is not a duplicate: the id decides."
    _reserve(reserve, orders, stock, "o2", 8, "o2, which asks for as much as o1", because)
    _elsewhere(reserve)
    _after_a_failure(reserve, orders, stock)
    _at_the_same_time(reserve, orders, stock)
    _after_a_death(reserve, orders, stock)


def _order(order_id: str, item_id: str = "item_1") -> dict[str, Any]:
    return {"order_id": order_id, "item_id": item_id, "quantity": 2}


def _left(stock: Any, item_id: str = "item_1") -> Any:
    row = stock.get_item(Key={"item_id": item_id}).get("Item", {})
    return int(row["stock"]) if "stock" in row else None


def _reserve(
    reserve: Any, orders: Any, stock: Any, order_id: str, left: int, what: str, because: str
) -> None:
    call(reserve, _order(order_id), orders, stock, called=f"reserve({order_id}, …)")
    expect(_left(stock), left, called=f"the stock, after {what}", because=because, look_at=TWICE)


def _is_doubled(reserve: Any, orders: Any, stock: Any) -> bool:
    before = orders.scan()["Items"]
    call(reserve, _order("o1"), orders, stock, called="reserve(o1, …), once more")
    return not before and not orders.scan()["Items"] and _left(stock) == 8


def _elsewhere(reserve: Any) -> None:
    """Other tables are another day: what a function remembers by itself has no place there."""
    orders = delivery.table("orders-of-another-day", "order_id")
    stock = delivery.table("stock-of-another-day", "item_id")
    stock.put_item(Item={"item_id": "item_1", "stock": 12})
    because = (
        "These tables never saw o1. What a function keeps in memory is known to one execution "
        "environment, and forgotten with it; only the tables know. (Or are their names typed? "
        "These have others: orders.name and stock.name tell them.)"
    )
    _reserve(reserve, orders, stock, "o1", 10, "o1, with empty tables", because)


def _after_a_failure(reserve: Any, orders: Any, stock: Any) -> None:
    """The item does not exist yet when the order first comes."""
    expect.that(
        _raises(reserve, _order("o3", "item_3"), orders, stock),
        called="reserve(o3, …), for an item whose stock is unknown",
        expected="an error, so that the queue tries again",
        got="nothing raised",
        because="An order that was not taken out of the stock must not count as done.",
        look_at=TWICE,
    )
    stock.put_item(Item={"item_id": "item_3", "stock": 5})
    call(reserve, _order("o3", "item_3"), orders, stock, called="reserve(o3, …), once more")
    expect(
        _left(stock, "item_3"),
        3,
        called="the stock of item_3: o3 failed once, then came again",
        because="The first try left a mark though it reserved nothing, and the second believed it. "
        "Mark and reservation have to happen together.",
        look_at=TWICE,
    )


def _at_the_same_time(reserve: Any, orders: Any, stock: Any) -> None:
    """Another environment has the same order, and handles it before this one writes anything."""
    before = _left(stock)
    with watching(before_write=lambda: _deliver(reserve, _order("o4"), orders, stock)):
        _deliver(reserve, _order("o4"), orders, stock)
    _deliver(reserve, _order("o4"), orders, stock)  # where it raised, the queue tries again
    expect(
        _left(stock),
        before - 2,
        called="the stock, after o4 was delivered to two environments at once",
        because="Both looked before either had written, and found nothing. Looking is too early: "
        "the write itself has to refuse, by a condition.",
        look_at=TWICE,
    )


def _after_a_death(reserve: Any, orders: Any, stock: Any) -> None:
    """The environment ends directly after the first write, whatever that was."""
    before = _left(stock)
    with watching(after_write=_die), contextlib.suppress(_Died):
        _deliver(reserve, _order("o5"), orders, stock)
    _deliver(reserve, _order("o5"), orders, stock)
    expect(
        _left(stock),
        before - 2,
        called="the stock, after o5 came twice: the first worker died directly after its first write",
        because="Between two writes a worker can die. Mark and reservation have to happen together.",
        look_at=TWICE,
    )


class _Died(BaseException):
    """A killed process runs no `except Exception`."""


def _die() -> None:
    raise _Died


def _deliver(reserve: Any, *arguments: Any) -> None:
    with contextlib.suppress(Exception):  # the message stays in the queue
        reserve(*arguments)


def _raises(reserve: Any, *arguments: Any) -> bool:
    try:
        reserve(*arguments)
    except Exception:  # noqa: BLE001 - whatever it raises keeps the message in the queue
        return True
    return False


# 5 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "fan-out",
    title="Fan out",
    minutes=10,
    difficulty="medium",
    optional=True,
    hints=(
        "A topic forgets at once, a queue has one reader. Which of the two stands in front?",
        "create_topic, then for each name create_queue and subscribe with Protocol sqs.",
        (
            "The Endpoint is the queue's ARN, from get_queue_attributes; subscribe takes Attributes, "
            "of which RawMessageDelivery unwraps the text."
        ),
    ),
)
def check_fan_out(fan_out: Any) -> None:
    """Everything published reaches every queue, bare."""
    for topic, queues in (
        ("low-stock", ["storeroom-screen", "buyer"]),
        ("new-items", ["window", "newsletter", "till"]),
    ):
        called = f"fan_out({topic!r}, {queues!r})"
        arn = call(fan_out, topic, queues, called=called)
        if arn is None and not boto3.client("sns").list_topics()["Topics"]:
            raise NotAttempted("The function does nothing yet.")
        expect.that(
            isinstance(arn, str) and arn.startswith("arn:aws:sns:") and arn.endswith(f":{topic}"),
            called=called,
            expected=f"the ARN of the topic {topic}",
            got=repr(arn) if isinstance(arn, str) else f"a value of type {type(arn).__name__}",
        )
        messages = ["item_1 is down to 4", "item_2 is gone"]
        for message in messages:
            boto3.client("sns").publish(TopicArn=arn, Message=message)
        for queue in queues:
            found = delivery.bodies_in(queue)
            what = f"the bodies in {queue}, after {called} and two publications"
            shown = [body if body in messages else _envelope(body) for body in sorted(found)]
            expect(shown, messages, called=what, because=_why(found), look_at=FAN_OUT)


def _envelope(body: str) -> str:
    """A wrapped message in words: its ids and its time differ from one delivery to the next."""
    try:
        return f"an envelope around {json.loads(body)['Message']!r}"
    except (ValueError, KeyError, TypeError):
        return body


def _why(found: list[str]) -> str:
    if not found:
        return "Nothing arrived: a queue gets a topic's messages once it is subscribed, by its ARN."
    if any(body.startswith("{") for body in found):
        return "A topic wraps its messages; RawMessageDelivery hands on the bare text."
    return "Each queue gets each message: a list of its own, not a share."


# 6 ----------------------------------------------------------------------------------------------

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@chapter.exercise(
    "fire-the-nightly-report",
    title="Fire the nightly report",
    minutes=8,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Chalice's Cron takes minutes, hours, day of the month, month, day of the week, year, in "
            "this order."
        ),
        "The day of the week decides here, so the day of the month is ?. Days have names.",
        'Six arguments: 15, 6, "?", "*", the days from MON to FRI with a hyphen, "*".',
    ),
)
def check_fire_the_nightly_report(app: Any) -> None:
    """It fires at 06:15 UTC on five days of a week, and counts what is scarce."""
    app = delivery.app_with(app, "nightly_report")
    moment, fired = MONDAY.timestamp(), []
    end = (MONDAY + timedelta(days=14)).timestamp()
    while (
        found := delivery.next_firing(app, "nightly_report", moment)
    ) is not None and found < end:
        fired.append(datetime.fromtimestamp(found, UTC))
        moment = found
        if len(fired) > 40:
            break
    expected = [
        MONDAY + timedelta(days=day, hours=6, minutes=15) for day in range(14) if day % 7 < 5
    ]
    expect(
        [f"{at:%a %d %b %H:%M}" for at in fired[:7]],
        [f"{at:%a %d %b %H:%M}" for at in expected[:7]],
        called="the first seven times it fires, from Monday, 2 March 2026",
        because=_why_fired(fired),
        look_at=NIGHT,
    )
    stock = delivery.table("stock", "item_id")
    for rows, scarce in (({"item_1": 12, "item_2": 0, "item_3": 4}, 2), ({"item_3": 5}, 1)):
        for item_id, number in rows.items():
            stock.put_item(Item={"item_id": item_id, "stock": number})
        answer = delivery.invoke(
            app, "nightly_report", shop_events.half_past_five(), "nightly_report(event)"
        )
        expect(
            answer,
            scarce,
            called=f"nightly_report(event), with {rows} in stock",
            because=_why_counted(answer, scarce),
        )
    for number in range(3):
        large = {"item_id": f"large_{number}", "stock": 1, "about": "x" * 390_000}
        stock.put_item(Item=large)
    expect(
        delivery.invoke(
            app, "nightly_report", shop_events.half_past_five(), "nightly_report(event)"
        ),
        4,
        called="nightly_report(event), with three more scarce items, of 390 kilobytes each",
        because="A scan's page ends at a megabyte, without an error: go on where it ended.",
        look_at='chapter 04, section "A thousand items come in pages"',
    )


def _why_counted(answer: Any, scarce: int) -> str:
    if answer is None:
        return "It returns the number; what a function prints goes to its log."
    if isinstance(answer, int) and answer > scarce == 2:
        return "Below 5 is scarce. Numbers are compared as numbers: as text, '12' comes before '5'."
    return "Below 5 is scarce; 5 itself is not."


def _why_fired(fired: list[datetime]) -> str:
    if any(at.weekday() == 6 for at in fired) and not any(at.weekday() == 4 for at in fired):
        return "By number EventBridge begins a week with Sunday as 1: 1-5 is Sunday to Thursday."
    if fired and all((at.hour, at.minute) == (15, 6) for at in fired):
        return "Minutes come first, then hours."
    if any(at.weekday() > 4 for at in fired):
        return "The days of the week are not restricted to working days."
    if fired and len({at.weekday() for at in fired}) < 5:
        return "A hyphen makes a range of days, as in MON-FRI; a comma lists single days."
    return "Cron takes minutes, hours, day of the month, month, day of the week, year; in UTC."
