"""A media catalogue: what is uploaded to a bucket is found in a table."""

import os

import boto3
from chalice import Chalice, NotFoundError

app = Chalice(app_name="catalogue")
KINDS = {".jpg": "image", ".png": "image", ".mp4": "video"}
BUCKET = os.environ.get("BUCKET", "")


def table():
    return boto3.client("dynamodb"), os.environ["TABLE"]


def kind(key):
    return KINDS.get(os.path.splitext(key)[1].lower())


@app.on_s3_event(bucket=BUCKET, events=["s3:ObjectCreated:*"])
def added(event):
    if kind(event.key) is None:
        print("SKIPPED", event.key)
        return
    size = boto3.client("s3").head_object(Bucket=event.bucket, Key=event.key)["ContentLength"]
    client, name = table()
    item = {"key": {"S": event.key}, "kind": {"S": kind(event.key)}, "size": {"N": str(size)}}
    client.put_item(TableName=name, Item=item)


@app.on_s3_event(bucket=BUCKET, events=["s3:ObjectRemoved:*"])
def removed(event):
    client, name = table()
    client.delete_item(TableName=name, Key={"key": {"S": event.key}})


@app.route("/")
def listed():
    wanted = (app.current_request.query_params or {}).get("kind")
    client, name = table()
    items = client.scan(TableName=name)["Items"]
    return sorted(item["key"]["S"] for item in items if wanted in (None, item["kind"]["S"]))


@app.route("/{key}")
def described(key):
    client, name = table()
    item = client.get_item(TableName=name, Key={"key": {"S": key}}).get("Item")
    if item is None:
        raise NotFoundError(key)
    return {"kind": item["kind"]["S"], "size": int(item["size"]["N"])}
