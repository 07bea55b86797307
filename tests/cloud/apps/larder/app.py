"""A larder: jars are objects in a bucket, and its policy allows what it does and no more."""

import json
import os

import boto3
from chalice import BadRequestError, Chalice, NotFoundError, Response

app = Chalice(app_name="larder")
app.debug = True  # a 500 shows its stack, and so what the policy lacks
LARDER, NEIGHBOURS = os.environ["LARDER"], os.environ["NEIGHBOURS"]
s3 = boto3.client("s3")


@app.route("/jars")
def labels():
    return [jar["Key"] for jar in s3.list_objects_v2(Bucket=LARDER).get("Contents", [])]


@app.route("/jars/{label}", methods=["GET", "PUT", "DELETE"], cors=True)
def jar(label):
    if app.current_request.method == "DELETE":
        s3.delete_object(Bucket=LARDER, Key=label)
        return Response("", status_code=204)
    if app.current_request.method == "PUT":
        content = app.current_request.json_body
        if "grams" not in content:
            raise BadRequestError("grams are missing")
        s3.put_object(Bucket=LARDER, Key=label, Body=json.dumps(content))
        return Response(content, status_code=201, headers={"Location": f"/jars/{label}"})
    return content_of(label)


@app.route("/jars/{label}/print")
def printed(label):
    """What is stuck on the jar."""
    text = f"{label.upper()}, {content_of(label)['grams']} g\n"
    return Response(text, headers={"Content-Type": "text/plain"})


@app.route("/jars/{label}/gift", methods=["POST"])
def give(label):
    """The neighbours' bucket is a letter box: one may put something in and not look."""
    s3.copy_object(Bucket=NEIGHBOURS, Key=label, CopySource={"Bucket": LARDER, "Key": label})
    s3.delete_object(Bucket=LARDER, Key=label)
    return {"given": label}


def content_of(label):
    try:
        return json.load(s3.get_object(Bucket=LARDER, Key=label)["Body"])
    except s3.exceptions.NoSuchKey:
        raise NotFoundError(f"no jar of {label}") from None
