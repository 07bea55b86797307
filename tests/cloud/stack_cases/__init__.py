"""What each resource type accepts, case by case: a property, two values of it, and how it shows.

One module a service, named as in workbook/cloud/stacks/types/, each with its CASES. case.py says
what a case is, given.py what resources of several services are given.
"""

from __future__ import annotations

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
    layers,
    logs,
    policies,
    s3,
    secretsmanager,
    sns,
    sqs,
    ssm,
)
from .case import Case, Look, Tags

# What shows in the state that moto keeps …
ON_MOTO: list[Case] = [
    *awslambda.CASES,
    *dynamodb.CASES,
    *events.CASES,
    *iam.CASES,
    *iam_policies.CASES,
    *kinesis.CASES,
    *layers.CASES,
    *logs.CASES,
    *policies.CASES,
    *s3.CASES,
    *secretsmanager.CASES,
    *sns.CASES,
    *sqs.CASES,
    *ssm.CASES,
]
# … and what shows in the cloud that runs it.
IN_THE_CLOUD: list[Case] = [
    *apigateway.CASES,
    *apigateway_keys.CASES,
    *apigateway_methods.CASES,
    *apigateway_stages.CASES,
    *apigatewayv2.CASES,
    *function_versions.CASES,
    *functions.CASES,
    *kinesis.READERS,
]

__all__ = ["IN_THE_CLOUD", "ON_MOTO", "Case", "Look", "Tags"]
