"""A call, and the ARNs of a function and its role that calls name; neither is there."""

from __future__ import annotations

from typing import Any

Call = tuple[str, str, dict[str, Any]]  # service, operation, parameters

ROLE = "arn:aws:iam::123456789012:role/r"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
