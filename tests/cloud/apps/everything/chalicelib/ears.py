"""Every event source. What a function has heard is one line of its log."""

import os

from chalice import Blueprint, Cron, Rate

ears = Blueprint(__name__)


@ears.on_s3_event(
    bucket="everything-photos", events=["s3:ObjectCreated:*"], prefix="in/", suffix=".webp"
)
def photo_came(event):
    print("HEARD", event.bucket, event.key)


@ears.on_sns_message(topic="everything-news")
def news(event):
    print("HEARD", event.subject, event.message)


@ears.on_sqs_message(queue="everything-orders", batch_size=10, maximum_batching_window_in_seconds=1)
def ordered(event):
    print("HEARD", *sorted(record.body for record in event))


@ears.on_sqs_message(
    queue_arn="arn:aws:sqs:us-east-1:123456789012:everything-returns", maximum_concurrency=2
)
def returned(event):
    print("HEARD", *(record.body for record in event))


@ears.on_kinesis_record(stream="everything-clicks", batch_size=5, starting_position="TRIM_HORIZON")
def clicked(event):
    print("HEARD", *(record.data.decode() for record in event))


@ears.on_dynamodb_record(
    stream_arn=os.environ["STREAM"], batch_size=5, starting_position="TRIM_HORIZON"
)
def changed(event):
    print("HEARD", *(f"{record.event_name} {record.keys['name']['S']}" for record in event))


@ears.on_cw_event({"source": ["shop"], "detail-type": ["opened"]})
def opened(event):
    print("HEARD", event.source, event.detail["door"])


@ears.schedule(Rate(1, unit=Rate.HOURS))
def hourly(event):
    print("HEARD", "the hour")


@ears.schedule(Cron(0, 3, "*", "*", "?", "*"), description="when nobody is about")
def nightly(event):
    print("HEARD", "the night")
