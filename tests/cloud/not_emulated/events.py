"""EventBridge and its neighbours, and SNS."""

from __future__ import annotations

from workbook.cloud.missing import Missing

from .given import ARN, ROLE, Call

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:m"


def schedule() -> Call:
    target = {"Arn": ARN, "RoleArn": ROLE}
    settings = {
        "Name": "nightly",
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target,
    }
    return "scheduler", "create_schedule", settings


CALLS: dict[Missing, list[Call]] = {
    Missing.API_DESTINATIONS: [
        (
            "events",
            "create_api_destination",
            {
                "Name": "d",
                "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1",
                "InvocationEndpoint": "https://example.com",
                "HttpMethod": "POST",
            },
        ),
    ],
    Missing.EVENT_CONNECTIONS: [
        (
            "events",
            "create_connection",
            {
                "Name": "c",
                "AuthorizationType": "BASIC",
                "AuthParameters": {"BasicAuthParameters": {"Username": "u", "Password": "p"}},
            },
        ),
    ],
    Missing.ARCHIVES: [
        (
            "events",
            "create_archive",
            {
                "ArchiveName": "a",
                "EventSourceArn": "arn:aws:events:us-east-1:123456789012:event-bus/default",
            },
        ),
    ],
    Missing.REPLAYS: [
        (
            "events",
            "start_replay",
            {
                "ReplayName": "r",
                "EventSourceArn": "arn:aws:events:us-east-1:123456789012:archive/a",
                "EventStartTime": 0,
                "EventEndTime": 1,
                "Destination": {"Arn": "arn:aws:events:us-east-1:123456789012:event-bus/default"},
            },
        ),
    ],
    Missing.PARTNER_SOURCES: [
        (
            "events",
            "create_partner_event_source",
            {"Name": "aws.partner/example.com/a/b", "Account": "123456789012"},
        ),
        ("events", "put_partner_events", {"Entries": [{"Source": "s"}]}),
    ],
    Missing.RULE_TARGETS: [
        ("events", "put_targets", {"Rule": "r", "Targets": [{"Id": "1", "Arn": MACHINE}]}),
    ],
    Missing.SCHEDULER: [
        schedule(),
    ],
    Missing.PIPES: [
        (
            "pipes",
            "create_pipe",
            {
                "Name": "p",
                "RoleArn": ROLE,
                "Source": "arn:aws:sqs:us-east-1:123456789012:q",
                "Target": ARN,
            },
        ),
    ],
    Missing.STEP_FUNCTIONS: [
        ("stepfunctions", "start_execution", {"stateMachineArn": MACHINE}),
        ("stepfunctions", "start_sync_execution", {"stateMachineArn": MACHINE}),
    ],
    Missing.TRACES: [
        ("xray", "put_trace_segments", {"TraceSegmentDocuments": ["{}"]}),
    ],
    Missing.SUBSCRIPTIONS: [
        (
            "sns",
            "subscribe",
            {
                "TopicArn": "arn:aws:sns:us-east-1:123456789012:t",
                "Protocol": "email",
                "Endpoint": "ada@example.com",
            },
        ),
    ],
    Missing.TEXT_MESSAGES: [
        ("sns", "publish", {"PhoneNumber": "+10000000000", "Message": "hi"}),
    ],
    Missing.MOBILE_PUSH: [
        (
            "sns",
            "create_platform_application",
            {"Name": "a", "Platform": "GCM", "Attributes": {}},
        ),
        ("sns", "create_platform_endpoint", {"PlatformApplicationArn": "arn:a", "Token": "t"}),
    ],
}
