"""The boto3 clients: each made when first needed, then kept for as long as the function is warm.

A client costs 10 to 60 ms of a cold start, so a function makes only those it uses.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# A function would rather fail and be retried than wait out its own timeout.
_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 4})


@cache
def client(service: str) -> Any:
    """The client of an AWS service, by boto3's name."""
    return boto3.client(service, config=_CONFIG)
