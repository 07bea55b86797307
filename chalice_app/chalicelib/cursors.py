"""The cursor of a list: where the next page begins, in a form that nobody is tempted to edit."""

from __future__ import annotations

import base64
import binascii
import re

from chalicelib.errors import BadRequest
from chalicelib.schemas import ITEM_ID


def written(item_id: str, low_only: bool) -> str:
    """The cursor of the page after this item, in the list of all or of low items."""
    return base64.urlsafe_b64encode(f"{_kind(low_only)}:{item_id}".encode()).decode().rstrip("=")


def read(cursor: str, low_only: bool) -> str:
    """The id in a cursor.

    Raises:
        BadRequest: it is none of ours, or one of the other list.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        kind, _, item_id = base64.b64decode(padded, b"-_", validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        kind = item_id = ""
    if kind != _kind(low_only) or not re.fullmatch(ITEM_ID, item_id):
        raise BadRequest("The cursor is not one that this list gave.")
    return item_id


def _kind(low_only: bool) -> str:
    return "low" if low_only else "all"
