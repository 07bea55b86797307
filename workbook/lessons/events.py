"""Chapter 05, events: its metadata, the hints of its exercises, and the check of the first.

The other checks deliver events to what the learner built and look at what is there afterwards, in
tables and queues: `event_checks`, `batch_checks` and `duplicate_checks`.
"""

from __future__ import annotations

from typing import Any

from workbook.check import Chapter, NotAttempted, expect
from workbook.lessons import batch_checks, duplicate_checks, event_checks

chapter = Chapter("events", title="Events", minutes=55)

NOBODY = 'chapter 05, section "Nobody waits, so nobody hears"'
QUEUE = 'chapter 05, section "A queue: work that can wait"'

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
        event_checks.FAN_OUT,
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
    event_checks.stores_metadata(app)


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
    batch_checks.survives_poison(handle)


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
    duplicate_checks.counts_once(reserve)


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
    event_checks.fans_out(fan_out)


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
    event_checks.reports_nightly(app)
