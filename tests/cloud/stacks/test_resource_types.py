"""Resource types: every property that one accepts shows in the service, first and after a change.

A case is a type, a property, two values of it, and how it shows. That no property is without a
case, and that each is AWS's own, is tested too.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cfnlint
import pytest
from api_cases import API_CASES
from function_cases import FUNCTIONS as IN_THE_CLOUD
from function_cases import LAYERS
from stack_cases import Case, Look, Tags

from workbook.cloud.stacks.types import TYPES

ARN = "arn:aws:{}:us-east-1:123456789012:{}"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}],
}
OTHER_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}],
}
ALL = ["All"]
# ── how things show ─────────────────────────────────────────────────────────────────────────


def table(name: str) -> Look:
    return lambda aws, it: aws("dynamodb").describe_table(TableName=it)["Table"].get(name)


def queue(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        found = aws("sqs").get_queue_attributes(QueueUrl=it, AttributeNames=ALL)["Attributes"]
        return found.get(name)

    return look


def topic(name: str) -> Look:
    return lambda aws, it: aws("sns").get_topic_attributes(TopicArn=it)["Attributes"].get(name)


def subscription(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        found = aws("sns").get_subscription_attributes(SubscriptionArn=it)
        return found["Attributes"].get(name)

    return look


def secret(name: str) -> Look:
    return lambda aws, it: aws("secretsmanager").describe_secret(SecretId=it).get(name)


def secret_value(aws: Callable[[str], Any], it: str) -> Any:
    return aws("secretsmanager").get_secret_value(SecretId=it)["SecretString"]


def stored(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        filters = [{"Key": "Name", "Values": [it]}]
        [found] = aws("ssm").describe_parameters(ParameterFilters=filters)["Parameters"]
        return found.get(name)

    return look


def stored_value(aws: Callable[[str], Any], it: str) -> Any:
    return aws("ssm").get_parameter(Name=it)["Parameter"]["Value"]


def log_group(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        [found] = aws("logs").describe_log_groups(logGroupNamePrefix=it)["logGroups"]
        return found.get(name)

    return look


def role(name: str) -> Look:
    return lambda aws, it: aws("iam").get_role(RoleName=it)["Role"].get(name)


def rule(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        bus, bar, own = it.rpartition("|")
        where = {"EventBusName": bus} if bar else {}
        return aws("events").describe_rule(Name=own, **where).get(name)

    return look


def mapping(name: str) -> Look:
    return lambda aws, it: aws("lambda").get_event_source_mapping(UUID=it).get(name)


def physical(aws: Callable[[str], Any], it: str) -> str:
    return it


def statement(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        policy = json.loads(aws("lambda").get_policy(FunctionName="seller")["Policy"])
        [found] = [each for each in policy["Statement"] if each["Sid"] == it]
        return found.get(name)

    return look


def inline(aws: Callable[[str], Any], it: str) -> Any:
    iam = aws("iam")
    names = iam.list_role_policies(RoleName="seller")["PolicyNames"]
    return {
        name: iam.get_role_policy(RoleName="seller", PolicyName=name)["PolicyDocument"]
        for name in names
    }


def managed(aws: Callable[[str], Any], it: str) -> Any:
    iam = aws("iam")
    policy = iam.get_policy(PolicyArn=it)["Policy"]
    found = iam.get_policy_version(PolicyArn=it, VersionId=policy["DefaultVersionId"])
    return found["PolicyVersion"]["Document"]


def holders(kind: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        found = aws("iam").list_entities_for_policy(PolicyArn=it)[f"Policy{kind}s"]
        return [each[f"{kind}Name"] for each in found]

    return look


def inline_of(kind: str, name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        listed = getattr(aws("iam"), f"list_{kind}_policies")
        return listed(**{f"{kind.capitalize()}Name": name})["PolicyNames"]

    return look


TAGS = [{"Key": "team", "Value": "sales"}, {"Key": "old", "Value": "1"}]
OTHER_TAGS = [{"Key": "team", "Value": "stock"}]
TAGGED = ({"team": "sales", "old": "1"}, {"team": "stock"})
KEYS = {
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}
TWO_KEYS = {
    **KEYS,
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "at", "AttributeType": "S"},
    ],
}
BY_ID = KEYS["KeySchema"]
BY_AT = [{"AttributeName": "at", "KeyType": "HASH"}]
BY_BOTH = [*BY_ID, {"AttributeName": "at", "KeyType": "RANGE"}]


def index(name: str, keys: Any = BY_AT) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}


def index_names(kind: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        return [each["IndexName"] for each in table(kind)(aws, it) or []]

    return look


def time_to_live(aws: Callable[[str], Any], it: str) -> Any:
    found = aws("dynamodb").describe_time_to_live(TableName=it)["TimeToLiveDescription"]
    return found["TimeToLiveStatus"], found.get("AttributeName")


def recovery(aws: Callable[[str], Any], it: str) -> Any:
    found = aws("dynamodb").describe_continuous_backups(TableName=it)
    described = found["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return described["PointInTimeRecoveryStatus"]


def table_tags(aws: Callable[[str], Any], it: str) -> Any:
    arn = table("TableArn")(aws, it)
    return Tags(aws("dynamodb").list_tags_of_resource(ResourceArn=arn)["Tags"])


D = "AWS::DynamoDB::Table"
TABLES = [
    Case(D, "TableName", "items", "goods", physical, base=KEYS),
    Case(
        D,
        "KeySchema",
        BY_BOTH,
        [BY_AT[0], {"AttributeName": "id", "KeyType": "RANGE"}],
        table("KeySchema"),
        base=TWO_KEYS,
    ),
    Case(
        D,
        "AttributeDefinitions",
        [{"AttributeName": "id", "AttributeType": "S"}],
        [{"AttributeName": "id", "AttributeType": "N"}],
        table("AttributeDefinitions"),
        base=KEYS,
    ),
    Case(
        D,
        "BillingMode",
        "PAY_PER_REQUEST",
        None,
        lambda aws, it: (table("BillingModeSummary")(aws, it) or {}).get("BillingMode"),
        ("PAY_PER_REQUEST", "PROVISIONED"),
        KEYS,
    ),
    Case(
        D,
        "ProvisionedThroughput",
        {"ReadCapacityUnits": "3", "WriteCapacityUnits": 4},
        {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
        lambda aws, it: table("ProvisionedThroughput")(aws, it)["ReadCapacityUnits"],
        shows=(3, 5),
        base={**KEYS, "BillingMode": "PROVISIONED"},
    ),
    Case(
        D,
        "GlobalSecondaryIndexes",
        [index("by-at"), index("old")],
        [index("by-at"), index("new")],
        index_names("GlobalSecondaryIndexes"),
        shows=(["by-at", "old"], ["by-at", "new"]),
        base=TWO_KEYS,
    ),
    Case(
        D,
        "LocalSecondaryIndexes",
        [index("one", BY_BOTH)],
        [index("two", BY_BOTH)],
        index_names("LocalSecondaryIndexes"),
        shows=(["one"], ["two"]),
        base={**TWO_KEYS, "KeySchema": BY_BOTH},
    ),
    Case(
        D,
        "StreamSpecification",
        {"StreamViewType": "NEW_IMAGE"},
        None,
        lambda aws, it: (table("StreamSpecification")(aws, it) or {}).get("StreamViewType"),
        shows=("NEW_IMAGE", None),
        base=KEYS,
    ),
    Case(
        D,
        "TimeToLiveSpecification",
        {"AttributeName": "gone", "Enabled": "true"},
        {"AttributeName": "until", "Enabled": True},
        time_to_live,
        shows=(("ENABLED", "gone"), ("ENABLED", "until")),
        base=KEYS,
    ),
    Case(
        D,
        "PointInTimeRecoverySpecification",
        {"PointInTimeRecoveryEnabled": True},
        None,
        recovery,
        shows=("ENABLED", "DISABLED"),
        base=KEYS,
    ),
    Case(
        D, "DeletionProtectionEnabled", True, False, table("DeletionProtectionEnabled"), base=KEYS
    ),
    Case(D, "Tags", TAGS, OTHER_TAGS, table_tags, TAGGED, KEYS),
]

Q = "AWS::SQS::Queue"
FIFO = {"FifoQueue": True}
DEAD = {"Dead": {"Type": Q, "Properties": {"QueueName": "dead"}}}
DEAD_ARN = ARN.format("sqs", "dead")


def as_json(look: Look) -> Look:
    def read(aws: Callable[[str], Any], it: str) -> Any:
        found = look(aws, it)
        return json.loads(found) if found else None

    return read


QUEUES = [
    Case(
        Q,
        "QueueName",
        "orders",
        "sales",
        lambda aws, it: it.rpartition("/")[2],
    ),
    Case(Q, "FifoQueue", True, None, queue("FifoQueue"), ("true", None)),
    Case(Q, "DelaySeconds", 5, None, queue("DelaySeconds"), ("5", "0")),
    Case(Q, "MaximumMessageSize", 2048, "4096", queue("MaximumMessageSize"), ("2048", "4096")),
    Case(Q, "MessageRetentionPeriod", 60, None, queue("MessageRetentionPeriod"), ("60", "345600")),
    Case(
        Q,
        "ReceiveMessageWaitTimeSeconds",
        20,
        None,
        queue("ReceiveMessageWaitTimeSeconds"),
        ("20", "0"),
    ),
    Case(Q, "VisibilityTimeout", 60, 0, queue("VisibilityTimeout"), ("60", "0")),
    Case(
        Q,
        "RedrivePolicy",
        {"deadLetterTargetArn": DEAD_ARN, "maxReceiveCount": 3},
        {"deadLetterTargetArn": DEAD_ARN, "maxReceiveCount": 5},
        as_json(queue("RedrivePolicy")),
        beside=DEAD,
    ),
    Case(
        Q,
        "ContentBasedDeduplication",
        True,
        None,
        queue("ContentBasedDeduplication"),
        ("true", "false"),
        FIFO,
    ),
    Case(
        Q,
        "DeduplicationScope",
        "messageGroup",
        None,
        queue("DeduplicationScope"),
        ("messageGroup", "queue"),
        FIFO,
    ),
    Case(
        Q,
        "FifoThroughputLimit",
        "perMessageGroupId",
        None,
        queue("FifoThroughputLimit"),
        ("perMessageGroupId", "perQueue"),
        {**FIFO, "DeduplicationScope": "messageGroup"},
    ),
    Case(Q, "KmsMasterKeyId", "alias/one", "alias/two", queue("KmsMasterKeyId")),
    Case(
        Q,
        "KmsDataKeyReusePeriodSeconds",
        60,
        None,
        queue("KmsDataKeyReusePeriodSeconds"),
        ("60", "300"),
        {"KmsMasterKeyId": "alias/one"},
    ),
    Case(Q, "SqsManagedSseEnabled", False, True, queue("SqsManagedSseEnabled"), ("false", "true")),
    Case(
        Q,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(aws("sqs").list_queue_tags(QueueUrl=it).get("Tags")),
        TAGGED,
    ),
]

T, S = "AWS::SNS::Topic", "AWS::SNS::Subscription"
SALES = {"Sales": {"Type": T, "Properties": {"TopicName": "sales"}}}
NEWS = {"News": {"Type": T, "Properties": {"TopicName": "news"}}}
SALES_ARN, NEWS_ARN = ARN.format("sns", "sales"), ARN.format("sns", "news")
SUBSCRIBED = {
    "TopicArn": {"Ref": "Sales"},
    "Protocol": "sqs",
    "Endpoint": {"Fn::GetAtt": ["Dead", "Arn"]},
}
WITH_TOPIC = {**SALES, **DEAD}


def endpoints(aws: Callable[[str], Any], it: str) -> Any:
    found = aws("sns").list_subscriptions_by_topic(TopicArn=it)["Subscriptions"]
    return sorted(each["Endpoint"] for each in found)


TOPICS = [
    Case(T, "TopicName", "a", "b", lambda aws, it: it.rpartition(":")[2]),
    Case(T, "DisplayName", "A", None, topic("DisplayName"), ("A", "")),
    Case(T, "FifoTopic", True, None, topic("FifoTopic"), ("true", None)),
    Case(
        T,
        "ContentBasedDeduplication",
        True,
        False,
        topic("ContentBasedDeduplication"),
        ("true", "false"),
        {"FifoTopic": True},
    ),
    Case(T, "KmsMasterKeyId", "alias/one", "alias/two", topic("KmsMasterKeyId")),
    Case(
        T,
        "Subscription",
        [{"Protocol": "sqs", "Endpoint": DEAD_ARN}],
        [{"Protocol": "sqs", "Endpoint": ARN.format("sqs", "other")}],
        endpoints,
        ([DEAD_ARN], [ARN.format("sqs", "other")]),
        beside={**DEAD, "Other": {"Type": Q, "Properties": {"QueueName": "other"}}},
    ),
    Case(
        T,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(aws("sns").list_tags_for_resource(ResourceArn=it)["Tags"]),
        TAGGED,
    ),
    Case(
        S,
        "TopicArn",
        SALES_ARN,
        NEWS_ARN,
        subscription("TopicArn"),
        base=SUBSCRIBED,
        beside={**WITH_TOPIC, **NEWS},
    ),
    Case(S, "Protocol", "sqs", "lambda", subscription("Protocol"), None, SUBSCRIBED, WITH_TOPIC),
    Case(
        S,
        "Endpoint",
        DEAD_ARN,
        ARN.format("sqs", "other"),
        subscription("Endpoint"),
        base=SUBSCRIBED,
        beside={**WITH_TOPIC, "Other": {"Type": Q, "Properties": {"QueueName": "other"}}},
    ),
    Case(
        S,
        "FilterPolicy",
        {"kind": ["sale"]},
        {"kind": ["return"]},
        as_json(subscription("FilterPolicy")),
        base=SUBSCRIBED,
        beside=WITH_TOPIC,
    ),
    Case(
        S,
        "FilterPolicyScope",
        "MessageBody",
        None,
        subscription("FilterPolicyScope"),
        ("MessageBody", "MessageAttributes"),
        {**SUBSCRIBED, "FilterPolicy": {"kind": ["sale"]}},
        WITH_TOPIC,
    ),
    Case(
        S,
        "RawMessageDelivery",
        True,
        None,
        subscription("RawMessageDelivery"),
        ("true", "false"),
        SUBSCRIBED,
        WITH_TOPIC,
    ),
    Case(
        S,
        "RedrivePolicy",
        {"deadLetterTargetArn": DEAD_ARN},
        None,
        as_json(subscription("RedrivePolicy")),
        base=SUBSCRIBED,
        beside=WITH_TOPIC,
    ),
]

M = "AWS::SecretsManager::Secret"
SECRETS = [
    Case(M, "Name", "a", "b", secret("Name")),
    Case(M, "Description", "a", "b", secret("Description")),
    Case(M, "KmsKeyId", "one", "two", secret("KmsKeyId")),
    Case(M, "SecretString", "open", "sesame", secret_value),
    Case(
        M,
        "GenerateSecretString",
        {"PasswordLength": 20, "ExcludePunctuation": "true"},
        {
            "PasswordLength": 30,
            "GenerateStringKey": "password",
            "SecretStringTemplate": '{"user": "ann"}',
        },
        lambda aws, it: (
            len(secret_value(aws, it))
            if it and not secret_value(aws, it).startswith("{")
            else (
                json.loads(secret_value(aws, it))["user"],
                len(json.loads(secret_value(aws, it))["password"]),
            )
        ),
        (20, ("ann", 30)),
    ),
    Case(M, "Tags", TAGS, OTHER_TAGS, lambda aws, it: Tags(secret("Tags")(aws, it)), TAGGED),
]

P = "AWS::SSM::Parameter"
PLAIN = {"Type": "String", "Value": "x"}


def stored_tags(aws: Callable[[str], Any], it: str) -> Any:
    found = aws("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=it)
    return Tags(found["TagList"])


PARAMETERS = [
    Case(P, "Name", "/a", "/b", physical, base=PLAIN),
    Case(P, "Type", "String", "StringList", stored("Type"), base=PLAIN),
    Case(P, "Value", "1", 2, stored_value, ("1", "2"), PLAIN),
    Case(P, "Description", "a", "b", stored("Description"), base=PLAIN),
    Case(P, "AllowedPattern", "[a-z]", "[x-z]", stored("AllowedPattern"), base=PLAIN),
    Case(
        P,
        "DataType",
        "text",
        "aws:ec2:image",
        stored("DataType"),
        base={**PLAIN, "Value": "ami-12345678"},
    ),
    Case(P, "Tier", "Standard", "Advanced", stored("Tier"), base=PLAIN),
    Case(P, "Tags", {"team": "sales", "old": "1"}, {"team": "stock"}, stored_tags, TAGGED, PLAIN),
]

L = "AWS::Logs::LogGroup"


def log_tags(aws: Callable[[str], Any], it: str) -> Any:
    arn = ARN.format("logs", f"log-group:{it}")
    return Tags(aws("logs").list_tags_for_resource(resourceArn=arn)["tags"])


LOGS = [
    Case(L, "LogGroupName", "/a", "/b", physical),
    Case(L, "RetentionInDays", "7", None, log_group("retentionInDays"), (7, None)),
    Case(L, "Tags", TAGS, OTHER_TAGS, log_tags, TAGGED),
]

R, I, G = "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
OTHER_TRUST = json.loads(json.dumps(TRUST).replace("lambda", "events"))
TRUSTED = {"AssumeRolePolicyDocument": TRUST}
SELLER = {"Seller": {"Type": R, "Properties": {**TRUSTED, "RoleName": "seller"}}}
BUYER = {"Buyer": {"Type": R, "Properties": {**TRUSTED, "RoleName": "buyer"}}}
READS = "arn:aws:iam::123456789012:policy/reads"
WRITES = "arn:aws:iam::123456789012:policy/writes"


def attached(aws: Callable[[str], Any], it: str) -> Any:
    found = aws("iam").list_attached_role_policies(RoleName=it)["AttachedPolicies"]
    return [each["PolicyArn"] for each in found]


def boundary(aws: Callable[[str], Any], it: str) -> Any:
    return (role("PermissionsBoundary")(aws, it) or {}).get("PermissionsBoundaryArn")


HELD = {"PolicyName": "sell", "PolicyDocument": POLICY, "Roles": [{"Ref": "Seller"}]}
WITH_ROLE = {**SELLER, **BUYER}
IAM = [
    Case(R, "RoleName", "a", "b", physical, base=TRUSTED),
    Case(R, "AssumeRolePolicyDocument", TRUST, OTHER_TRUST, role("AssumeRolePolicyDocument")),
    Case(R, "Description", "a", "b", role("Description"), base=TRUSTED),
    Case(R, "ManagedPolicyArns", [READS], [WRITES], attached, base=TRUSTED),
    Case(R, "MaxSessionDuration", 7200, None, role("MaxSessionDuration"), (7200, 3600), TRUSTED),
    Case(R, "Path", "/a/", "/b/", role("Path"), base=TRUSTED),
    Case(R, "PermissionsBoundary", READS, None, boundary, base=TRUSTED),
    Case(
        R,
        "Policies",
        [{"PolicyName": "a", "PolicyDocument": POLICY}],
        [{"PolicyName": "b", "PolicyDocument": POLICY}],
        lambda aws, it: aws("iam").list_role_policies(RoleName=it)["PolicyNames"],
        (["a"], ["b"]),
        TRUSTED,
    ),
    Case(
        R,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(role("Tags")(aws, it)),
        TAGGED,
        TRUSTED,
    ),
    Case(I, "PolicyName", "a", "b", inline, ({"a": POLICY}, {"b": POLICY}), HELD, SELLER),
    Case(
        I,
        "PolicyDocument",
        POLICY,
        OTHER_POLICY,
        inline,
        ({"sell": POLICY}, {"sell": OTHER_POLICY}),
        HELD,
        SELLER,
    ),
    Case(
        I,
        "Roles",
        [{"Ref": "Seller"}],
        [{"Ref": "Buyer"}],
        lambda aws, it: [inline_of("role", name)(aws, it) for name in ("seller", "buyer")],
        ([["sell"], []], [[], ["sell"]]),
        HELD,
        WITH_ROLE,
    ),
    Case(I, "Users", ["ann"], [], inline_of("user", "ann"), (["sell"], []), HELD, SELLER),
    Case(I, "Groups", ["staff"], [], inline_of("group", "staff"), (["sell"], []), HELD, SELLER),
    Case(
        G,
        "ManagedPolicyName",
        "a",
        "b",
        lambda aws, it: it.rpartition("/")[2],
        base={"PolicyDocument": POLICY},
    ),
    Case(
        G,
        "Description",
        "a",
        "b",
        lambda aws, it: aws("iam").get_policy(PolicyArn=it)["Policy"]["Description"],
        base={"PolicyDocument": POLICY},
    ),
    Case(
        G,
        "Path",
        "/a/",
        "/b/",
        lambda aws, it: aws("iam").get_policy(PolicyArn=it)["Policy"]["Path"],
        base={"PolicyDocument": POLICY},
    ),
    Case(G, "PolicyDocument", POLICY, OTHER_POLICY, managed),
    Case(
        G,
        "Roles",
        [{"Ref": "Seller"}],
        [{"Ref": "Buyer"}],
        holders("Role"),
        (["seller"], ["buyer"]),
        {"PolicyDocument": POLICY},
        WITH_ROLE,
    ),
    Case(G, "Users", ["ann"], [], holders("User"), base={"PolicyDocument": POLICY}),
    Case(G, "Groups", ["staff"], [], holders("Group"), base={"PolicyDocument": POLICY}),
]

E, B = "AWS::Events::Rule", "AWS::Events::EventBus"
DAILY = {"ScheduleExpression": "rate(1 day)"}
BUS = {"Bus": {"Type": B, "Properties": {"Name": "shop"}}}
PATTERN = {"source": ["shop"]}


def targets(aws: Callable[[str], Any], it: str) -> Any:
    found = aws("events").list_targets_by_rule(Rule=it)["Targets"]
    return {each["Id"]: each for each in found}


def rule_tags(aws: Callable[[str], Any], it: str) -> Any:
    arn = rule("Arn")(aws, it)
    return Tags(aws("events").list_tags_for_resource(ResourceARN=arn)["Tags"])


def bus_tags(aws: Callable[[str], Any], it: str) -> Any:
    arn = ARN.format("events", f"event-bus/{it}")
    return Tags(aws("events").list_tags_for_resource(ResourceARN=arn)["Tags"])


TARGET = {
    "Id": "a",
    "Arn": DEAD_ARN,
    "InputTransformer": {"InputPathsMap": {"x": "$.detail"}, "InputTemplate": "<x>"},
    "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60},
    "DeadLetterConfig": {"Arn": DEAD_ARN},
}
OTHER_TARGET = {"Id": "b", "Arn": DEAD_ARN, "Input": "{}"}
EVENTS = [
    Case(E, "Name", "a", "b", physical, base=DAILY),
    Case(E, "Description", "a", "b", rule("Description"), base=DAILY),
    Case(
        E,
        "EventBusName",
        {"Ref": "Bus"},
        None,
        rule("EventBusName"),
        ("shop", "default"),
        {"EventPattern": PATTERN},
        BUS,
    ),
    Case(E, "EventPattern", PATTERN, {"source": ["till"]}, as_json(rule("EventPattern"))),
    Case(E, "ScheduleExpression", "rate(1 day)", "rate(2 days)", rule("ScheduleExpression")),
    Case(E, "State", "DISABLED", None, rule("State"), ("DISABLED", "ENABLED"), DAILY),
    Case(
        E,
        "RoleArn",
        "arn:aws:iam::123456789012:role/a",
        "arn:aws:iam::123456789012:role/b",
        rule("RoleArn"),
        base=DAILY,
    ),
    Case(
        E,
        "Targets",
        [TARGET],
        [OTHER_TARGET],
        targets,
        ({"a": TARGET}, {"b": OTHER_TARGET}),
        DAILY,
        DEAD,
    ),
    Case(E, "Tags", TAGS, OTHER_TAGS, rule_tags, TAGGED, DAILY),
    Case(B, "Name", "a", "b", physical),
    Case(B, "Tags", TAGS, OTHER_TAGS, bus_tags, TAGGED, {"Name": "shop"}),
]


def bucket(call: str, *path: Any) -> Look:
    """What one of S3's GetBucket… calls says; None where S3 says that there is none."""

    def look(aws: Callable[[str], Any], it: str) -> Any:
        try:
            found = getattr(aws("s3"), f"get_{call}")(Bucket=it)
        except aws("s3").exceptions.ClientError:
            return None
        for step in path:
            found = found.get(step) if isinstance(found, dict) else found[step]
            if found is None:
                return None
        return found

    return look


K, N = "AWS::S3::Bucket", "AWS::S3::BucketPolicy"
PHOTOS = {"Photos": {"Type": K, "Properties": {"BucketName": "photos"}}}
OTHERS = {"Others": {"Type": K, "Properties": {"BucketName": "others"}}}
QUEUE_CONFIGURATION = {"Event": "s3:ObjectCreated:*", "Queue": DEAD_ARN}


def notified(aws: Callable[[str], Any], it: str) -> Any:
    found = aws("s3").get_bucket_notification_configuration(Bucket=it)
    shown = {}
    for name in ("QueueConfigurations", "TopicConfigurations", "LambdaFunctionConfigurations"):
        for each in found.get(name, []):
            [target] = [value for key, value in each.items() if key.endswith("Arn")]
            rules = each.get("Filter", {}).get("Key", {}).get("FilterRules", [])
            shown[name] = (target, each["Events"], [rule["Value"] for rule in rules])
    return shown


def encrypted(aws: Callable[[str], Any], it: str) -> Any:
    found = bucket(
        "bucket_encryption",
        "ServerSideEncryptionConfiguration",
        "Rules",
        0,
        "ApplyServerSideEncryptionByDefault",
    )(aws, it)
    return (found or {}).get("SSEAlgorithm")


BUCKETS = [
    Case(K, "BucketName", "a-bucket", "b-bucket", physical),
    Case(
        K,
        "VersioningConfiguration",
        {"Status": "Enabled"},
        None,
        bucket("bucket_versioning", "Status"),
        ("Enabled", "Suspended"),
    ),
    Case(
        K,
        "NotificationConfiguration",
        {
            "QueueConfigurations": [
                {
                    **QUEUE_CONFIGURATION,
                    "Filter": {"S3Key": {"Rules": [{"Name": "suffix", "Value": ".png"}]}},
                }
            ],
            "TopicConfigurations": [{"Event": "s3:ObjectRemoved:*", "Topic": SALES_ARN}],
            "LambdaConfigurations": [
                {"Event": "s3:ObjectCreated:Put", "Function": ARN.format("lambda", "function:x")}
            ],
        },
        {"TopicConfigurations": [{"Event": "s3:ObjectCreated:*", "Topic": SALES_ARN}]},
        notified,
        (
            {
                "QueueConfigurations": (DEAD_ARN, ["s3:ObjectCreated:*"], [".png"]),
                "TopicConfigurations": (SALES_ARN, ["s3:ObjectRemoved:*"], []),
                "LambdaFunctionConfigurations": (
                    ARN.format("lambda", "function:x"),
                    ["s3:ObjectCreated:Put"],
                    [],
                ),
            },
            {"TopicConfigurations": (SALES_ARN, ["s3:ObjectCreated:*"], [])},
        ),
        beside=WITH_TOPIC,
    ),
    Case(
        K,
        "CorsConfiguration",
        {
            "CorsRules": [
                {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAge": 60, "Id": "all"}
            ]
        },
        None,
        bucket("bucket_cors", "CORSRules", 0, "MaxAgeSeconds"),
        (60, None),
    ),
    Case(
        K,
        "LifecycleConfiguration",
        {
            "Rules": [
                {
                    "Id": "tidy",
                    "Status": "Enabled",
                    "Prefix": "old/",
                    "ExpirationInDays": 7,
                    "TagFilters": [{"Key": "keep", "Value": "no"}],
                    "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 3}],
                }
            ]
        },
        None,
        bucket("bucket_lifecycle_configuration", "Rules", 0, "Expiration", "Days"),
        (7, None),
    ),
    Case(
        K,
        "PublicAccessBlockConfiguration",
        {"BlockPublicAcls": True, "RestrictPublicBuckets": True},
        None,
        bucket("public_access_block", "PublicAccessBlockConfiguration", "BlockPublicAcls"),
        (True, None),
    ),
    Case(
        K,
        "BucketEncryption",
        {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
            ]
        },
        {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            ]
        },
        encrypted,
        ("aws:kms", "AES256"),
    ),
    Case(
        K,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(bucket("bucket_tagging", "TagSet")(aws, it)),
        TAGGED,
    ),
    Case(
        N,
        "Bucket",
        {"Ref": "Photos"},
        {"Ref": "Others"},
        lambda aws, it: [
            bucket("bucket_policy", "Policy")(aws, name) is not None
            for name in ("photos", "others")
        ],
        ([True, False], [False, True]),
        {"PolicyDocument": POLICY},
        {**PHOTOS, **OTHERS},
    ),
    Case(
        N,
        "PolicyDocument",
        POLICY,
        OTHER_POLICY,
        as_json(bucket("bucket_policy", "Policy")),
        base={"Bucket": {"Ref": "Photos"}},
        beside=PHOTOS,
    ),
]


def policies_of_queues(aws: Callable[[str], Any], it: str) -> Any:
    sqs = aws("sqs")
    urls = [sqs.get_queue_url(QueueName=name)["QueueUrl"] for name in ("dead", "other")]
    return [as_json(queue("Policy"))(aws, url) for url in urls]


def actions_on_topics(aws: Callable[[str], Any], it: str) -> Any:
    policies = [json.loads(topic("Policy")(aws, arn)) for arn in (SALES_ARN, NEWS_ARN)]
    return [policy["Statement"][0]["Action"] == "sqs:SendMessage" for policy in policies]


V, W = "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"
OTHER = {"Other": {"Type": Q, "Properties": {"QueueName": "other"}}}
POLICIES = [
    Case(
        V,
        "Queues",
        [{"Ref": "Dead"}],
        [{"Ref": "Other"}],
        policies_of_queues,
        ([POLICY, None], [None, POLICY]),
        {"PolicyDocument": POLICY},
        {**DEAD, **OTHER},
    ),
    Case(
        V,
        "PolicyDocument",
        POLICY,
        OTHER_POLICY,
        policies_of_queues,
        ([POLICY, None], [OTHER_POLICY, None]),
        {"Queues": [{"Ref": "Dead"}]},
        {**DEAD, **OTHER},
    ),
    Case(
        W,
        "Topics",
        [{"Ref": "Sales"}],
        [{"Ref": "News"}],
        actions_on_topics,
        ([True, False], [False, True]),
        {"PolicyDocument": POLICY},
        {**SALES, **NEWS},
    ),
    Case(
        W,
        "PolicyDocument",
        POLICY,
        OTHER_POLICY,
        actions_on_topics,
        ([True, False], [False, False]),
        {"Topics": [{"Ref": "Sales"}]},
        {**SALES, **NEWS},
    ),
]

# ── Kinesis ─────────────────────────────────────────────────────────────────────────────────

KS = "AWS::Kinesis::Stream"
SHARDED = {"ShardCount": 2}


def kinesis(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        found = aws("kinesis").describe_stream_summary(StreamName=it)
        return found["StreamDescriptionSummary"].get(name)

    return look


STREAMS = [
    Case(KS, "Name", "clicks", "taps", physical, base=SHARDED),
    Case(KS, "ShardCount", 2, 3, kinesis("OpenShardCount")),
    Case(
        KS,
        "StreamModeDetails",
        {"StreamMode": "ON_DEMAND"},
        None,
        kinesis("StreamModeDetails"),
        ({"StreamMode": "ON_DEMAND"}, {"StreamMode": "PROVISIONED"}),
        base_then={"ShardCount": 4},
    ),
    Case(KS, "RetentionPeriodHours", 48, None, kinesis("RetentionPeriodHours"), (48, 24), SHARDED),
    Case(
        KS,
        "StreamEncryption",
        {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
        None,
        kinesis("EncryptionType"),
        ("KMS", "NONE"),
        SHARDED,
    ),
    Case(
        KS,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(aws("kinesis").list_tags_for_stream(StreamName=it)["Tags"]),
        TAGGED,
        SHARDED,
    ),
]

A, X = "AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping"
ALLOWED = {
    "Action": "lambda:InvokeFunction",
    "FunctionName": "seller",
    "Principal": "s3.amazonaws.com",
}
POLLED = {"EventSourceArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "FunctionName": "seller"}
STREAMED = {
    "EventSourceArn": {"Fn::GetAtt": ["Items", "StreamArn"]},
    "FunctionName": "seller",
    "StartingPosition": "LATEST",
}
ITEMS = {
    "Items": {
        "Type": D,
        "Properties": {
            **KEYS,
            "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
        },
    }
}


def has_statement(function: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        try:
            policy = aws("lambda").get_policy(FunctionName=function)["Policy"]
        except aws("lambda").exceptions.ResourceNotFoundException:
            return False
        return any(each["Sid"] == it for each in json.loads(policy)["Statement"])

    return look


def name_of(look: Look) -> Look:
    return lambda aws, it: look(aws, it).rpartition(":")[2]


FUNCTIONS = [
    Case(
        A,
        "Action",
        "lambda:InvokeFunction",
        "lambda:GetFunction",
        statement("Action"),
        base=ALLOWED,
    ),
    Case(
        A,
        "FunctionName",
        "seller",
        "buyer",
        lambda aws, it: [has_statement(name)(aws, it) for name in ("seller", "buyer")],
        ([True, False], [False, True]),
        ALLOWED,
    ),
    Case(
        A,
        "Principal",
        "s3.amazonaws.com",
        "sns.amazonaws.com",
        lambda aws, it: statement("Principal")(aws, it)["Service"],
        base=ALLOWED,
    ),
    Case(
        A,
        "SourceArn",
        "arn:aws:s3:::a",
        None,
        lambda aws, it: (statement("Condition")(aws, it) or {}).get("ArnLike"),
        ({"AWS:SourceArn": "arn:aws:s3:::a"}, None),
        ALLOWED,
    ),
    Case(
        A,
        "SourceAccount",
        "123456789012",
        None,
        lambda aws, it: (statement("Condition")(aws, it) or {}).get("StringEquals"),
        ({"AWS:SourceAccount": "123456789012"}, None),
        ALLOWED,
    ),
    Case(
        X,
        "EventSourceArn",
        DEAD_ARN,
        ARN.format("sqs", "other"),
        mapping("EventSourceArn"),
        base=POLLED,
        beside={**DEAD, **OTHER},
    ),
    Case(
        X,
        "FunctionName",
        "seller",
        "buyer",
        name_of(mapping("FunctionArn")),
        base=POLLED,
        beside=DEAD,
    ),
    Case(X, "BatchSize", 5, 7, mapping("BatchSize"), base=POLLED, beside=DEAD),
    Case(X, "Enabled", False, True, mapping("State"), ("Disabled", "Enabled"), POLLED, DEAD),
    Case(
        X,
        "FilterCriteria",
        {"Filters": [{"Pattern": '{"a": [1]}'}]},
        {"Filters": [{"Pattern": '{"a": [2]}'}]},
        mapping("FilterCriteria"),
        base=POLLED,
        beside=DEAD,
    ),
    Case(
        X,
        "FunctionResponseTypes",
        ["ReportBatchItemFailures"],
        [],
        mapping("FunctionResponseTypes"),
        base=POLLED,
        beside=DEAD,
    ),
    Case(
        X,
        "MaximumBatchingWindowInSeconds",
        5,
        7,
        mapping("MaximumBatchingWindowInSeconds"),
        base=POLLED,
        beside=DEAD,
    ),
    Case(
        X,
        "ScalingConfig",
        {"MaximumConcurrency": 3},
        None,
        mapping("ScalingConfig"),
        ({"MaximumConcurrency": 3}, {}),
        POLLED,
        DEAD,
    ),
    Case(
        X,
        "BisectBatchOnFunctionError",
        True,
        None,
        mapping("BisectBatchOnFunctionError"),
        (True, False),
        STREAMED,
        ITEMS,
    ),
    Case(
        X,
        "MaximumRecordAgeInSeconds",
        60,
        None,
        mapping("MaximumRecordAgeInSeconds"),
        (60, -1),
        STREAMED,
        ITEMS,
    ),
    Case(
        X,
        "MaximumRetryAttempts",
        3,
        None,
        mapping("MaximumRetryAttempts"),
        (3, -1),
        STREAMED,
        ITEMS,
    ),
    Case(
        X,
        "DestinationConfig",
        {"OnFailure": {"Destination": DEAD_ARN}},
        None,
        mapping("DestinationConfig"),
        ({"OnFailure": {"Destination": DEAD_ARN}}, {"OnFailure": {}}),
        STREAMED,
        {**DEAD, **ITEMS},
    ),
    Case(
        X,
        "StartingPosition",
        "LATEST",
        "TRIM_HORIZON",
        mapping("StartingPosition"),
        base=STREAMED,
        beside=ITEMS,
    ),
]

CASES = [
    *TABLES,
    *QUEUES,
    *TOPICS,
    *SECRETS,
    *PARAMETERS,
    *LOGS,
    *STREAMS,
    *IAM,
    *EVENTS,
    *BUCKETS,
    *POLICIES,
    *FUNCTIONS,
    *LAYERS,
]


@pytest.fixture
def people(aws: Callable[[str], Any], fresh: None) -> None:
    """What cases refer to and stacks cannot make."""
    aws("iam").create_user(UserName="ann")
    aws("iam").create_group(GroupName="staff")
    for name in ("reads", "writes"):
        aws("iam").create_policy(PolicyName=name, PolicyDocument=json.dumps(POLICY))


@pytest.fixture
def functions(aws: Callable[[str], Any], fresh: None) -> None:
    """Two functions, seller and buyer, and a bucket of code for layers."""
    role_arn = aws("iam").create_role(RoleName="runs", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): ...")
    for name in ("seller", "buyer"):
        aws("lambda").create_function(
            FunctionName=name,
            Runtime="python3.11",
            Role=role_arn,
            Handler="app.handler",
            Code={"ZipFile": code.getvalue()},
        )
    aws("s3").create_bucket(Bucket="layers")
    for length, key in enumerate(("one.zip", "two.zip"), 1):
        aws("s3").put_object(Bucket="layers", Key=key, Body=b"x" * length)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_property_shows_when_it_is_set_and_when_it_is_changed(shop, aws, request, case):
    request.getfixturevalue("functions" if "Lambda" in case.type else "people")
    may = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}
    first, then = case.expected

    template, *changed = case.templates()
    assert shop.create(template, **may)["StackStatus"] == "CREATE_COMPLETE", shop.failures()
    assert case.look(aws, shop.resource("It")) == first
    for another in changed:
        assert shop.update(another, **may)["StackStatus"] == "UPDATE_COMPLETE", shop.failures()
    assert case.look(aws, shop.resource("It")) == then
    assert shop.delete()["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.name == "Tags" and TYPES[case.type].schema.takes_own_tags],
    ids=lambda case: case.type,
)
def test_what_can_be_tagged_names_its_stack(shop, aws, case, people):
    stack = shop.create(case.templates()[0], Capabilities=["CAPABILITY_NAMED_IAM"])
    assert case.look(aws, shop.resource("It")).own == {
        "aws:cloudformation:stack-name": "shop",
        "aws:cloudformation:stack-id": stack["StackId"],
        "aws:cloudformation:logical-id": "It",
    }


def test_a_bucket_tells_eventbridge_what_happens_in_it(shop, aws):
    shop.create(
        {
            "Resources": {
                "Inbox": {"Type": Q},
                "Rule": {
                    "Type": E,
                    "Properties": {
                        "EventPattern": {"source": ["aws.s3"]},
                        "Targets": [{"Id": "inbox", "Arn": {"Fn::GetAtt": ["Inbox", "Arn"]}}],
                    },
                },
                "Photos": {
                    "Type": K,
                    "Properties": {
                        "NotificationConfiguration": {
                            "EventBridgeConfiguration": {"EventBridgeEnabled": True}
                        }
                    },
                },
            }
        }
    )
    aws("s3").put_object(Bucket=shop.resource("Photos"), Key="cat.png", Body=b"meow")
    [message] = aws("sqs").receive_message(QueueUrl=shop.resource("Inbox"))["Messages"]
    assert json.loads(message["Body"])["detail"]["object"]["key"] == "cat.png"


ENCRYPTED = {"SSEEnabled": True, "SSEType": "KMS"}


def test_a_table_is_made_with_encryption(shop, aws):
    shop.create(
        {"Resources": {"It": {"Type": D, "Properties": {**KEYS, "SSESpecification": ENCRYPTED}}}}
    )
    assert table("SSEDescription")(aws, shop.resource("It"))["Status"] == "ENABLED"


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("SSESpecification", ENCRYPTED, {"SSEEnabled": False}),
        ("StreamSpecification", {"StreamViewType": "KEYS_ONLY"}, {"StreamViewType": "NEW_IMAGE"}),
    ],
)
def test_what_cannot_be_changed_here_is_refused_by_name_and_nothing_is_lost(
    shop, aws, name, first, then
):
    def made(value):
        return {"Resources": {"It": {"Type": D, "Properties": {**KEYS, name: value}}}}

    shop.create(made(first))
    before = aws("dynamodb").describe_table(TableName=shop.resource("It"))["Table"]
    assert shop.update(made(then))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert shop.failures()["It"] == f"The local cloud cannot change {name} of a table that is there"
    assert aws("dynamodb").describe_table(TableName=shop.resource("It"))["Table"] == before


def test_every_accepted_property_has_a_case():
    accepted = {(name, key) for name, kind in TYPES.items() for key in kind.schema.properties}
    tested = {(case.type, case.name) for case in (*CASES, *IN_THE_CLOUD, *API_CASES)} | {
        (D, "SSESpecification")
    }
    assert tested == accepted


# ── held against the schemas that AWS publishes, as cfn-lint carries them ────────────────────


def published(kind: str) -> dict[str, Any]:
    schemas = Path(cfnlint.__file__).parent / "data" / "schemas"
    named = json.loads((schemas / "providers" / "us-east-1.json").read_text())[kind]
    return json.loads((schemas / "resources" / f"{named}.json").read_text())


def tops(pointers: list[str] | None) -> set[str]:
    return {pointer.split("/")[2] for pointer in pointers or []}


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_is_what_aws_publishes(kind):
    ours, theirs = TYPES[kind].schema, published(kind)
    names = set(theirs["properties"])
    settable = names - tops(theirs.get("readOnlyProperties"))
    assert set(ours.properties) <= settable
    assert set(ours.required) == set(theirs.get("required", []))
    replaced = tops(theirs.get("createOnlyProperties"))
    sometimes = tops(theirs.get("conditionalCreateOnlyProperties"))
    assert replaced & set(ours.properties) <= set(ours.replaces)
    assert set(ours.replaces) <= replaced | sometimes | BY_DOCUMENTATION.get(kind, set())


# "Update requires: Replacement" in the template reference, where the schema does not say so.
BY_DOCUMENTATION: dict[str, set[str]] = {"AWS::DynamoDB::Table": {"LocalSecondaryIndexes"}}
