"""What keeps data: tables, streams, queues, buckets, secrets, parameters, logs, alarms."""

from __future__ import annotations

from workbook.cloud.missing import Missing

from .given import ARN, ROLE, Call

TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/t"


def subscription(destination: str, group: str = "shop") -> Call:
    parameters = {"logGroupName": group, "filterName": "all", "filterPattern": ""}
    return "logs", "put_subscription_filter", {**parameters, "destinationArn": destination}


CALLS: dict[Missing, list[Call]] = {
    Missing.FAN_OUT: [
        (
            "kinesis",
            "register_stream_consumer",
            {
                "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "ConsumerName": "c",
            },
        ),
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
        ("dynamodb", "export_table_to_point_in_time", {"TableArn": TABLE_ARN, "S3Bucket": "b"}),
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
        ),
    ],
    Missing.TABLE_KINESIS: [
        (
            "dynamodb",
            "enable_kinesis_streaming_destination",
            {
                "TableName": "stock",
                "StreamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/long-enough-for-the-model",
            },
        ),
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
        ),
    ],
    Missing.WEBSITES: [
        (
            "s3",
            "put_bucket_website",
            {
                "Bucket": "shelf",
                "WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}},
            },
        ),
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
        ),
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
    Missing.COMMANDS: [
        ("ssm", "send_command", {"DocumentName": "AWS-RunShellScript"}),
    ],
    Missing.PARAMETER_POLICIES: [
        ("ssm", "put_parameter", {"Name": "p", "Value": "v", "Policies": "[{}]"}),
    ],
    Missing.LOG_DESTINATIONS: [
        subscription("arn:aws:firehose:us-east-1:123456789012:deliverystream/d"),
        subscription("arn:aws:logs:us-east-1:123456789012:destination:d"),
    ],
    Missing.OWN_LOGS: [
        subscription(ARN, f"/aws/lambda/{ARN.rpartition(':')[2]}"),
    ],
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
        ),
    ],
    Missing.UNKNOWN_CALLS: [
        ("sqs", "start_message_move_task", {"SourceArn": "arn:aws:sqs:us-east-1:1:q"}),
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
