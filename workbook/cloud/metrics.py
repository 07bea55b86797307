"""What CloudWatch knows of functions: the metrics of AWS/Lambda, by the minute.

Page "Types of metrics for Lambda functions". Counted where functions run (emulator.py), kept as
CloudWatch keeps them, as a minute's least, most, sum and number, and handed to moto when somebody
asks it for metrics. What programs put themselves is moto's.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

KEPT = 20_000  # minutes of a metric of a function, which is some 5 MB
MINUTE = 60
UNITS = {
    "Invocations": "Count",
    "Errors": "Count",
    "Throttles": "Count",
    "Duration": "Milliseconds",
}

_Place = tuple[str, str, str, int]  # region, function, metric, minute


@dataclass
class _Summary:
    least: float
    most: float
    sum: float
    count: int


class FunctionMetrics:
    """The counts of one cloud."""

    def __init__(self) -> None:
        self._summaries: OrderedDict[_Place, _Summary] = OrderedDict()
        self._lock = threading.Lock()

    def ran(self, arn: str, began: float, duration_ms: float, *, failed: bool) -> None:
        """A function was invoked.

        Args:
            arn: the function's, or one of its versions' or aliases'.
            began: seconds since 1970; "the timestamp on a metric reflects when the function was
                invoked".
        """
        self._add(arn, began, Invocations=1, Errors=int(failed), Duration=duration_ms, Throttles=0)

    def throttled(self, arn: str, began: float) -> None:
        """A function was not invoked, for want of concurrency."""
        self._add(arn, began, Throttles=1)

    def offer(self) -> None:
        """Have moto's CloudWatch ask for these counts, in this process and for good."""
        from moto.core.common_models import CloudWatchMetricProvider

        metrics = self

        class _Provider(CloudWatchMetricProvider):  # moto asks all subclasses there are
            @staticmethod
            def get_cloudwatch_metrics(account_id: str, region: str) -> list[Any]:
                return metrics.data(region)

    def data(self, region: str) -> list[Any]:
        """The summaries as moto's datums."""
        from moto.cloudwatch.models import MetricAggregatedDatum  # slow, and seldom asked for

        with self._lock:
            found = [each for each in self._summaries.items() if each[0][0] == region]
        return [
            MetricAggregatedDatum(
                namespace="AWS/Lambda",
                name=metric,
                min_stat=summary.least,
                max_stat=summary.most,
                sample_count=summary.count,
                sum_stat=summary.sum,
                dimensions=[{"Name": "FunctionName", "Value": function}],
                timestamp=datetime.fromtimestamp(minute * MINUTE, UTC).replace(tzinfo=None),
                unit=UNITS[metric],
            )
            for (_, function, metric, minute), summary in found
        ]

    def _add(self, arn: str, began: float, **values: float) -> None:
        _, _, _, region, _, _, function, *_ = arn.split(":")
        with self._lock:
            for metric, value in values.items():
                place = (region, function, metric, int(began // MINUTE))
                known = self._summaries.get(place)
                if known is None:
                    self._summaries[place] = _Summary(value, value, value, 1)
                    continue
                known.least, known.most = min(known.least, value), max(known.most, value)
                known.sum += value
                known.count += 1
            while len(self._summaries) > KEPT:
                self._summaries.popitem(last=False)
