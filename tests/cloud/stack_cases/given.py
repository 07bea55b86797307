"""What is given to resources of several services."""

from __future__ import annotations

from typing import Any

Properties = dict[str, Any]

ARN = "arn:aws:{}:us-east-1:123456789012:{}"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}],
}
OTHER_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}],
}
TAGS = [{"Key": "team", "Value": "sales"}, {"Key": "old", "Value": "1"}]
OTHER_TAGS = [{"Key": "team", "Value": "stock"}]
TAGGED = ({"team": "sales", "old": "1"}, {"team": "stock"})
