"""Whether a function's role may read an event source: asked before every read."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from policy_texts import allow, arn, document

from workbook.cloud.iam import Callers, Identity, Judge

ROLE = "arn:aws:iam::123456789012:role/reader"
FUNCTION = arn("lambda", "function:reader")
QUEUE, STREAM = arn("sqs", "orders"), arn("dynamodb", "table/orders/stream/2026-01-01T00:00:00.000")
READS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
CLICKS = arn("kinesis", "stream/clicks")
SHARDS = [f"kinesis:{name}" for name in ("GetRecords", "GetShardIterator", "DescribeStream")]
STREAMS = [f"dynamodb:{name}" for name in ("GetRecords", "GetShardIterator", "DescribeStream")]


def may_read(source: str, *statements: dict[str, Any], role: str | None = ROLE) -> bool:
    identity = Identity(ROLE, "AROA1", [("inline", document(*statements))])
    names = Mock(execution_role=lambda _: role)
    directory = Mock(role=lambda _: identity)
    judge = Judge(Callers(directory), names, account="123456789012", clock=lambda: 0.0)
    return judge.may_read(FUNCTION, source)


@pytest.mark.parametrize(
    ("source", "actions", "expected"),
    [
        (QUEUE, READS, True),
        (QUEUE, READS[:2], False),
        (QUEUE, READS[1:], False),
        (STREAM, [*STREAMS, "dynamodb:ListStreams"], True),
        (STREAM, STREAMS, False),
        (CLICKS, [*SHARDS, "kinesis:ListStreams"], True),
        (CLICKS, SHARDS, False),
    ],
    ids=str,
)
def test_it_takes_every_action_on_the_source(
    source: str, actions: list[str], expected: bool
) -> None:
    assert may_read(source, allow(actions, source)) is expected
    assert not may_read(source, allow(actions, arn("sqs", "others")))


def test_a_function_that_is_gone_reads_nothing() -> None:
    assert not may_read(QUEUE, allow("*"), role=None)


def test_what_cannot_be_judged_is_not_read() -> None:
    assert not may_read(QUEUE, allow("sqs:*", "arn:aws:sqs:*:*:${aws:PrincipalTag/team}"))
