"""Kinesis: streams, by their name, their ARN or an iterator over one of their shards.

AWS's page "Actions, resources, and condition keys for Amazon Kinesis Data Streams".
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from workbook.cloud.iam.actions.names import Names
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request

_ABOUT_ALL = ("DescribeLimits", "ListStreams")


def kinesis(request: Request, names: Names) -> Iterator[Need]:
    """Each operation needs the action of its name on its stream."""
    yield Need(f"kinesis:{request.operation}", _stream(request))


def _stream(request: Request) -> str:
    if request.operation in _ABOUT_ALL:
        return "*"
    told = request.text("StreamARN", "ConsumerARN", "ResourceARN")
    if told:
        return told
    name = request.text("StreamName") or _name_in(request.text("ShardIterator"))
    return request.arn(f"stream/{name}") if name else "*"


def _name_in(iterator: str) -> str:
    """An iterator here is name:shard:number in base64."""
    try:
        return base64.b64decode(iterator).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
