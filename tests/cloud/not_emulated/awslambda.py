"""Functions and their event sources."""

from __future__ import annotations

from typing import Any

from workbook.cloud.missing import Missing

from .given import ROLE, Call


def create(**more: Any) -> Call:
    code = more.pop("Code", {"ZipFile": b""})
    return "lambda", "create_function", {"FunctionName": "f", "Role": ROLE, "Code": code, **more}


def configure(**more: Any) -> Call:
    return "lambda", "update_function_configuration", {"FunctionName": "f", **more}


def mapping(source: str = "arn:aws:sqs:us-east-1:123456789012:q", **more: Any) -> Call:
    settings = {"FunctionName": "f", "EventSourceArn": source, **more}
    return "lambda", "create_event_source_mapping", settings


CALLS: dict[Missing, list[Call]] = {
    Missing.CONTAINER_IMAGES: [
        create(PackageType="Image", Code={"ImageUri": "shop:latest"}),
    ],
    Missing.RUNTIMES: [
        create(Runtime="nodejs22.x"),
        configure(Runtime="java21"),
    ],
    Missing.VPC: [
        create(VpcConfig={"SubnetIds": ["subnet-1"]}),
    ],
    Missing.TRACING: [
        create(TracingConfig={"Mode": "Active"}),
    ],
    Missing.FILE_SYSTEMS: [
        create(
            FileSystemConfigs=[
                {
                    "Arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123456789abcdef0",
                    "LocalMountPath": "/mnt/x",
                }
            ]
        ),
    ],
    Missing.SNAP_START: [
        create(SnapStart={"ApplyOn": "PublishedVersions"}),
    ],
    Missing.DEAD_LETTER_QUEUES: [
        create(DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"}),
    ],
    Missing.JSON_LOGS: [
        create(LoggingConfig={"LogFormat": "JSON"}),
    ],
    Missing.LOG_GROUPS: [
        create(LoggingConfig={"LogGroup": "mine"}),
    ],
    Missing.DURABLE_FUNCTIONS: [
        create(DurableConfig={"ExecutionTimeout": 10}),
    ],
    Missing.CODE_SIGNING: [
        create(
            CodeSigningConfigArn="arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0123456789abcdef0"
        ),
        (
            "lambda",
            "create_code_signing_config",
            {
                "AllowedPublishers": {
                    "SigningProfileVersionArns": [
                        "arn:aws:signer:us-east-1:123456789012:/signing-profiles/p/abcdefghij"
                    ]
                }
            },
        ),
        (
            "lambda",
            "put_function_code_signing_config",
            {
                "FunctionName": "f",
                "CodeSigningConfigArn": "arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0123456789abcdef0",
            },
        ),
    ],
    Missing.FUNCTION_URLS: [
        ("lambda", "create_function_url_config", {"FunctionName": "f", "AuthType": "NONE"}),
    ],
    Missing.RESPONSE_STREAMING: [
        ("lambda", "invoke_with_response_stream", {"FunctionName": "f"}),
    ],
    Missing.INVOKE_ASYNC: [
        ("lambda", "invoke_async", {"FunctionName": "f", "InvokeArgs": b"{}"}),
    ],
    Missing.WEIGHTED_ALIASES: [
        (
            "lambda",
            "create_alias",
            {
                "FunctionName": "f",
                "Name": "live",
                "FunctionVersion": "1",
                "RoutingConfig": {"AdditionalVersionWeights": {"2": 0.5}},
            },
        ),
    ],
    Missing.EVENT_SOURCES: [
        mapping("arn:aws:mq:us-east-1:123456789012:broker:b"),
    ],
    Missing.FAN_OUT: [
        mapping("arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c:1"),
    ],
    Missing.KAFKA: [
        (
            "lambda",
            "create_event_source_mapping",
            {
                "FunctionName": "f",
                "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["k:9"]}},
            },
        ),
    ],
    Missing.TUMBLING_WINDOWS: [
        mapping(TumblingWindowInSeconds=30),
    ],
    Missing.PROVISIONED_POLLERS: [
        mapping(ProvisionedPollerConfig={"MinimumPollers": 1}),
    ],
    Missing.DESTINATIONS: [
        (
            "lambda",
            operation,
            {
                "FunctionName": "f",
                "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:s3:::letters"}},
            },
        )
        for operation in (
            "put_function_event_invoke_config",
            "update_function_event_invoke_config",
        )
    ],
    Missing.MAPPING_KEYS: [
        mapping(KMSKeyArn="arn:aws:kms:us-east-1:123456789012:key/k"),
    ],
    Missing.PARALLELIZATION: [
        mapping(ParallelizationFactor=2),
        ("lambda", "update_event_source_mapping", {"UUID": "0" * 36, "ParallelizationFactor": 2}),
    ],
    Missing.UNKNOWN_CALLS: [
        ("lambda", "get_account_settings", {}),  # by its path
    ],
}
