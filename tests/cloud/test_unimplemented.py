"""What is not emulated answers 501 with its name, and each name on the list is called here.

CALLS are refused before anything is done. ROUTES are deployed, and refused when called; POLICIES
are refused where they would have to be judged.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from small_apps import create_function

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api
from workbook.cloud.missing import Missing

ROLE = "arn:aws:iam::123456789012:role/r"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"

Call = tuple[str, str, dict[str, Any]]


def create(**more: Any) -> Call:
    code = more.pop("Code", {"ZipFile": b""})
    return "lambda", "create_function", {"FunctionName": "f", "Role": ROLE, "Code": code, **more}


def configure(**more: Any) -> Call:
    return "lambda", "update_function_configuration", {"FunctionName": "f", **more}


def subscription(destination: str, group: str = "shop") -> Call:
    parameters = {"logGroupName": group, "filterName": "all", "filterPattern": ""}
    return "logs", "put_subscription_filter", {**parameters, "destinationArn": destination}


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


def socket_stage(**more: Any) -> Call:
    return "apigatewayv2", "create_stage", {"ApiId": "a", "StageName": "s", **more}


def schedule() -> Call:
    target = {"Arn": ARN, "RoleArn": ROLE}
    settings = {
        "Name": "nightly",
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target,
    }
    return "scheduler", "create_schedule", settings


def stack(template: dict[str, Any], **more: Any) -> Call:
    resources = {"Orders": {"Type": "AWS::SQS::Queue"}}
    body = json.dumps({"Resources": resources, **template})
    return "cloudformation", "create_stack", {"StackName": "s", "TemplateBody": body, **more}


NO_PREFIX = Config(inject_host_prefix=False)  # sync-127.0.0.1 is no host
PREFIXED = ("start_sync_execution",)
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/t"

# Calls that must be refused by this name; one for each way of asking.
CALLS: dict[Missing, list[Call]] = {
    Missing.CONTAINER_IMAGES: [create(PackageType="Image", Code={"ImageUri": "shop:latest"})],
    Missing.RUNTIMES: [create(Runtime="nodejs22.x"), configure(Runtime="java21")],
    Missing.VPC: [create(VpcConfig={"SubnetIds": ["subnet-1"]})],
    Missing.TRACING: [
        create(TracingConfig={"Mode": "Active"}),
        stage(tracingEnabled=True),
        patch_stage("/tracingEnabled"),
    ],
    Missing.FILE_SYSTEMS: [
        create(
            FileSystemConfigs=[
                {
                    "Arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123456789abcdef0",
                    "LocalMountPath": "/mnt/x",
                }
            ]
        )
    ],
    Missing.SNAP_START: [create(SnapStart={"ApplyOn": "PublishedVersions"})],
    Missing.DEAD_LETTER_QUEUES: [
        create(DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"})
    ],
    Missing.JSON_LOGS: [create(LoggingConfig={"LogFormat": "JSON"})],
    Missing.LOG_GROUPS: [create(LoggingConfig={"LogGroup": "mine"})],
    Missing.DURABLE_FUNCTIONS: [create(DurableConfig={"ExecutionTimeout": 10})],
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
        ("lambda", "create_function_url_config", {"FunctionName": "f", "AuthType": "NONE"})
    ],
    Missing.RESPONSE_STREAMING: [("lambda", "invoke_with_response_stream", {"FunctionName": "f"})],
    Missing.INVOKE_ASYNC: [("lambda", "invoke_async", {"FunctionName": "f", "InvokeArgs": b"{}"})],
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
        )
    ],
    Missing.EVENT_SOURCES: [mapping("arn:aws:mq:us-east-1:123456789012:broker:b")],
    Missing.FAN_OUT: [
        mapping("arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c:1"),
        (
            "kinesis",
            "register_stream_consumer",
            {
                "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "ConsumerName": "c",
            },
        ),
    ],
    Missing.KAFKA: [
        (
            "lambda",
            "create_event_source_mapping",
            {
                "FunctionName": "f",
                "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["k:9"]}},
            },
        )
    ],
    Missing.TUMBLING_WINDOWS: [mapping(TumblingWindowInSeconds=30)],
    Missing.PROVISIONED_POLLERS: [mapping(ProvisionedPollerConfig={"MinimumPollers": 1})],
    Missing.HTTP_APIS: [
        ("apigatewayv2", "create_api", {"Name": "shop", "ProtocolType": "HTTP"}),
        ("apigatewayv2", "import_api", {"Body": "{}"}),
    ],
    Missing.ROUTE_SELECTION: [
        (
            "apigatewayv2",
            "create_api",
            {
                "Name": "chat",
                "ProtocolType": "WEBSOCKET",
                "RouteSelectionExpression": "$request.header.action",
            },
        )
    ],
    Missing.SOCKET_INTEGRATIONS: [
        ("apigatewayv2", "create_integration", {"ApiId": "a", "IntegrationType": "MOCK"})
    ],
    Missing.SOCKET_KEYS: [
        (
            "apigatewayv2",
            "create_route",
            {"ApiId": "a", "RouteKey": "$connect", "ApiKeyRequired": True},
        )
    ],
    Missing.SOCKET_MODELS: [
        ("apigatewayv2", "create_model", {"ApiId": "a", "Name": "m", "Schema": "{}"})
    ],
    Missing.SOCKET_THROTTLING: [
        socket_stage(DefaultRouteSettings={"ThrottlingRateLimit": 1.0}),
        socket_stage(RouteSettings={"join": {"ThrottlingBurstLimit": 1}}),
    ],
    Missing.VPC_LINKS: [
        ("apigateway", "create_vpc_link", {"name": "v", "targetArns": ["arn:a"]}),
        ("apigatewayv2", "create_vpc_link", {"Name": "v", "SubnetIds": ["subnet-1"]}),
    ],
    Missing.DOMAIN_NAMES: [
        ("apigatewayv2", "create_domain_name", {"DomainName": "chat.example"}),
        ("apigateway", "create_domain_name", {"domainName": "shop.example"}),
        (
            "apigateway",
            "create_base_path_mapping",
            {"domainName": "shop.example", "restApiId": "a"},
        ),
    ],
    Missing.GATEWAY_RESPONSES: [
        ("apigateway", "put_gateway_response", {"restApiId": "a", "responseType": "THROTTLED"})
    ],
    Missing.PRIVATE_APIS: [
        (
            "apigateway",
            "create_rest_api",
            {"name": "p", "endpointConfiguration": {"types": ["PRIVATE"]}},
        )
    ],
    Missing.RESOURCE_POLICIES: [("apigateway", "create_rest_api", {"name": "p", "policy": "{}"})],
    Missing.API_CACHES: [
        stage(cacheClusterEnabled=True),
        patch_stage("/cacheClusterEnabled"),
    ],
    Missing.CANARIES: [stage(canarySettings={"percentTraffic": 10.0, "deploymentId": "d"})],
    Missing.API_LOGS: [
        patch_stage("/*/*/logging/loglevel", "INFO"),
        patch_stage("/accessLogSettings/format", "$context.requestId"),
        socket_stage(AccessLogSettings={"Format": "$context.requestId"}),
        socket_stage(DefaultRouteSettings={"LoggingLevel": "INFO"}),
    ],
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
        )
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
        )
    ],
    Missing.ARCHIVES: [
        (
            "events",
            "create_archive",
            {
                "ArchiveName": "a",
                "EventSourceArn": "arn:aws:events:us-east-1:123456789012:event-bus/default",
            },
        )
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
        )
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
        ("events", "put_targets", {"Rule": "r", "Targets": [{"Id": "1", "Arn": MACHINE}]})
    ],
    Missing.SCHEDULER: [schedule()],
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
        )
    ],
    Missing.STEP_FUNCTIONS: [
        ("stepfunctions", "start_execution", {"stateMachineArn": MACHINE}),
        ("stepfunctions", "start_sync_execution", {"stateMachineArn": MACHINE}),
    ],
    Missing.TRACES: [("xray", "put_trace_segments", {"TraceSegmentDocuments": ["{}"]})],
    Missing.SUBSCRIPTIONS: [
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
    Missing.TEXT_MESSAGES: [("sns", "publish", {"PhoneNumber": "+10000000000", "Message": "hi"})],
    Missing.MOBILE_PUSH: [
        (
            "sns",
            "create_platform_application",
            {"Name": "a", "Platform": "GCM", "Attributes": {}},
        ),
        ("sns", "create_platform_endpoint", {"PlatformApplicationArn": "arn:a", "Token": "t"}),
    ],
    Missing.GLOBAL_TABLES: [
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
    Missing.TABLE_EXPORTS: [
        ("dynamodb", "export_table_to_point_in_time", {"TableArn": TABLE_ARN, "S3Bucket": "b"})
    ],
    Missing.TABLE_IMPORTS: [
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
    Missing.TABLE_KINESIS: [
        (
            "dynamodb",
            "enable_kinesis_streaming_destination",
            {
                "TableName": "stock",
                "StreamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/long-enough-for-the-model",
            },
        )
    ],
    Missing.REPLICATION: [
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
    Missing.WEBSITES: [
        (
            "s3",
            "put_bucket_website",
            {
                "Bucket": "shelf",
                "WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}},
            },
        )
    ],
    Missing.S3_SELECT: [
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
    Missing.SECRET_REPLICAS: [
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
    Missing.COMMANDS: [("ssm", "send_command", {"DocumentName": "AWS-RunShellScript"})],
    Missing.PARAMETER_POLICIES: [
        ("ssm", "put_parameter", {"Name": "p", "Value": "v", "Policies": "[{}]"})
    ],
    Missing.LOG_DESTINATIONS: [
        subscription("arn:aws:firehose:us-east-1:123456789012:deliverystream/d"),
        subscription("arn:aws:logs:us-east-1:123456789012:destination:d"),
    ],
    Missing.OWN_LOGS: [subscription(ARN, f"/aws/lambda/{ARN.rpartition(':')[2]}")],
    Missing.METRIC_FILTERS: [
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
    Missing.TRANSFORMS: [
        stack({"Transform": "AWS::CodeStar"}, Capabilities=["CAPABILITY_AUTO_EXPAND"]),
        stack(
            {"Transform": ["AWS::SecretsManager-2020-07-23"]},
            Capabilities=["CAPABILITY_AUTO_EXPAND"],
        ),
    ],
    Missing.APPLICATIONS: [
        stack(
            {
                "Transform": "AWS::Serverless-2016-10-31",
                "Resources": {
                    "Inner": {
                        "Type": "AWS::Serverless::Application",
                        "Properties": {"Location": "https://example.com/inner.yaml"},
                    }
                },
            },
            Capabilities=["CAPABILITY_AUTO_EXPAND"],
        )
    ],
    Missing.STACK_SETS: [
        ("cloudformation", "create_stack_set", {"StackSetName": "s", "TemplateBody": "{}"})
    ],
    Missing.DRIFT_DETECTION: [("cloudformation", "detect_stack_drift", {"StackName": "s"})],
    Missing.STACK_POLICIES: [
        ("cloudformation", "set_stack_policy", {"StackName": "s", "StackPolicyBody": "{}"})
    ],
    Missing.TYPE_REGISTRY: [
        (
            "cloudformation",
            "register_type",
            {"TypeName": "My::Own::Type", "SchemaHandlerPackage": "s3://bucket/key"},
        )
    ],
    Missing.GENERATED_TEMPLATES: [
        ("cloudformation", "create_generated_template", {"GeneratedTemplateName": "t"})
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
    Missing.MAPPING_KEYS: [mapping(KMSKeyArn="arn:aws:kms:us-east-1:123456789012:key/k")],
    Missing.PARALLELIZATION: [
        mapping(ParallelizationFactor=2),
        ("lambda", "update_event_source_mapping", {"UUID": "0" * 36, "ParallelizationFactor": 2}),
    ],
    Missing.STACK_CALLS: [("cloudformation", "describe_account_limits", {})],
    Missing.STACK_PARAMETERS: [stack({}, TimeoutInMinutes=5)],
    Missing.CHANGE_SET_TYPES: [
        (
            "cloudformation",
            "create_change_set",
            {"StackName": "s", "ChangeSetName": "c", "ChangeSetType": "IMPORT"},
        )
    ],
    Missing.FORCED_DELETION: [
        (
            "cloudformation",
            "delete_stack",
            {"StackName": "s", "DeletionMode": "FORCE_DELETE_STACK"},
        )
    ],
    Missing.PARAMETER_TYPES: [
        stack(
            {"Parameters": {"Net": {"Type": "AWS::EC2::VPC::Id"}}},
            Parameters=[{"ParameterKey": "Net", "ParameterValue": "vpc-1"}],
        )
    ],
    Missing.TEMPLATE_SECTIONS: [stack({"Rules": {}}), stack({"Hooks": {}})],
    Missing.TRANSFORM_PARAMETERS: [stack({"Transform": [{"Name": "Mine", "Parameters": {}}]})],
    Missing.UNKNOWN_CALLS: [
        ("sqs", "start_message_move_task", {"SourceArn": "arn:aws:sqs:us-east-1:1:q"}),
        ("lambda", "get_account_settings", {}),  # by its path
    ],
    Missing.ALARMS: [
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
EACH = [(missing, call) for missing, calls in CALLS.items() for call in calls]
X = "x-amazon-apigateway-"
INVOKE = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
GUARD = """
def handler(event, context):
    statement = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": "*",
        "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    }
    return {"principalId": "ada", "policyDocument": {"Statement": [statement]}}
"""


def mock(**more: Any) -> dict[str, Any]:
    templates = {"application/json": '{"statusCode": 200}'}
    return {
        "type": "mock",
        "requestTemplates": templates,
        "responses": {"default": {"statusCode": "200"}},
        **more,
    }


def behind(authorizer: str) -> dict[str, Any]:
    return {"security": [{authorizer: []}], f"{X}integration": mock()}


def authorizer(**details: Any) -> dict[str, Any]:
    definition = {"type": "apiKey", "name": "Authorization", "in": "header"}
    return {**definition, f"{X}authtype": "custom", f"{X}authorizer": details}


# One route each of one API: its path, and what stands there.
ROUTES: dict[Missing, dict[str, dict[str, Any]]] = {
    Missing.AUTHORIZER_CONDITIONS: {"/conditional": behind("guard")},
    Missing.REQUEST_VALIDATORS: {
        "/validated": {f"{X}request-validator": "all", f"{X}integration": mock()}
    },
    Missing.INTEGRATIONS: {
        "/http": {
            f"{X}integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "http://x"}
        },
        "/aws": {
            f"{X}integration": {"type": "aws", "httpMethod": "POST", "uri": INVOKE.format(ARN)}
        },
    },
    Missing.REQUEST_MAPPINGS: {
        "/mapped": {
            f"{X}integration": mock(
                requestParameters={"integration.request.header.A": "'b'"},
            )
        }
    },
    Missing.RESPONSE_MAPPINGS: {
        "/echoed": {
            "responses": {"200": {"description": "", "headers": {"A": {"type": "string"}}}},
            f"{X}integration": mock(
                responses={
                    "default": {
                        "statusCode": "200",
                        "responseParameters": {
                            "method.response.header.A": "integration.response.header.B"
                        },
                    }
                }
            ),
        }
    },
    Missing.MAPPING_TEMPLATES: {
        "/template": {
            f"{X}integration": mock(
                requestTemplates={"application/json": '{"statusCode": $input.path("$.code")}'}
            )
        }
    },
}
PATHS = [(missing, path) for missing, routes in ROUTES.items() for path in routes]
ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
# A policy of a role, and what its session then calls.
POLICIES: dict[Missing, tuple[dict[str, Any], Call]] = {
    Missing.POLICY_VARIABLES: (
        {**ALLOW_ALL, "Resource": "arn:aws:s3:::${aws:userid}"},
        ("s3", "list_objects_v2", {"Bucket": "shelf"}),
    ),
    Missing.CONDITION_OPERATORS: (
        {**ALLOW_ALL, "Condition": {"BinaryEquals": {"aws:userid": "QmluYXJ5"}}},
        ("dynamodb", "list_tables", {}),
    ),
    Missing.UNKNOWN_KEYS: (
        {**ALLOW_ALL, "Effect": "Deny", "Condition": {"Null": {"aws:ResourceTag/team": "true"}}},
        ("dynamodb", "list_tables", {}),
    ),
    Missing.USER_SESSIONS: (ALLOW_ALL, ("sts", "get_session_token", {})),
    Missing.SESSION_POLICIES: (
        ALLOW_ALL,
        (
            "sts",
            "assume_role",
            {
                "RoleArn": ROLE,
                "RoleSessionName": "shop",
                "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
            },
        ),
    ),
    Missing.PARTIQL: (ALLOW_ALL, ("dynamodb", "execute_statement", {"Statement": "SELECT 1"})),
}
ASKS_THE_RUNTIME_API = """
import http.client, os

def handler(event, context):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request("GET", "/2018-06-01/runtime/restore/next")
    answer = connection.getresponse()
    return [answer.status, answer.read().decode()]
"""
ELSEWHERE = {
    Missing.RUNTIME_API: "test_the_runtime_api_answers_501_too",
    Missing.S3_EVENTS: "test_a_notification_of_what_never_happens_is_501_and_changes_nothing",
    Missing.TARGET_SETTINGS: "test_a_setting_of_a_target_is_501_and_changes_nothing",
}


def test_every_name_on_the_list_is_called() -> None:
    called = {*CALLS, *ROUTES, *POLICIES, *ELSEWHERE}
    assert called == set(Missing), "Add a call that is refused by the name to this file."
    assert set(ELSEWHERE.values()) <= globals().keys()


def assert_refused(call: Any, parameters: dict[str, Any], missing: Missing) -> None:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    answer = refused.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert answer["Error"]["Code"] == "NotImplemented"
    assert missing.title in answer["Error"]["Message"]


@pytest.mark.parametrize(
    ("missing", "call"), EACH, ids=[f"{missing.name}-{call[1]}" for missing, call in EACH]
)
def test_the_call_answers_501_with_the_name(
    cloud: LocalCloud, missing: Missing, call: Call
) -> None:
    service, operation, parameters = call
    options: dict[str, Any] = {"config": NO_PREFIX} if operation in PREFIXED else {}
    client = cloud.client(service, **options)
    assert_refused(getattr(client, operation), parameters, missing)


@pytest.fixture(scope="module")
def lacking(cloud: LocalCloud) -> Api:
    """An API each of whose routes asks for something missing."""
    guard = create_function(cloud, "guard-of-lacking", GUARD)
    paths = {path: {"get": each} for routes in ROUTES.values() for path, each in routes.items()}
    document = {
        "swagger": "2.0",
        "info": {"title": "lacking", "version": "1"},
        "paths": paths,
        "securityDefinitions": {
            "guard": authorizer(type="token", authorizerUri=INVOKE.format(guard)),
        },
    }
    gateway = cloud.client("apigateway")
    api = gateway.import_rest_api(body=json.dumps(document))
    gateway.create_deployment(restApiId=api["id"], stageName="v1")
    return cloud.api("lacking")


@pytest.mark.parametrize(("missing", "path"), PATHS, ids=[path for _, path in PATHS])
def test_the_route_answers_501_with_the_name(lacking: Api, missing: Missing, path: str) -> None:
    answer = lacking.get(path, headers={"Authorization": "a"})
    assert answer.status_code == 501
    assert missing.title in answer.json()["message"]


@pytest.mark.parametrize("missing", POLICIES, ids=lambda missing: missing.name)
def test_what_cannot_be_judged_is_501_with_the_name(strict: LocalCloud, missing: Missing) -> None:
    statement, (service, operation, parameters) = POLICIES[missing]
    iam, name = strict.client("iam"), f"unjudged-{missing.name}"
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="only", PolicyDocument=policy)
    session = strict.client("sts").assume_role(RoleArn=role, RoleSessionName="shop")
    keys = session["Credentials"]
    client = strict.client(
        service,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    assert_refused(getattr(client, operation), parameters, missing)


def test_the_runtime_api_answers_501_too(cloud: LocalCloud, function: Any) -> None:
    function("curious", ASKS_THE_RUNTIME_API)
    answer = cloud.client("lambda").invoke(FunctionName="curious")
    status, body = json.load(answer["Payload"])
    assert status == 501
    assert Missing.RUNTIME_API.title in body


def test_a_notification_of_what_never_happens_is_501_and_changes_nothing(
    cloud: LocalCloud,
) -> None:
    client, queue = cloud.client("s3"), "arn:aws:sqs:us-east-1:123456789012:told"
    cloud.client("sqs").create_queue(QueueName="told")
    client.create_bucket(Bucket="expectant")

    def notify(event: str) -> dict[str, Any]:
        configuration = {"Id": event, "QueueArn": queue, "Events": [event]}
        return {
            "Bucket": "expectant",
            "NotificationConfiguration": {"QueueConfigurations": [configuration]},
        }

    client.put_bucket_notification_configuration(**notify("s3:ObjectRemoved:*"))
    for never in ("s3:ObjectRestore:Post", "s3:LifecycleTransition"):
        assert_refused(
            client.put_bucket_notification_configuration, notify(never), Missing.S3_EVENTS
        )
    client.put_object(Bucket="expectant", Key="k", Body=b"")
    kept = client.get_bucket_notification_configuration(Bucket="expectant")
    assert [each["Id"] for each in kept["QueueConfigurations"]] == ["s3:ObjectRemoved:*"]


def test_a_setting_of_a_target_is_501_and_changes_nothing(cloud: LocalCloud) -> None:
    client = cloud.client("events")
    client.put_rule(Name="careful", EventPattern='{"source": ["stall"]}')
    target = {"Id": "1", "Arn": ARN, "EcsParameters": {"TaskDefinitionArn": "arn:aws:ecs:a:b:c"}}
    put = {"Rule": "careful", "Targets": [target]}
    assert_refused(client.put_targets, put, Missing.TARGET_SETTINGS)
    assert client.list_targets_by_rule(Rule="careful")["Targets"] == []


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
