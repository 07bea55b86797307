"""The resource types that a stack can hold, one small module for each service.

Each type is a ResourceType (protocol.py), described by a Schema (schema.py) whose properties are a
shape (shapes.py): what it does not list fails the stack by name, so that no property is taken and
then forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    apigateway,
    apigateway_keys,
    apigateway_methods,
    apigateway_stages,
    apigatewayv2,
    awslambda,
    dynamodb,
    events,
    function_versions,
    functions,
    iam,
    iam_policies,
    kinesis,
    logs,
    policies,
    s3,
    secretsmanager,
    sns,
    sqs,
    ssm,
)
from .protocol import Context, ResourceType
from .schema import Properties, Schema

_ALL: tuple[ResourceType, ...] = (
    apigateway.RestApi(),
    apigateway_keys.ApiKey(),
    apigateway_keys.UsagePlan(),
    apigateway_keys.UsagePlanKey(),
    apigateway_methods.Authorizer(),
    apigateway_methods.Method(),
    apigateway_methods.Resource(),
    apigateway_stages.Deployment(),
    apigateway_stages.Stage(),
    apigatewayv2.Api(),
    apigatewayv2.Deployment(),
    apigatewayv2.Integration(),
    apigatewayv2.Route(),
    apigatewayv2.Stage(),
    awslambda.EventSourceMapping(),
    awslambda.Permission(),
    dynamodb.Table(),
    events.EventBus(),
    events.Rule(),
    function_versions.Alias(),
    function_versions.LayerVersion(),
    function_versions.Version(),
    functions.Function(),
    iam.Role(),
    iam_policies.ManagedPolicy(),
    iam_policies.Policy(),
    kinesis.Stream(),
    logs.LogGroup(),
    policies.BucketPolicy(),
    policies.QueuePolicy(),
    policies.TopicPolicy(),
    s3.Bucket(),
    secretsmanager.Secret(),
    sns.Subscription(),
    sns.Topic(),
    sqs.Queue(),
    ssm.Parameter(),
)

TYPES: Mapping[str, ResourceType] = {each.schema.type: each for each in _ALL}

__all__ = ["TYPES", "Context", "Properties", "ResourceType", "Schema"]
