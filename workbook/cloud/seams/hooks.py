"""What the seams tell the cloud, and ask it; workbook.cloud.hooks answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Hooks(Protocol):
    """What the seams call. Objects named `moto_…` are moto's own, to be read, not kept."""

    def run_function(self, arn: str, payload: bytes) -> tuple[bytes, str | None]:
        """Run a function and wait: its payload, and None or "Unhandled"."""

    def run_later(self, arn: str, payload: bytes) -> None:
        """Run a function as an asynchronous invocation."""

    def object_changed(self, account: str, event: str, moto_bucket: Any, moto_key: Any) -> None:
        """An object was created or removed; `event` begins with "s3:"."""

    def notifications_put(self, moto_bucket: Any) -> None:
        """A bucket's notifications were configured."""

    def message_published(self, moto_topic: Any, message_id: str, message: dict[str, Any]) -> None:
        """A message was published to a topic; `message` has moto's names for its parts."""

    def check_filter_policy(self, policy: Any, scope: str) -> None:
        """Raise moto's error for a subscription's filter policy that SNS would refuse."""

    def log_filter(self, pattern: str) -> Callable[[str], bool]:
        """What tells whether a log message is asked for; or raise moto's error for no pattern."""

    def events_put(
        self, account: str, region: str, entries: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """PutEvents: take its entries, and answer for each."""

    def check_rule(self, pattern: str | None, schedule: str | None) -> None:
        """Raise moto's error for a pattern or a schedule that AWS would refuse."""

    def check_target(self, target: dict[str, Any]) -> None:
        """Raise moto's error for a rule's target that AWS would refuse."""

    def now(self) -> float:
        """The cloud's time, which `advance` moves: seconds since the epoch."""

    def message_comes(self, arn: str, moto_message: Any) -> None:
        """A message is about to be put into a queue, or moved to its dead letters."""

    def message_dropped(self, moto_message: Any) -> None:
        """The message that was about to come is a duplicate, and was not put in."""

    def record_comes(self, arn: str, sequence_number: int) -> None:
        """A record is about to be written to a stream."""

    def queue_changed(self, arn: str) -> None:
        """A message has arrived in a queue."""

    def stream_changed(self, arn: str) -> None:
        """A record was written to a table's or Kinesis stream, or that was resharded."""

    def keep_package(self, digest: str, content: bytes) -> None:
        """Keep a function's code, or raise moto's error where AWS would refuse it."""

    def layer_published(self, arn: str, digest: str) -> None:
        """A version of a layer is there, with the bytes of a package that is kept."""

    def check_layers(self, arns: list[str], region: str) -> None:
        """Raise moto's error for layers that a function may not refer to."""

    def check_size(self, arns: list[str], digest: str) -> None:
        """Raise moto's error for layers that do not fit a function with code of that hash."""

    def check_mapping(self, settings: dict[str, Any]) -> None:
        """Raise moto's error for an event source mapping that AWS would refuse."""

    def import_api(self, backend: Any, api: Any, document: dict[str, Any], mode: str) -> None:
        """Bring moto's REST API in line with a Swagger 2.0 document."""
