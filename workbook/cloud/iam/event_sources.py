"""Event source mappings: Lambda makes one only if the function's role can read the source.

AWS's pages "Using Lambda with Amazon SQS", "… DynamoDB" and "… Kinesis": "execution role permissions". Whoever
asks for the mapping, the administrator too, it is the function's role that has to have them, then
and each time that the source is read.
"""

from __future__ import annotations

from collections.abc import Callable

from workbook.cloud.answer import Answer
from workbook.cloud.iam import refusals
from workbook.cloud.iam.evaluate import Denial
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request

PATH = "/2015-03-31/event-source-mappings"
_QUEUE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_STREAM = (
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:DescribeStream",
    "dynamodb:ListStreams",
)


_KINESIS = (
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:DescribeStream",
    "kinesis:ListStreams",
)


def actions_on(source: str) -> tuple[str, ...]:
    """What a role must be allowed to do on an event source that Lambda is to poll for it."""
    services = {"sqs": _QUEUE, "dynamodb": _STREAM, "kinesis": _KINESIS}
    return services.get(source.split(":")[2], ()) if source.startswith("arn:aws:") else ()


def refusal(request: Request, denial: Callable[[Need], Denial | None]) -> Answer | None:
    """AWS's refusal of a mapping whose source the role cannot read; None where it can.

    Args:
        denial: why the function's role may not do something, or None.
    """
    source = request.text("EventSourceArn")
    actions = actions_on(source)
    denied = next((action for action in actions if denial(Need(action, source))), None)
    if denied is None:
        return None
    if actions is _QUEUE:
        call = denied.partition(":")[2]
        told = f"The function execution role does not have permissions to call {call} on SQS"
    else:
        told = (
            f"Cannot access stream {source}. Please ensure the role can perform the GetRecords, "
            "GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
        )
    return refusals.error(request, "InvalidParameterValueException", told, status=400)
