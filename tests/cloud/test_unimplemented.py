"""What is not emulated answers 501 with its name: one call for each entry of the table."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud
from workbook.cloud.unimplemented import TABLE, Unimplemented

ROLE = "arn:aws:iam::123456789012:role/r"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
SAM = '{"Transform": "AWS::Serverless-2016-10-31", "Resources": {}}'

Call = tuple[str, str, dict[str, Any]]


def create(**more: Any) -> Call:
    code = more.pop("Code", {"ZipFile": b""})
    return "lambda", "create_function", {"FunctionName": "f", "Role": ROLE, "Code": code, **more}


def configure(**more: Any) -> Call:
    return "lambda", "update_function_configuration", {"FunctionName": "f", **more}


def mapping(source: str = "arn:aws:sqs:us-east-1:123456789012:q", **more: Any) -> Call:
    settings = {"FunctionName": "f", "EventSourceArn": source, **more}
    return "lambda", "create_event_source_mapping", settings


def stage(**more: Any) -> Call:
    settings = {"restApiId": "a", "stageName": "s", "deploymentId": "d", **more}
    return "apigateway", "create_stage", settings


def patch_stage(path: str, value: str = "true") -> Call:
    operations = [{"op": "replace", "path": path, "value": value}]
    settings = {"restApiId": "a", "stageName": "s", "patchOperations": operations}
    return "apigateway", "update_stage", settings


def schedule() -> Call:
    target = {"Arn": ARN, "RoleArn": ROLE}
    settings = {
        "Name": "nightly",
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target,
    }
    return "scheduler", "create_schedule", settings


NO_PREFIX = Config(inject_host_prefix=False)  # sync-127.0.0.1 is no host
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/t"

# Name of the entry: calls that must be refused by it; one for each way of asking.
CALLS: dict[str, list[Call]] = {
    "Lambda layers": [
        ("lambda", "publish_layer_version", {"LayerName": "l", "Content": {"ZipFile": b""}}),
        create(Layers=["arn:aws:lambda:us-east-1:123456789012:layer:l:1"]),
        configure(Layers=["arn:aws:lambda:us-east-1:123456789012:layer:l:1"]),
    ],
    "container images": [create(PackageType="Image", Code={"ImageUri": "shop:latest"})],
    "runtimes other than Python's": [create(Runtime="nodejs22.x"), configure(Runtime="java21")],
    "functions in a VPC": [create(VpcConfig={"SubnetIds": ["subnet-1"]})],
    "X-Ray tracing": [
        create(TracingConfig={"Mode": "Active"}),
        stage(tracingEnabled=True),
        patch_stage("/tracingEnabled"),
    ],
    "file systems of functions": [
        create(
            FileSystemConfigs=[
                {
                    "Arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123456789abcdef0",
                    "LocalMountPath": "/mnt/x",
                }
            ]
        )
    ],
    "SnapStart": [create(SnapStart={"ApplyOn": "PublishedVersions"})],
    "dead-letter queues of functions": [
        create(DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"})
    ],
    "JSON log formats": [create(LoggingConfig={"LogFormat": "JSON"})],
    "log groups of one's own": [create(LoggingConfig={"LogGroup": "mine"})],
    "durable functions": [create(DurableConfig={"ExecutionTimeout": 10})],
    "code signing": [
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
    "function URLs": [
        ("lambda", "create_function_url_config", {"FunctionName": "f", "AuthType": "NONE"})
    ],
    "provisioned concurrency": [
        (
            "lambda",
            "put_provisioned_concurrency_config",
            {"FunctionName": "f", "Qualifier": "1", "ProvisionedConcurrentExecutions": 1},
        )
    ],
    "response streaming": [("lambda", "invoke_with_response_stream", {"FunctionName": "f"})],
    "InvokeAsync": [("lambda", "invoke_async", {"FunctionName": "f", "InvokeArgs": b"{}"})],
    "weighted aliases": [
        (
            "lambda",
            "create_alias",
            {
                "FunctionName": "f",
                "Name": "live",
                "FunctionVersion": "1",
                "RoutingConfig": {"AdditionalVersionWeights": {"2": 0.5}},
            },
        )
    ],
    "event sources other than SQS and DynamoDB streams": [
        mapping("arn:aws:kinesis:us-east-1:123456789012:stream/s")
    ],
    "Kafka event sources": [
        (
            "lambda",
            "create_event_source_mapping",
            {
                "FunctionName": "f",
                "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["k:9"]}},
            },
        )
    ],
    "tumbling windows": [mapping(TumblingWindowInSeconds=30)],
    "provisioned pollers": [mapping(ProvisionedPollerConfig={"MinimumPollers": 1})],
    "WebSocket and HTTP APIs": [
        ("apigatewayv2", "create_api", {"Name": "chat", "ProtocolType": "WEBSOCKET"}),
        ("apigatewayv2", "create_api", {"Name": "shop", "ProtocolType": "HTTP"}),
    ],
    "WebSocket connections": [
        ("apigatewaymanagementapi", "post_to_connection", {"ConnectionId": "c", "Data": b"x"})
    ],
    "VPC links": [("apigateway", "create_vpc_link", {"name": "v", "targetArns": ["arn:a"]})],
    "custom domain names": [
        ("apigateway", "create_domain_name", {"domainName": "shop.example"}),
        (
            "apigateway",
            "create_base_path_mapping",
            {"domainName": "shop.example", "restApiId": "a"},
        ),
    ],
    "customized gateway responses": [
        ("apigateway", "put_gateway_response", {"restApiId": "a", "responseType": "THROTTLED"})
    ],
    "private APIs": [
        (
            "apigateway",
            "create_rest_api",
            {"name": "p", "endpointConfiguration": {"types": ["PRIVATE"]}},
        )
    ],
    "resource policies": [("apigateway", "create_rest_api", {"name": "p", "policy": "{}"})],
    "usage-plan throttling": [
        ("apigateway", "create_usage_plan", {"name": "p", "throttle": {"rateLimit": 1.0}}),
        ("apigateway", "create_usage_plan", {"name": "p", "quota": {"limit": 1, "period": "DAY"}}),
        (
            "apigateway",
            "update_usage_plan",
            {
                "usagePlanId": "p",
                "patchOperations": [{"op": "replace", "path": "/throttle/rateLimit", "value": "1"}],
            },
        ),
    ],
    "API caches": [
        stage(cacheClusterEnabled=True),
        patch_stage("/cacheClusterEnabled"),
    ],
    "canary deployments": [stage(canarySettings={"percentTraffic": 10.0, "deploymentId": "d"})],
    "stage throttling": [patch_stage("/*/*/throttling/rateLimit", "1")],
    "API access and execution logs": [
        patch_stage("/*/*/logging/loglevel", "INFO"),
        patch_stage("/accessLogSettings/format", "$context.requestId"),
    ],
    "API destinations": [
        (
            "events",
            "create_api_destination",
            {
                "Name": "d",
                "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1",
                "InvocationEndpoint": "https://example.com",
                "HttpMethod": "POST",
            },
        )
    ],
    "event connections": [
        (
            "events",
            "create_connection",
            {
                "Name": "c",
                "AuthorizationType": "BASIC",
                "AuthParameters": {"BasicAuthParameters": {"Username": "u", "Password": "p"}},
            },
        )
    ],
    "event archives": [
        (
            "events",
            "create_archive",
            {
                "ArchiveName": "a",
                "EventSourceArn": "arn:aws:events:us-east-1:123456789012:event-bus/default",
            },
        )
    ],
    "event replays": [
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
        )
    ],
    "partner event sources": [
        (
            "events",
            "create_partner_event_source",
            {"Name": "aws.partner/example.com/a/b", "Account": "123456789012"},
        ),
        ("events", "put_partner_events", {"Entries": [{"Source": "s"}]}),
    ],
    "rule targets other than functions, queues and topics": [
        ("events", "put_targets", {"Rule": "r", "Targets": [{"Id": "1", "Arn": MACHINE}]})
    ],
    "EventBridge Scheduler": [schedule()],
    "EventBridge Pipes": [
        (
            "pipes",
            "create_pipe",
            {
                "Name": "p",
                "RoleArn": ROLE,
                "Source": "arn:aws:sqs:us-east-1:123456789012:q",
                "Target": ARN,
            },
        )
    ],
    "Step Functions executions": [
        ("stepfunctions", "start_execution", {"stateMachineArn": MACHINE}),
        ("stepfunctions", "start_sync_execution", {"stateMachineArn": MACHINE}),
    ],
    "X-Ray traces": [("xray", "put_trace_segments", {"TraceSegmentDocuments": ["{}"]})],
    "subscriptions other than functions and queues": [
        (
            "sns",
            "subscribe",
            {
                "TopicArn": "arn:aws:sns:us-east-1:123456789012:t",
                "Protocol": "email",
                "Endpoint": "ada@example.com",
            },
        )
    ],
    "text messages": [("sns", "publish", {"PhoneNumber": "+10000000000", "Message": "hi"})],
    "mobile push": [
        (
            "sns",
            "create_platform_application",
            {"Name": "a", "Platform": "GCM", "Attributes": {}},
        ),
        ("sns", "create_platform_endpoint", {"PlatformApplicationArn": "arn:a", "Token": "t"}),
    ],
    "global tables": [
        (
            "dynamodb",
            "create_global_table",
            {"GlobalTableName": "stock", "ReplicationGroup": [{"RegionName": "eu-west-1"}]},
        ),
        (
            "dynamodb",
            "update_table",
            {"TableName": "stock", "ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}]},
        ),
    ],
    "table exports": [
        ("dynamodb", "export_table_to_point_in_time", {"TableArn": TABLE_ARN, "S3Bucket": "b"})
    ],
    "table imports": [
        (
            "dynamodb",
            "import_table",
            {
                "S3BucketSource": {"S3Bucket": "b"},
                "InputFormat": "CSV",
                "TableCreationParameters": {
                    "TableName": "stock",
                    "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
                },
            },
        )
    ],
    "Kinesis streams of tables": [
        (
            "dynamodb",
            "enable_kinesis_streaming_destination",
            {
                "TableName": "stock",
                "StreamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/long-enough-for-the-model",
            },
        )
    ],
    "bucket replication": [
        (
            "s3",
            "put_bucket_replication",
            {
                "Bucket": "shelf",
                "ReplicationConfiguration": {
                    "Role": ROLE,
                    "Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::b"}}],
                },
            },
        )
    ],
    "bucket websites": [
        (
            "s3",
            "put_bucket_website",
            {
                "Bucket": "shelf",
                "WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}},
            },
        )
    ],
    "S3 Select": [
        (
            "s3",
            "select_object_content",
            {
                "Bucket": "shelf",
                "Key": "k",
                "Expression": "select * from s3object",
                "ExpressionType": "SQL",
                "InputSerialization": {"CSV": {}},
                "OutputSerialization": {"CSV": {}},
            },
        )
    ],
    "secret replicas": [
        (
            "secretsmanager",
            "replicate_secret_to_regions",
            {"SecretId": "s", "AddReplicaRegions": [{"Region": "eu-west-1"}]},
        ),
        (
            "secretsmanager",
            "create_secret",
            {"Name": "s", "AddReplicaRegions": [{"Region": "eu-west-1"}]},
        ),
    ],
    "Systems Manager commands": [("ssm", "send_command", {"DocumentName": "AWS-RunShellScript"})],
    "parameter policies": [
        ("ssm", "put_parameter", {"Name": "p", "Value": "v", "Policies": "[{}]"})
    ],
    "metric filters of logs": [
        (
            "logs",
            "put_metric_filter",
            {
                "logGroupName": "g",
                "filterName": "f",
                "filterPattern": "",
                "metricTransformations": [
                    {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}
                ],
            },
        )
    ],
    "CloudFormation transforms (SAM)": [
        ("cloudformation", "create_stack", {"StackName": "s", "TemplateBody": SAM}),
        ("cloudformation", "update_stack", {"StackName": "s", "TemplateBody": SAM}),
        (
            "cloudformation",
            "create_change_set",
            {"StackName": "s", "ChangeSetName": "c", "TemplateBody": SAM},
        ),
        ("cloudformation", "validate_template", {"TemplateBody": SAM}),
    ],
    "CloudFormation stack sets": [
        ("cloudformation", "create_stack_set", {"StackSetName": "s", "TemplateBody": "{}"})
    ],
    "CloudFormation drift detection": [
        ("cloudformation", "detect_stack_drift", {"StackName": "s"})
    ],
    "CloudFormation stack policies": [
        ("cloudformation", "set_stack_policy", {"StackName": "s", "StackPolicyBody": "{}"})
    ],
    "CloudFormation registry": [
        (
            "cloudformation",
            "register_type",
            {"TypeName": "My::Own::Type", "SchemaHandlerPackage": "s3://bucket/key"},
        )
    ],
    "CloudFormation generated templates": [
        ("cloudformation", "create_generated_template", {"GeneratedTemplateName": "t"})
    ],
    "CloudWatch alarms": [
        (
            "cloudwatch",
            "put_metric_alarm",
            {
                "AlarmName": "a",
                "ComparisonOperator": "GreaterThanThreshold",
                "EvaluationPeriods": 1,
                "MetricName": "Errors",
                "Namespace": "AWS/Lambda",
                "Period": 60,
                "Statistic": "Sum",
                "Threshold": 0.0,
            },
        ),
        (
            "cloudwatch",
            "put_composite_alarm",
            {"AlarmName": "a", "AlarmRule": "TRUE"},
        ),
    ],
}
EACH = [(name, call) for name, calls in CALLS.items() for call in calls]


@pytest.mark.parametrize(("name", "call"), EACH, ids=[f"{name}-{call[1]}" for name, call in EACH])
def test_the_call_answers_501_with_the_name(cloud: LocalCloud, name: str, call: Call) -> None:
    service, operation, parameters = call
    client = cloud.client(service, config=NO_PREFIX)
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)(**parameters)
    answer = refused.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert answer["Error"]["Code"] == "NotImplemented"
    assert name in answer["Error"]["Message"]


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: f"{entry.service}-{entry.name}")
def test_every_entry_of_the_table_is_called(entry: Unimplemented) -> None:
    assert entry.name in CALLS, f"Add calls that {entry.name!r} refuses to CALLS in this file."


def test_what_moto_does_not_know_is_501_too(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("sqs").start_message_move_task(SourceArn="arn:aws:sqs:us-east-1:1:q")
    answer = refused.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "sqs StartMessageMoveTask" in answer["Error"]["Message"]


def test_a_path_that_moto_does_not_know_is_501_too(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("lambda").get_account_settings()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_what_is_switched_off_is_not_refused(cloud: LocalCloud) -> None:
    """Chalice sends many settings with the value that asks for nothing."""
    client = cloud.client("lambda")
    with pytest.raises(ClientError) as refused:
        client.update_function_configuration(
            FunctionName="nobody",
            Layers=[],
            VpcConfig={"SubnetIds": [], "SecurityGroupIds": []},
            TracingConfig={"Mode": "PassThrough"},
        )
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
