"""What happens when moto comes to a seam: events/ is told, in its own words.

Implements seams.Hooks over the engines of events/. Refusals that AWS would give are raised as
moto's exceptions, because it is moto that answers the call.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from workbook.cloud import deliveries, rest_apis
from workbook.cloud.events.asynchronous import AsyncInvoker
from workbook.cloud.events.bridge import Bridge, Target
from workbook.cloud.events.clock import Clock
from workbook.cloud.events.conditions import InvalidEventPattern
from workbook.cloud.events.cron import InvalidSchedule
from workbook.cloud.events.entries import Accepted, InvalidEntries, read_entries
from workbook.cloud.events.filter_policies import InvalidFilterPolicy, check_policy
from workbook.cloud.events.inputs import InvalidInput
from workbook.cloud.events.log_patterns import InvalidFilterPattern, parse_filter_pattern
from workbook.cloud.events.mappings import InvalidMapping, Mapping
from workbook.cloud.events.patterns import Pattern
from workbook.cloud.events.pollers import Pollers
from workbook.cloud.events.s3 import IN_EVENTBRIDGE, Notifier
from workbook.cloud.events.s3_configuration import InvalidNotification, Notifications
from workbook.cloud.events.schedules import parse_expression
from workbook.cloud.events.sns import Fanout
from workbook.cloud.events.targets import Arn
from workbook.cloud.functions import InvalidPackage, Outcome, StorageFull
from workbook.cloud.layers import InvalidLayers, Layers
from workbook.cloud.traces import causes
from workbook.cloud.traces.journal import Journal
from workbook.cloud.uploads import Uploads


@dataclass(frozen=True)
class MotoHooks:
    """See seams.Hooks for what each method is called for."""

    run: Callable[[str, bytes], Outcome]
    asynchronous: AsyncInvoker
    notifier: Notifier
    fanout: Fanout
    bridge: Bridge
    pollers: Pollers
    clock: Clock
    uploads: Uploads
    journal: Journal
    layers: Layers

    def run_function(self, arn: str, payload: bytes) -> tuple[bytes, str | None]:
        outcome = self.run(arn, payload)
        return outcome.payload, outcome.function_error

    def run_later(self, arn: str, payload: bytes) -> None:
        self.asynchronous.invoke(arn, payload)

    def import_api(self, backend: Any, api: Any, document: dict[str, Any], mode: str) -> None:
        rest_apis.import_document(backend, api, document, mode)

    def keep_package(self, digest: str, content: bytes) -> None:
        from moto.awslambda.exceptions import (  # loaded by now
            InvalidParameterValueException,
            LambdaClientError,
        )

        try:
            self.uploads.keep(digest, content)
        except InvalidPackage as invalid:
            raise InvalidParameterValueException(str(invalid)) from invalid
        except StorageFull as full:
            raise LambdaClientError("CodeStorageExceededException", str(full)) from full

    def layer_published(self, arn: str, digest: str) -> None:
        self.layers.published(arn, digest)

    def check_layers(self, arns: list[str], region: str) -> None:
        with _refusing_layers():
            self.layers.check(arns, region=region)

    def check_size(self, arns: list[str], digest: str) -> None:
        with _refusing_layers():
            self.layers.check_size(arns, digest)

    def check_mapping(self, settings: dict[str, Any]) -> None:
        from moto.awslambda.exceptions import InvalidParameterValueException  # loaded by now

        try:
            Mapping.parse(settings)
        except InvalidMapping as invalid:
            raise InvalidParameterValueException(str(invalid)) from invalid

    def object_changed(self, account: str, event: str, moto_bucket: Any, moto_key: Any) -> None:
        if event.removeprefix("s3:") not in IN_EVENTBRIDGE:
            return  # such as restoring, which nothing here waits for
        configuration = Notifications.parse(deliveries.notification_configuration(moto_bucket))
        change = deliveries.object_change(
            account, event, moto_bucket, moto_key, moment=self.clock.now()
        )
        self.notifier.notify(change, configuration)

    def notifications_put(self, moto_bucket: Any) -> None:
        from moto.s3.exceptions import S3ClientError  # loaded by now

        try:
            configuration = Notifications.parse(deliveries.notification_configuration(moto_bucket))
        except InvalidNotification as invalid:
            raise S3ClientError("InvalidArgument", str(invalid)) from invalid
        self.notifier.send_test_events(moto_bucket.name, configuration)

    def message_published(self, moto_topic: Any, message_id: str, message: dict[str, Any]) -> None:
        published = deliveries.notification(moto_topic, message_id, message, self.clock.now())
        self.fanout.publish(published, deliveries.subscriptions(moto_topic))

    def log_filter(self, pattern: str) -> Callable[[str], bool]:
        from moto.logs.exceptions import InvalidParameterException  # loaded by now

        try:
            return parse_filter_pattern(pattern)
        except InvalidFilterPattern as invalid:
            raise InvalidParameterException(str(invalid)) from invalid

    def events_put(
        self, account: str, region: str, entries: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        from moto.events.exceptions import ValidationException  # loaded by now

        try:
            read = read_entries(entries, account=account, region=region, now=self.clock.now())
        except InvalidEntries as invalid:
            raise ValidationException(str(invalid)) from invalid
        for each in read:
            if isinstance(each, Accepted):
                self.bridge.put(each.bus, each.event)
        return [each.answer() for each in read]

    def check_rule(self, pattern: str | None, schedule: str | None) -> None:
        from moto.events import exceptions  # loaded by now

        try:
            if pattern:
                Pattern.parse(pattern)
            if schedule:
                parse_expression(schedule, self.clock.now())
        except InvalidEventPattern as invalid:
            raise exceptions.InvalidEventPatternException(invalid.reason) from invalid
        except InvalidSchedule as invalid:
            raise exceptions.ValidationException(str(invalid)) from invalid

    def check_target(self, target: dict[str, Any]) -> None:
        from moto.events.exceptions import ValidationException  # loaded by now

        try:
            Target.parse(target)
        except InvalidInput as invalid:
            raise ValidationException(str(invalid)) from invalid

    def now(self) -> float:
        return self.clock.now()

    def check_filter_policy(self, policy: Any, scope: str) -> None:
        from moto.sns.exceptions import SNSInvalidParameter  # loaded by now

        try:
            if policy:  # {} takes one away
                check_policy(policy, on_body=scope == "MessageBody")
        except InvalidFilterPolicy as invalid:
            raise SNSInvalidParameter(str(invalid)) from invalid

    def message_comes(self, arn: str, moto_message: Any) -> None:
        header = self.journal.arrives(moto_message.id, "sqs", arn)
        if header is not None:  # "The message system attribute overrides the HTTP trace header."
            told = {"DataType": "String", "StringValue": header}
            moto_message.system_attributes.setdefault("AWSTraceHeader", told)

    def message_dropped(self, moto_message: Any) -> None:
        self.journal.dropped(moto_message.id)

    def record_comes(self, arn: str, sequence_number: int) -> None:
        place = causes.stream_place(arn, sequence_number)
        self.journal.arrives(place, Arn.parse(arn).service, arn)

    def queue_changed(self, arn: str) -> None:
        self.pollers.wake(arn)

    def stream_changed(self, arn: str) -> None:
        self.pollers.wake(arn)


@contextlib.contextmanager
def _refusing_layers() -> Iterator[None]:
    from moto.awslambda.exceptions import InvalidParameterValueException  # loaded by now

    try:
        yield
    except InvalidLayers as invalid:
        raise InvalidParameterValueException(str(invalid)) from invalid
