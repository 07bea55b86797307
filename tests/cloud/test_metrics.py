"""The metrics of functions, as CloudWatch answers them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud, metrics
from workbook.cloud.metrics import FunctionMetrics

ARN = "arn:aws:lambda:us-east-1:123456789012:function:shop"
MOODY = """
def handler(event, context):
    if event.get("fails"):
        raise ValueError("as asked")
"""


def of_function(cloud: LocalCloud, name: str, metric: str) -> list[dict[str, Any]]:
    """A metric's datapoints of the last hour, a day in one."""
    now = datetime.now(UTC)
    return list(
        cloud.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=metric,
            Dimensions=[{"Name": "FunctionName", "Value": name}],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=86_400,
            Statistics=["Sum", "SampleCount", "Maximum"],
        )["Datapoints"]
    )


def test_cloudwatch_counts_invocations_errors_durations_and_throttles(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    once = Config(retries={"total_max_attempts": 1})
    client = cloud.client("lambda", config=once)
    function("moody", MOODY)
    assert of_function(cloud, "moody", "Invocations") == []
    for payload in (b"{}", b'{"fails": true}', b"{}"):
        client.invoke(FunctionName="moody", Payload=payload)
    client.put_function_concurrency(FunctionName="moody", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError, match="TooManyRequests"):
        client.invoke(FunctionName="moody")
    for metric, total, samples in (
        ("Invocations", 3, 3),
        ("Errors", 1, 3),
        ("Throttles", 1, 4),
    ):
        (point,) = of_function(cloud, "moody", metric)
        assert (point["Sum"], point["SampleCount"], point["Unit"]) == (total, samples, "Count")
    (durations,) = of_function(cloud, "moody", "Duration")
    assert durations["Unit"] == "Milliseconds"
    assert 0 < durations["Maximum"] <= durations["Sum"]
    listed = cloud.client("cloudwatch").list_metrics(
        Namespace="AWS/Lambda", Dimensions=[{"Name": "FunctionName", "Value": "moody"}]
    )
    assert sorted(each["MetricName"] for each in listed["Metrics"]) == sorted(metrics.UNITS)


def test_a_function_that_is_not_there_has_no_metrics(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError, match="Function not found"):
        cloud.client("lambda").invoke(FunctionName="nobody-counts")
    assert of_function(cloud, "nobody-counts", "Invocations") == []


def test_versions_and_aliases_count_for_their_function_minute_by_minute() -> None:
    counted = FunctionMetrics()
    counted.ran(ARN, 60.0, 5.0, failed=False)
    counted.ran(f"{ARN}:live", 119.0, 7.0, failed=True)
    counted.ran(f"{ARN}:2", 120.0, 9.0, failed=True)
    told = [
        (datum.timestamp.minute, datum.min, datum.max, datum.sum, datum.sample_count)
        for datum in counted.data("us-east-1")
        if datum.name == "Duration"
    ]
    assert told == [(1, 5.0, 7.0, 12.0, 2), (2, 9.0, 9.0, 9.0, 1)]
    assert counted.data("eu-west-1") == []


def test_the_oldest_minutes_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "KEPT", 8)
    counted = FunctionMetrics()
    for minute in range(4):
        counted.ran(ARN, minute * 60.0, 1.0, failed=False)
    assert {datum.timestamp.minute for datum in counted.data("us-east-1")} == {2, 3}
