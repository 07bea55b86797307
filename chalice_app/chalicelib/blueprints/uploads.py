"""Photos over HTTP: a form with which the caller uploads one to S3, past this service."""

from __future__ import annotations

import uuid
from typing import Any

from chalice import Blueprint

from chalicelib import storage
from chalicelib.repository import items
from chalicelib.schemas import UploadForm
from chalicelib.web import WRITE, operation

blueprint = Blueprint(__name__)


@operation(
    blueprint,
    "POST",
    "/items/{item_id}/photos",
    scope=WRITE,
    gives=UploadForm,
    status=201,
    refuses=(404,),
)
def upload_photo(item_id: str) -> dict[str, Any]:
    """Ask where to upload a photo of an item."""
    items.find(item_id)
    form = storage.presigned_upload(f"{item_id}/{uuid.uuid4().hex}")
    return {**form, "expires_in_seconds": storage.UPLOAD_SECONDS}
