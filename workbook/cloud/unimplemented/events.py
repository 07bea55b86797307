"""EventBridge and its neighbours, and SNS."""

from __future__ import annotations

from workbook.cloud.missing import Missing

from .entry import Parameters, Unimplemented, has


def _another_target(parameters: Parameters) -> object:
    known = ("lambda", "sqs", "sns")
    return any(target["Arn"].split(":")[2] not in known for target in parameters.get("Targets", ()))


def _another_protocol(parameters: Parameters) -> object:
    return parameters.get("Protocol") not in ("lambda", "sqs")


TABLE: tuple[Unimplemented, ...] = (
    Unimplemented(Missing.API_DESTINATIONS, "events", "CreateApiDestination"),
    Unimplemented(Missing.EVENT_CONNECTIONS, "events", "CreateConnection"),
    Unimplemented(Missing.ARCHIVES, "events", "CreateArchive"),
    Unimplemented(Missing.REPLAYS, "events", "StartReplay"),
    Unimplemented(Missing.PARTNER_SOURCES, "events", "CreatePartnerEventSource"),
    Unimplemented(Missing.PARTNER_SOURCES, "events", "PutPartnerEvents"),
    Unimplemented(
        Missing.RULE_TARGETS,
        "events",
        "PutTargets",
        asks=_another_target,
    ),
    Unimplemented(Missing.SCHEDULER, "scheduler"),
    Unimplemented(Missing.PIPES, "pipes"),
    Unimplemented(Missing.STEP_FUNCTIONS, "states", "StartExecution"),
    Unimplemented(Missing.STEP_FUNCTIONS, "states", "StartSyncExecution"),
    Unimplemented(Missing.TRACES, "xray"),
    Unimplemented(Missing.SUBSCRIPTIONS, "sns", "Subscribe", asks=_another_protocol),
    Unimplemented(Missing.TEXT_MESSAGES, "sns", "Publish", asks=has("PhoneNumber")),
    Unimplemented(Missing.MOBILE_PUSH, "sns", "CreatePlatformApplication"),
    Unimplemented(Missing.MOBILE_PUSH, "sns", "CreatePlatformEndpoint"),
)
