"""A dispatcher: a schedule publishes, a topic is heard, a queue is worked off."""

import json
import os

import boto3
from chalice import Chalice, Rate

app = Chalice(app_name="dispatch")


@app.schedule(Rate(1, unit=Rate.HOURS))
def remind(event):
    message = json.dumps({"reminded": event.time[:4].isdigit()})
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Subject="hourly", Message=message)


@app.on_sns_message(topic="dispatch-reminders")
def heard(event):
    boto3.client("sqs").send_message(
        QueueUrl=boto3.client("sqs").get_queue_url(QueueName="dispatch-work")["QueueUrl"],
        MessageBody=f"{event.subject}: {event.message}",
    )


@app.on_sqs_message(queue="dispatch-work", batch_size=5)
def worked(event):
    for record in event:
        print("WORKED", record.body)
