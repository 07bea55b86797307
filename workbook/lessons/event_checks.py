"""The checks of chapter 05 on single events: an upload, a publication, a moment.

`event_delivery` holds how they are delivered; `shop_events` has the events.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from workbook.check import NotAttempted, call, expect
from workbook.check.blame import in_words
from workbook.check.expectation import LearnerError
from workbook.lessons import event_delivery as delivery
from workbook.lessons import shop_events

INSIDE = 'chapter 05, section "Look inside: the event"'
FAN_OUT = 'chapter 05, section "More: one order, three functions"'
NIGHT = 'chapter 05, section "More: half past five, without waiting for it"'

PHOTOS = {
    "photos/mill.png": ("image/png", 48),
    "photos/espresso beans.jpg": ("image/jpeg", 7),
    "photos/100%+.webp": ("image/webp", 3),
}
BUCKET = "incoming-raw-images"
AS_INTO_A_URL = "S3 writes keys into its events as into a URL; event.key is the decoded one."
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def stores_metadata(app: Any) -> None:
    """Uploads, of which one replaces another."""
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


def fans_out(fan_out: Any) -> None:
    """Two topics, with two queues and three."""
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


def reports_nightly(app: Any) -> None:
    """Two weeks of firings; then the report itself, with more stock than fits a page."""
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
