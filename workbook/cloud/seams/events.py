"""EventBridge: moto keeps rules and targets; matching, schedules and delivery are events/'s."""

from __future__ import annotations

from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.events.models",
    "EventsBackend.put_events",
    "self events",
    rests_on="rule.send_to_targets(event_msg)",
    replaces="serves targets inside the caller's request, and fails on functions",
)
def _match_later(original: Replacement, hooks: Hooks) -> Replacement:
    def put_events(self: Any, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return hooks.events_put(self.account_id, self.region_name, events)

    return put_events


@SEAMS.at(
    "moto.events.models",
    "EventsBackend.put_rule",
    "self name description event_bus_arn event_pattern role_arn scheduled_expression state"
    " managed_by tags",
    rests_on="self._RATE_REGEX.match(scheduled_expression)",
    replaces="takes patterns and schedules that EventBridge refuses",
)
def _check_rules(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_rule(self: Any, name: str, *args: Any, **settings: Any) -> Any:
        hooks.check_rule(settings.get("event_pattern"), settings.get("scheduled_expression"))
        return original(self, name, *args, **settings)

    return put_rule


@SEAMS.at(
    "moto.events.models",
    "EventsBackend.put_targets",
    "self name event_bus_arn targets",
    rests_on="# super simple ARN check",
    replaces="takes targets and input transformers that nothing could be sent to",
)
def _check_targets(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_targets(
        self: Any, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]
    ) -> None:
        for target in targets:
            hooks.check_target(target)
        original(self, name, event_bus_arn, targets)

    return put_targets


@SEAMS.at(
    "moto.events.models",
    "Rule.send_to_targets",
    "self original_event transform_input",
    rests_on="Expr not defined for",
    replaces="answers 500 when a rule's target is a function",
)
def _send_nothing(original: Replacement, hooks: Hooks) -> Replacement:
    def send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:
        """Rules are matched and targets served by events/, after the call has been answered."""

    return send_to_targets


@SEAMS.at(
    "moto.events.notifications",
    "send_notification",
    "source event_name region resources detail",
    rests_on="_send_safe_notification(source, event_name, region, resources, detail)",
    replaces="sends CreateBucket as an 'Object Created' event with 2021's date",
)
def _announce_nothing(original: Replacement, hooks: Hooks) -> Replacement:
    def send_notification(**_: Any) -> None:
        """S3's own events reach EventBridge through `object_changed`."""

    return send_notification
