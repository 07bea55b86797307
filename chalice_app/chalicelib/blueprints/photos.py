"""Photos: where to upload one, and what becomes of what was uploaded.

S3 tells a queue of each upload. A photo's type and size are kept on its item; what is none is
quarantined; what belongs to no item is deleted.
"""

from __future__ import annotations

import json
from urllib.parse import unquote_plus

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import logs, storage
from chalicelib.batches import Poison, each_message
from chalicelib.domain.items import show
from chalicelib.domain.photos import recognise
from chalicelib.errors import NotFound
from chalicelib.repository import items
from chalicelib.settings import settings, source_arn

blueprint = Blueprint(__name__)


@blueprint.on_sqs_message(
    queue_arn=source_arn("sqs", "UPLOADS_QUEUE_ARN"), batch_size=5, name="photos"
)
def photos(event: SQSEvent) -> None:
    """Look at what was uploaded."""
    each_message(event.to_dict(), settings().uploads_queue_url, _uploaded)


def _uploaded(message: str) -> None:
    try:
        told = json.loads(message)
        if told.get("Event") == "s3:TestEvent":  # S3 tries a queue once, when it is connected
            return
        keys = [unquote_plus(record["s3"]["object"]["key"]) for record in told["Records"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Poison("not a notification of S3") from error
    for key in keys:
        _look_at(key)


def _look_at(key: str) -> None:
    upload = storage.read_upload(key)
    if upload is None:
        return
    logs.follow(upload.correlation_id)
    photo = recognise(key, upload.content, upload.uploaded_at)
    if photo is None:
        storage.quarantine(key)
        logs.logger.warning("upload quarantined", key=key, size=len(upload.content))
        return
    try:
        item = items.change(key.partition("/")[0], lambda item: show(item, photo))
    except NotFound:
        storage.forget_upload(key)
        logs.logger.info("photo of no item deleted", key=key)
        return
    if item.photo is None or item.photo.key != key:
        storage.forget_upload(key)
        logs.logger.info("photo older than the one shown deleted", key=key)
        return
    logs.logger.info("photo kept", key=key, content_type=photo.content_type)
