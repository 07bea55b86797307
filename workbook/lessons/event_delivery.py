"""Delivers events to a learner's handlers as AWS would: only where something is registered.

`events.py` says what a check expects; this module knows Chalice's registrations and the tables and
queues that a check needs.
"""

from __future__ import annotations

from typing import Any

import boto3
from chalice import Chalice
from chalice.test import Client

from workbook.check import NotAttempted, call, expect
from workbook.cloud.events import schedules
from workbook.cloud.events.cron import InvalidSchedule


def app_with(app: Any, handler: str) -> Chalice:
    """The app, once it has that handler.

    Raises:
        NotAttempted: it has none at all.
        Failed: it is no app, or its handlers have other names.
    """
    expect.that(
        isinstance(app, Chalice),
        called="check(…, app)",
        expected="a Chalice app, as in app = Chalice(app_name=…)",
        got=f"a value of type {type(app).__name__}",
    )
    if not app.event_sources:
        raise NotAttempted("No event source calls a function of this app yet.")
    expect.that(
        handler in app.handler_map,
        called="the app's event handlers",
        expected=f"one named {handler}",
        got=", ".join(app.handler_map) or "none",
    )
    assert isinstance(app, Chalice)  # for the type checker: expect.that has raised otherwise
    return app


def source(app: Chalice, handler: str) -> Any:
    """What Chalice keeps of a handler's registration."""
    return next(each for each in app.event_sources if each.name == handler)


def invoke(app: Chalice, handler: str, event: dict[str, Any], called: str) -> Any:
    """Call a handler with an event; what it returns."""
    with Client(app) as client:
        return call(client.lambda_.invoke, handler, event, called=called).payload


def next_firing(app: Chalice, handler: str, after: float) -> float | None:
    """When the handler's schedule fires next, in seconds; None when it never does again.

    Raises:
        Failed: EventBridge would refuse the expression, or the handler has no schedule.
    """
    expression: Any = getattr(source(app, handler), "schedule_expression", None)
    expect.that(
        expression is not None,
        called=f"the registration of {handler}",
        expected="a schedule: @app.schedule(…)",
        got=f"a {type(source(app, handler)).__name__}",
    )
    text = expression if isinstance(expression, str) else expression.to_string()
    try:
        schedule = schedules.parse_expression(text, after)
    except InvalidSchedule:
        schedule = None
    expect.that(
        schedule,
        called=f"the schedule {text}",
        expected="an expression that EventBridge takes",
        got="Parameter ScheduleExpression is not valid.",
        because="One of the two days, of the month and of the week, has to be ?, since together "
        "they could contradict each other."
        if text.startswith(("cron(", "rate("))
        else "As text it is cron(…) around six fields, of which the last is the year.",
        look_at='chapter 05, section "More: half past five, without waiting for it"',
    )
    assert schedule is not None  # for the type checker: expect.that has raised otherwise
    return schedule.next_after(after)


def table(name: str, key: str) -> Any:
    """A new table with one string key, as a boto3 resource."""
    boto3.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return boto3.resource("dynamodb").Table(name)


def bodies_in(queue: str) -> list[str]:
    """The bodies of all messages that wait in a queue.

    Raises:
        Failed: there is no such queue.
    """
    sqs = boto3.client("sqs")
    found = sqs.list_queues(QueueNamePrefix=queue).get("QueueUrls", [])
    urls = [url for url in found if url.rsplit("/", 1)[-1] == queue]
    expect.that(
        urls, called="the queues that exist", expected=f"one named {queue}", got="none of that name"
    )
    bodies: list[str] = []
    while messages := sqs.receive_message(QueueUrl=urls[0], MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in messages]
    return bodies
