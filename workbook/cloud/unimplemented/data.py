"""What keeps data: tables, buckets, secrets, parameters, logs, alarms."""

from __future__ import annotations

import re

from workbook.cloud.missing import Missing

from .entry import Parameters, Unimplemented, has, route


def _own_logs(parameters: Parameters) -> object:
    """Each line that such a function writes would run it again, for ever."""
    function = parameters.get("destinationArn", "").partition(":function:")[2].partition(":")[0]
    return function and parameters.get("logGroupName") == f"/aws/lambda/{function}"


TABLE: tuple[Unimplemented, ...] = (
    Unimplemented(Missing.GLOBAL_TABLES, "dynamodb", "CreateGlobalTable"),
    Unimplemented(Missing.GLOBAL_TABLES, "dynamodb", "UpdateTable", asks=has("ReplicaUpdates")),
    Unimplemented(Missing.TABLE_EXPORTS, "dynamodb", "ExportTableToPointInTime"),
    Unimplemented(Missing.TABLE_IMPORTS, "dynamodb", "ImportTable"),
    Unimplemented(Missing.TABLE_KINESIS, "dynamodb", "EnableKinesisStreamingDestination"),
    Unimplemented(Missing.REPLICATION, "s3", route=route(r"PUT /[^/?]+/?\?(.*&)?replication\b.*")),
    Unimplemented(Missing.WEBSITES, "s3", route=route(r"PUT /[^/?]+/?\?(.*&)?website\b.*")),
    Unimplemented(Missing.S3_SELECT, "s3", route=route(r"POST /[^?]+\?(.*&)?select\b.*")),
    Unimplemented(Missing.SECRET_REPLICAS, "secretsmanager", "ReplicateSecretToRegions"),
    Unimplemented(
        Missing.SECRET_REPLICAS, "secretsmanager", "CreateSecret", asks=has("AddReplicaRegions")
    ),
    Unimplemented(Missing.COMMANDS, "ssm", "SendCommand"),
    Unimplemented(Missing.PARAMETER_POLICIES, "ssm", "PutParameter", asks=has("Policies")),
    Unimplemented(
        Missing.LOG_DESTINATIONS,
        "logs",
        "PutSubscriptionFilter",
        asks=lambda body: (
            not re.match(r"arn:[^:]*:(lambda|kinesis):", body.get("destinationArn", ""))
        ),
    ),
    Unimplemented(Missing.OWN_LOGS, "logs", "PutSubscriptionFilter", asks=_own_logs),
    Unimplemented(Missing.METRIC_FILTERS, "logs", "PutMetricFilter"),
    Unimplemented(Missing.ALARMS, "monitoring", "PutMetricAlarm"),
    Unimplemented(Missing.ALARMS, "monitoring", "PutCompositeAlarm"),
)
