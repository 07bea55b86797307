"""The entries' routes."""

import os

import boto3
from chalice import BadRequestError, Blueprint, NotFoundError, Response

entries = Blueprint(__name__)


def table():
    return boto3.resource("dynamodb").Table(os.environ["TABLE"])


@entries.route("/", methods=["GET"])
def every():
    return sorted(entry["name"] for entry in table().scan()["Items"])


@entries.route("/{name}", methods=["GET", "PUT", "DELETE"], cors=True)
def one(name):
    request = entries.current_request
    if request.method == "PUT":
        words = (request.json_body or {}).get("words")
        if not words:
            raise BadRequestError("words are missing")
        table().put_item(Item={"name": name, "words": words})
        return Response({"name": name, "words": words}, status_code=201)
    if request.method == "DELETE":
        table().delete_item(Key={"name": name})
        return Response("", status_code=204)
    found = table().get_item(Key={"name": name}).get("Item")
    if found is None:
        raise NotFoundError(f"no entry by {name}")
    return found
