"""How often: rates and quotas, of API keys by their usage plans and of stages by their methods.

Pages: "Throttle requests to your REST APIs", "Usage plans and API keys for REST APIs". A rate is a
token bucket, which holds `burst` tokens and gains `per_second`; a quota counts requests since
midnight, Sunday or the first, in UTC. On AWS both are best effort, spread over many machines; here
they are exact, which is what makes them worth trying out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from workbook.cloud.gateway.responses import QUOTA_EXCEEDED, THROTTLED, Refused

EVERY_METHOD = "*/*"
KEPT = 10_000  # buckets and counts


@dataclass(frozen=True)
class Rate:
    """A token bucket's measures; the bucket is full at first."""

    per_second: float
    burst: int


@dataclass(frozen=True)
class Quota:
    """So many requests in a DAY, a WEEK or a MONTH; `offset` fewer in the first one."""

    limit: int
    period: str
    offset: int = 0


@dataclass(frozen=True)
class UsagePlan:
    """What a plan allows each of its keys at one stage.

    Args:
        rate: for all requests together.
        methods: for single methods, by resource path and method: "/items/{id}/GET".
    """

    id: str
    rate: Rate | None = None
    methods: Mapping[str, Rate] = field(default_factory=dict)
    quota: Quota | None = None


@dataclass(frozen=True)
class StageRates:
    """The rates of a stage's methods, by "/items/{id}/GET"; "*/*" is for each of the others."""

    by_method: Mapping[str, Rate] = field(default_factory=dict)

    def of(self, method: str) -> Rate | None:
        """The rate of a method."""
        return self.by_method.get(method) or self.by_method.get(EVERY_METHOD)


@dataclass
class _Bucket:
    tokens: float
    at: float


@dataclass
class _Count:
    since: datetime
    requests: int


class Limits:
    """Buckets and counts, kept over deployments.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[Hashable, _Bucket] = {}
        self._counts: dict[Hashable, _Count] = {}
        self._lock = threading.Lock()

    def take_for_key(self, plan: UsagePlan, key_id: str, stage: Hashable, method: str) -> None:
        """Take a request from what a plan allows a key.

        Raises:
            Refused: there is nothing left to take, now (a rate) or in this period (a quota).
        """
        of_method = plan.methods.get(method)
        with self._lock:
            if of_method is not None:
                self._take((plan.id, key_id, stage, method), of_method)
            elif plan.rate is not None:
                self._take((plan.id, key_id), plan.rate)
            if plan.quota is not None:
                self._count((plan.id, key_id), plan.quota)

    def take_for_method(self, rates: StageRates, stage: Hashable, method: str) -> None:
        """Take a request from what a stage allows all callers of a method.

        Raises:
            Refused: there is nothing left to take.
        """
        rate = rates.of(method)
        if rate is not None:
            with self._lock:
                self._take((stage, method), rate)

    def _take(self, name: Hashable, rate: Rate) -> None:
        now = self._clock()
        if len(self._buckets) >= KEPT:  # the longest untouched has filled up again
            del self._buckets[min(self._buckets, key=lambda each: self._buckets[each].at)]
        bucket = self._buckets.setdefault(name, _Bucket(rate.burst, now))
        gained = max(now - bucket.at, 0.0) * rate.per_second
        bucket.tokens = min(bucket.tokens + gained, rate.burst)
        bucket.at = now
        if bucket.tokens < 1:
            raise Refused(THROTTLED)
        bucket.tokens -= 1

    def _count(self, name: Hashable, quota: Quota) -> None:
        since = period_start(datetime.fromtimestamp(self._clock(), UTC), quota.period)
        count = self._counts.setdefault(name, _Count(since, quota.offset))
        if count.since < since:
            count.since, count.requests = since, 0
        if count.requests >= quota.limit:
            raise Refused(QUOTA_EXCEEDED)
        count.requests += 1


def period_start(moment: datetime, period: str) -> datetime:
    """When the DAY, WEEK or MONTH began that a moment is in."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "MONTH":
        return midnight.replace(day=1)
    if period == "WEEK":
        return midnight - timedelta(days=(midnight.weekday() + 1) % 7)  # since Sunday
    return midnight
