"""Which permissions requests need, held against AWS's Service Authorization Reference.

The reference is the copy that cfn-lint brings along: each service's actions, and the kinds of
resources that each of them takes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cfnlint
import pytest
from policy_texts import arn
from sent_requests import as_read, environ, operations, request_of

from workbook.cloud.iam.actions import needs
from workbook.cloud.missing import NotEmulated

REFERENCE = json.loads(
    (Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json").read_text()
)
# Operations whose action the reference does not have (yet), and those that are refused by name.
UNLISTED = {
    "dynamodb": {
        "BatchExecuteStatement",
        "CancelBulkOperation",
        "DescribeBulkOperation",
        "ExecuteStatement",
        "ExecuteTransaction",
        "ListBulkOperations",
        "StartBulkPutItems",
    },
    "iam": {"AcquireRole", "UpdateDelegationRequest"},
    "lambda": {"DeleteDurableExecution", "PauseDurableExecution", "ResumeDurableExecution"},
    "logs": {"GetLogObject"},
    "s3": {
        "CreateBucketMetadataConfiguration",
        "CreateSession",
        "DeleteBucketMetadataConfiguration",
        "GetBucketMetadataConfiguration",
        "ListDirectoryBuckets",
        "RenameObject",
        "WriteGetObjectResponse",
    },
    "secretsmanager": {
        "AssociateCrossAccountReplica",
        "DisassociateCrossAccountReplica",
        "ListResourcePolicies",
    },
    "ssm": {
        "DeregisterDefaultHostManagementConfiguration",
        "RegisterDefaultHostManagementConfiguration",
    },
    "sts": {"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}
    | {"GetFederationToken", "GetSessionToken"},
}
# At its least, a transaction has nothing in it.
NOTHING_NEEDED = {"GetCallerIdentity", "TransactWriteItems"}
# Operations that are judged on `*` although the reference knows resources: their least input
# names none, or they belong to what this cloud does not emulate.
ON_EVERYTHING = {
    "dynamodb": {"ImportTable", "ListExports", "ListImports", "RestoreTableToPointInTime"},
    "events": {
        "CancelReplay",
        "CreateArchive",
        "DeleteArchive",
        "DescribeArchive",
        "DescribeReplay",
        "ListPartnerEventSourceAccounts",
        "StartReplay",
        "UpdateArchive",
    },
    "s3": set(),
    "secretsmanager": set(),
    "sns": {"Publish"},
    "sqs": {"CancelMessageMoveTask"},
}


class Looked:
    """What a cloud would look up."""

    def __init__(self, *, exists: bool = True) -> None:
        self._exists = exists

    def partition_key(self, table_arn: str, index: str | None) -> str | None:
        return "id"

    def object_exists(self, bucket: str, key: str) -> bool:
        return self._exists

    def secret_arn(self, region: str, secret_id: str) -> str | None:
        return arn("secretsmanager", f"secret:{secret_id}-AbCdEf") if self._exists else None

    def execution_role(self, function_arn: str) -> str | None:
        return None

    def iam_arn(self, kind: str, name: str) -> str | None:
        return f"arn:aws:iam::123456789012:{kind}/staff/{name}" if name == "known" else None


def needed(
    service: str, operation: str, *, exists: bool = True, **parameters: Any
) -> list[tuple[str, str]]:
    request = request_of(service, operation, **parameters)
    return [(need.action, need.resource) for need in needs(request, Looked(exists=exists))]


def least_needs(service: str) -> dict[str, list[Any]]:
    found = {}
    for name, least in operations(service):
        try:
            found[name] = list(needs(request_of(service, name, **least), Looked()))
        except NotEmulated:
            found[name] = []
    return found


def listed(action: str) -> dict[str, Any] | None:
    service, _, name = action.partition(":")
    found: dict[str, Any] | None = REFERENCE[service]["Actions"].get(name.lower())
    return found


@pytest.mark.parametrize(
    "service",
    [
        "dynamodb",
        "dynamodbstreams",
        "events",
        "iam",
        "lambda",
        "logs",
        "s3",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "sts",
    ],
)
def test_every_operation_needs_actions_that_exist(service: str) -> None:
    unlisted = {
        operation
        for operation, wanted in least_needs(service).items()
        if any(listed(need.action) is None for need in wanted) or not wanted
    }
    assert unlisted - NOTHING_NEEDED == UNLISTED.get(service, set())


@pytest.mark.parametrize("service", ON_EVERYTHING)
def test_actions_are_judged_on_resources_where_they_know_any(service: str) -> None:
    on_everything, on_too_little = set(), set()
    for operation, wanted in least_needs(service).items():
        for need in wanted:
            knows_resources = bool((listed(need.action) or {}).get("Resources"))
            if knows_resources and need.resource == "*":
                on_everything.add(operation)
            if listed(need.action) and not knows_resources and need.resource != "*":
                on_too_little.add(operation)
    assert on_everything == ON_EVERYTHING[service]
    assert on_too_little == set()


SHELF = "arn:aws:s3:::shelf"


@pytest.mark.parametrize(
    ("operation", "parameters", "expected"),
    [
        ("ListBuckets", {}, [("s3:ListAllMyBuckets", "*")]),
        ("HeadBucket", {"Bucket": "shelf"}, [("s3:ListBucket", SHELF)]),
        ("ListObjectsV2", {"Bucket": "shelf"}, [("s3:ListBucket", SHELF)]),
        ("GetObject", {"Bucket": "shelf", "Key": "a"}, [("s3:GetObject", f"{SHELF}/a")]),
        ("HeadObject", {"Bucket": "shelf", "Key": "a"}, [("s3:GetObject", f"{SHELF}/a")]),
        (
            "GetObject",
            {"Bucket": "shelf", "Key": "a", "VersionId": "1"},
            [("s3:GetObjectVersion", f"{SHELF}/a")],
        ),
        (
            "DeleteObject",
            {"Bucket": "shelf", "Key": "a", "VersionId": "1"},
            [("s3:DeleteObjectVersion", f"{SHELF}/a")],
        ),
        (
            "PutObject",
            {"Bucket": "shelf", "Key": "a", "Tagging": "k=v", "ACL": "public-read"},
            [
                ("s3:PutObject", f"{SHELF}/a"),
                ("s3:PutObjectAcl", f"{SHELF}/a"),
                ("s3:PutObjectTagging", f"{SHELF}/a"),
            ],
        ),
        (
            "CopyObject",
            {"Bucket": "shelf", "Key": "b", "CopySource": {"Bucket": "old", "Key": "a b"}},
            [("s3:GetObject", "arn:aws:s3:::old/a b"), ("s3:PutObject", f"{SHELF}/b")],
        ),
        (
            "UploadPartCopy",
            {
                "Bucket": "shelf",
                "Key": "b",
                "CopySource": "old/a?versionId=7",
                "PartNumber": 1,
                "UploadId": "u",
            },
            [("s3:GetObjectVersion", "arn:aws:s3:::old/a"), ("s3:PutObject", f"{SHELF}/b")],
        ),
        (
            "ListParts",
            {"Bucket": "shelf", "Key": "a", "UploadId": "u"},
            [("s3:ListMultipartUploadParts", f"{SHELF}/a")],
        ),
        (
            "DeleteObjects",
            {
                "Bucket": "shelf",
                "Delete": {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "1"}]},
            },
            [("s3:DeleteObject", f"{SHELF}/a"), ("s3:DeleteObjectVersion", f"{SHELF}/b")],
        ),
        (
            "PutBucketNotificationConfiguration",
            {"Bucket": "shelf", "NotificationConfiguration": {}},
            [("s3:PutBucketNotification", SHELF)],
        ),
    ],
)
def test_s3(operation: str, parameters: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert needed("s3", operation, **parameters) == expected


def test_a_missing_object_is_looked_for_in_the_bucket() -> None:
    found = needed("s3", "GetObject", Bucket="shelf", Key="a", exists=False)
    assert found == [("s3:GetObject", f"{SHELF}/a"), ("s3:ListBucket", SHELF)]


SHOP = arn("lambda", "function:shop")


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "expected"),
    [
        ("lambda", "Invoke", {"FunctionName": "shop"}, [("lambda:InvokeFunction", SHOP)]),
        ("lambda", "Invoke", {"FunctionName": SHOP}, [("lambda:InvokeFunction", SHOP)]),
        (
            "lambda",
            "Invoke",
            {"FunctionName": "123456789012:function:shop", "Qualifier": "live"},
            [("lambda:InvokeFunction", f"{SHOP}:live")],
        ),
        (
            "lambda",
            "CreateFunction",
            {"FunctionName": "shop", "Role": "arn:aws:iam::1:role/r", "Tags": {"a": "b"}},
            [
                ("lambda:CreateFunction", SHOP),
                ("iam:PassRole", "arn:aws:iam::1:role/r"),
                ("lambda:TagResource", SHOP),
            ],
        ),
        (
            "lambda",
            "UpdateFunctionConfiguration",
            {"FunctionName": "shop", "Layers": ["arn:aws:lambda:us-east-1:1:layer:l:1"]},
            [
                ("lambda:UpdateFunctionConfiguration", SHOP),
                ("lambda:GetLayerVersion", "arn:aws:lambda:us-east-1:1:layer:l:1"),
            ],
        ),
        (
            "lambda",
            "DeleteEventSourceMapping",
            {"UUID": "u"},
            [("lambda:DeleteEventSourceMapping", arn("lambda", "event-source-mapping:u"))],
        ),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "http://127.0.0.1/123456789012/orders", "Entries": []},
            [("sqs:SendMessage", arn("sqs", "orders"))],
        ),
        (
            "sqs",
            "CreateQueue",
            {"QueueName": "orders", "tags": {"a": "b"}},
            [("sqs:CreateQueue", arn("sqs", "orders")), ("sqs:TagQueue", arn("sqs", "orders"))],
        ),
        (
            "sns",
            "PublishBatch",
            {"TopicArn": arn("sns", "news"), "PublishBatchRequestEntries": []},
            [("sns:Publish", arn("sns", "news"))],
        ),
        (
            "sns",
            "Unsubscribe",
            {"SubscriptionArn": arn("sns", "news:1234")},
            [("sns:Unsubscribe", arn("sns", "news"))],
        ),
        (
            "events",
            "PutEvents",
            {"Entries": [{"Source": "shop"}, {"EventBusName": "own"}]},
            [
                ("events:PutEvents", arn("events", "event-bus/default")),
                ("events:PutEvents", arn("events", "event-bus/own")),
            ],
        ),
        (
            "events",
            "PutTargets",
            {
                "Rule": "daily",
                "EventBusName": "own",
                "Targets": [{"Id": "1", "Arn": "a", "RoleArn": "arn:aws:iam::1:role/r"}],
            },
            [
                ("events:PutTargets", arn("events", "rule/own/daily")),
                ("iam:PassRole", "arn:aws:iam::1:role/r"),
            ],
        ),
        (
            "ssm",
            "GetParameters",
            {"Names": ["/shop/db", "plain:3"]},
            [
                ("ssm:GetParameters", arn("ssm", "parameter/shop/db")),
                ("ssm:GetParameters", arn("ssm", "parameter/plain")),
            ],
        ),
        (
            "ssm",
            "GetParametersByPath",
            {"Path": "/shop/"},
            [("ssm:GetParametersByPath", arn("ssm", "parameter/shop/"))],
        ),
        (
            "ssm",
            "AddTagsToResource",
            {"ResourceType": "Parameter", "ResourceId": "/shop/db", "Tags": []},
            [("ssm:AddTagsToResource", arn("ssm", "parameter/shop/db"))],
        ),
        ("ssm", "DescribeParameters", {}, [("ssm:DescribeParameters", "*")]),
        (
            "secretsmanager",
            "BatchGetSecretValue",
            {"SecretIdList": ["db"]},
            [
                ("secretsmanager:BatchGetSecretValue", "*"),
                ("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:db-AbCdEf")),
            ],
        ),
        (
            "logs",
            "CreateLogStream",
            {"logGroupName": "/aws/lambda/shop", "logStreamName": "s"},
            [
                (
                    "logs:CreateLogStream",
                    arn("logs", "log-group:/aws/lambda/shop:log-stream:s"),
                )
            ],
        ),
        (
            "logs",
            "FilterLogEvents",
            {"logGroupIdentifier": arn("logs", "log-group:shop:*")},
            [("logs:FilterLogEvents", arn("logs", "log-group:shop:log-stream:"))],
        ),
        ("sts", "GetCallerIdentity", {}, []),
        (
            "sts",
            "AssumeRole",
            {"RoleArn": "arn:aws:iam::1:role/r", "RoleSessionName": "s"},
            [("sts:AssumeRole", "arn:aws:iam::1:role/r")],
        ),
        (
            "iam",
            "CreateRole",
            {"RoleName": "r", "Path": "/app/", "AssumeRolePolicyDocument": "{}"},
            [("iam:CreateRole", "arn:aws:iam::123456789012:role/app/r")],
        ),
        (
            "iam",
            "PutRolePolicy",
            {"RoleName": "known", "PolicyName": "p", "PolicyDocument": "{}"},
            [("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/staff/known")],
        ),
        ("iam", "GetUser", {}, [("iam:GetUser", "arn:aws:iam::123456789012:user/me")]),
        (
            "apigateway",
            "ImportRestApi",
            {"body": b"{}"},
            [("apigateway:POST", "arn:aws:apigateway:us-east-1::/restapis")],
        ),
        (
            "dynamodb",
            "DescribeTable",
            {"TableName": arn("dynamodb", "table/orders")},
            [("dynamodb:DescribeTable", arn("dynamodb", "table/orders"))],
        ),
        (
            "kinesis",
            "PutRecord",
            {"StreamName": "clicks", "Data": b"x", "PartitionKey": "k"},
            [("kinesis:PutRecord", arn("kinesis", "stream/clicks"))],
        ),
        (
            "kinesis",
            "GetRecords",
            {"ShardIterator": "Y2xpY2tzOnNoYXJkSWQtMDAwMDAwMDAwMDAwOjA="},
            [("kinesis:GetRecords", arn("kinesis", "stream/clicks"))],
        ),
        ("cloudwatch", "ListMetrics", {}, [("cloudwatch:ListMetrics", "*")]),
        ("xray", "GetGroups", {}, [("xray:GetGroups", "*")]),
    ],
)
def test_other_services(
    service: str, operation: str, parameters: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert needed(service, operation, **parameters) == expected


def test_a_secret_that_does_not_exist_has_no_arn() -> None:
    found = needed("secretsmanager", "GetSecretValue", SecretId="db", exists=False)
    assert found == [("secretsmanager:GetSecretValue", "db")]


def test_websocket_connections_are_resources_of_their_api() -> None:
    credential = "AKIDEXAMPLE/20261002/us-east-1/execute-api/aws4_request"
    received = environ(
        "POST",
        "http://127.0.0.1:4566/_aws/execute-api/abc123/live/@connections/xyz=",
        {"Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, Signature=0"},
    )
    (need,) = needs(as_read(received), Looked())
    assert need.action == "execute-api:ManageConnections"
    assert need.resource == arn("execute-api", "abc123/live/POST/@connections/xyz=")


@pytest.mark.parametrize("operation", ["GetSessionToken", "GetFederationToken"])
def test_tokens_that_would_lose_their_owner_are_refused_by_name(operation: str) -> None:
    with pytest.raises(NotEmulated, match=operation):
        needed("sts", operation)


def test_the_partition_key_of_a_query_is_read_from_its_expression() -> None:
    request = request_of(
        "dynamodb",
        "Query",
        TableName="orders",
        KeyConditionExpression="#k = :v AND begins_with(rest, :r)",
        ExpressionAttributeNames={"#k": "id"},
        ExpressionAttributeValues={":v": {"N": "7"}, ":r": {"S": "x"}},
    )
    (need,) = needs(request, Looked())
    assert need.keys["dynamodb:leadingkeys"] == ("7",)
