"""Event source mappings: what CreateEventSourceMapping was told, checked as AWS checks it.

The pollers read it; keeping it, and answering for its state, is the Lambda API's business. What
AWS would take and this cloud would silently ignore is refused by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from workbook.cloud.missing import Missing, NotEmulated

from .conditions import InvalidEventPattern
from .patterns import Pattern
from .targets import Arn, target_service

_NOT_EMULATED = {
    "TumblingWindowInSeconds": Missing.TUMBLING_WINDOWS,
    "ProvisionedPollerConfig": Missing.PROVISIONED_POLLERS,
    "KMSKeyArn": Missing.MAPPING_KEYS,
}
DEFAULT_BATCH = {"sqs": 10, "dynamodb": 100, "kinesis": 100}
POSITIONS = {
    "dynamodb": ("TRIM_HORIZON", "LATEST"),
    "kinesis": ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"),
}
MOST_IN_ORDER = 10  # messages of a FIFO queue in one batch
UNLIMITED = -1


MayRead = Callable[[str, str], bool]  # whether a function, by its ARN, may read a source now


def anybody_may(function: str, source: str) -> bool:
    """Where nobody enforces anything."""
    return True


class InvalidMapping(Exception):
    """Lambda's 400 InvalidParameterValueException; the message is AWS's."""


@dataclass(frozen=True)
class Filter:
    """One of FilterCriteria's patterns; `body` is the form of body or data that it looks at."""

    pattern: Pattern
    body: Literal["json", "text"] | None


@dataclass(frozen=True)
class Mapping:
    """One mapping as configured now.

    Args:
        window_seconds: how long a batch may wait to be filled, from its first record.
        reports_failures: FunctionResponseTypes holds ReportBatchItemFailures.
        maximum_concurrency: ScalingConfig's, for queues; None when not given.
        starting_position: TRIM_HORIZON or LATEST, for streams; for Kinesis AT_TIMESTAMP too.
        starting_timestamp: seconds since the epoch, for AT_TIMESTAMP.
        maximum_retry_attempts: for streams; -1 retries for ever.
        maximum_record_age_seconds: for streams; -1 for ever.
        on_failure: a queue or topic that is told of what a stream gave up.
    """

    uuid: str
    function_arn: str
    source_arn: str
    enabled: bool = True
    batch_size: int = 10
    window_seconds: float = 0
    reports_failures: bool = False
    filters: tuple[Filter, ...] = field(default=())
    maximum_concurrency: int | None = None
    starting_position: str | None = None
    starting_timestamp: float | None = None
    maximum_retry_attempts: int = UNLIMITED
    maximum_record_age_seconds: float = UNLIMITED
    bisects: bool = False
    on_failure: str | None = None

    @property
    def service(self) -> str:
        """sqs, dynamodb or kinesis."""
        return Arn.parse(self.source_arn).service

    @classmethod
    def parse(cls, settings: Dict[str, Any]) -> Mapping:
        """A mapping from the dictionary that GetEventSourceMapping answers.

        Raises:
            InvalidMapping: AWS would refuse it.
            NotEmulated: it asks for what is not emulated.
        """
        service = Arn.parse(settings["EventSourceArn"]).service
        if service not in DEFAULT_BATCH:
            raise NotEmulated(Missing.EVENT_SOURCES, service)
        if service == "kinesis" and "/consumer/" in settings["EventSourceArn"]:
            raise NotEmulated(Missing.FAN_OUT)
        _refuse_what_is_not_emulated(settings)
        mapping = cls(
            uuid=settings["UUID"],
            function_arn=settings["FunctionArn"],
            source_arn=settings["EventSourceArn"],
            enabled=_enabled(settings),
            batch_size=settings.get("BatchSize") or DEFAULT_BATCH[service],
            window_seconds=settings.get("MaximumBatchingWindowInSeconds") or 0,
            reports_failures="ReportBatchItemFailures"
            in (settings.get("FunctionResponseTypes") or ()),
            filters=_filters(settings.get("FilterCriteria") or {}, _content_of(service)),
            maximum_concurrency=(settings.get("ScalingConfig") or {}).get("MaximumConcurrency"),
            starting_position=settings.get("StartingPosition"),
            starting_timestamp=_moment(settings.get("StartingPositionTimestamp")),
            maximum_retry_attempts=_or_unlimited(settings.get("MaximumRetryAttempts")),
            maximum_record_age_seconds=_or_unlimited(settings.get("MaximumRecordAgeInSeconds")),
            bisects=bool(settings.get("BisectBatchOnFunctionError")),
            on_failure=_on_failure(settings.get("DestinationConfig") or {}),
        )
        _check(mapping, service)
        return mapping


def _check(mapping: Mapping, service: str) -> None:
    _check_range("batchSize", mapping.batch_size, 1, 10_000)
    _check_range("maximumBatchingWindowInSeconds", mapping.window_seconds, 0, 300)
    _check_range("maximumRetryAttempts", mapping.maximum_retry_attempts, UNLIMITED, 10_000)
    _check_range(
        "maximumRecordAgeInSeconds", mapping.maximum_record_age_seconds, UNLIMITED, 604_800
    )
    if service in POSITIONS:
        if mapping.starting_position is None:
            raise InvalidMapping(
                "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
                "constraint: Member must not be null."
            )
        if mapping.starting_position not in POSITIONS[service]:
            raise InvalidMapping(
                f"Unsupported starting position for arn type: {mapping.source_arn}"
            )
        if (mapping.starting_position == "AT_TIMESTAMP") != (
            mapping.starting_timestamp is not None
        ):
            raise InvalidMapping(
                "StartingPositionTimestamp must be given with the starting position AT_TIMESTAMP, "
                "and with no other."
            )
        return
    if mapping.source_arn.endswith(".fifo"):
        _check_range("batchSize", mapping.batch_size, 1, MOST_IN_ORDER)
        if mapping.window_seconds:
            raise InvalidMapping("Batching window is not supported for FIFO queues")
    if mapping.maximum_concurrency is not None:
        _check_range("scalingConfig.maximumConcurrency", mapping.maximum_concurrency, 2, 1000)
    if mapping.batch_size > 10 and not mapping.window_seconds:
        raise InvalidMapping(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is "
            "greater than 10"
        )


def _check_range(name: str, value: float, least: int, most: int) -> None:
    bound = (
        f"greater than or equal to {least}" if value < least else f"less than or equal to {most}"
    )
    if not least <= value <= most:
        raise InvalidMapping(
            f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy "
            f"constraint: Member must have value {bound}"
        )


def _refuse_what_is_not_emulated(settings: Dict[str, Any]) -> None:
    for name, missing in _NOT_EMULATED.items():
        if settings.get(name):
            raise NotEmulated(missing)
    if (settings.get("ParallelizationFactor") or 1) > 1:
        raise NotEmulated(Missing.PARALLELIZATION)


def _enabled(settings: Dict[str, Any]) -> bool:
    if "Enabled" in settings:
        return bool(settings["Enabled"])
    return str(settings.get("State", "Enabled")) in ("Creating", "Enabling", "Enabled", "Updating")


def _content_of(service: str) -> str:
    """The part of a record whose form, JSON or text, a filter's pattern must suit."""
    return "data" if service == "kinesis" else "body"


def _filters(criteria: Dict[str, Any], content: str) -> tuple[Filter, ...]:
    found = []
    for entry in criteria.get("Filters") or ():
        try:
            pattern = Pattern.parse(entry["Pattern"])
        except InvalidEventPattern as error:
            raise InvalidMapping("Invalid filter pattern definition.") from error
        found.append(Filter(pattern, _form(json.loads(entry["Pattern"]), content)))
    return tuple(found)


def _form(pattern: Dict[str, Any], content: str) -> Literal["json", "text"] | None:
    if content not in pattern:
        return None
    return "text" if isinstance(pattern[content], list) else "json"


def _on_failure(destinations: Dict[str, Any]) -> str | None:
    destination = (destinations.get("OnFailure") or {}).get("Destination")
    if destination is not None and target_service(destination) == "lambda":
        raise InvalidMapping(f"Invalid destination: {destination}")
    return destination


def _moment(stamp: float | str | datetime | None) -> float | None:
    if isinstance(stamp, str):
        stamp = datetime.fromisoformat(stamp)
    return stamp.timestamp() if isinstance(stamp, datetime) else stamp


def _or_unlimited(value: int | None) -> int:
    return UNLIMITED if value is None else value
