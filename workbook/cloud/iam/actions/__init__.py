"""Which permissions a request needs: actions and resources, as the Service Authorization Reference
lists them.

    dynamodb.py   tables, indexes, streams; batches and transactions item by item
    s3.py         buckets and objects, whose actions rarely have their operation's name
    messaging.py  SQS, SNS, EventBridge
    streams.py    Kinesis
    secrets.py    Secrets Manager, Parameter Store
    stacks.py     CloudFormation
    lambdas.py    functions, layers, event source mappings, and the roles they are given
    accounts.py   IAM, STS, API Gateway, websocket connections, CloudWatch Logs

An operation of any other service needs `service:Operation` on `*`, so that somebody who is not the
administrator may call it only under a policy that allows it on every resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workbook.cloud.iam.actions import (
    accounts,
    dynamodb,
    lambdas,
    messaging,
    s3,
    secrets,
    stacks,
    streams,
)
from workbook.cloud.iam.actions.names import Names
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request

__all__ = ["Names", "needs"]


def needs(request: Request, names: Names) -> list[Need]:
    """The permissions that a request needs, every one of them.

    Args:
        names: what has to be looked up about the resources it names.

    Raises:
        NotEmulated: this cloud cannot tell.
    """
    service = _SERVICES.get(request.service)
    if service is None:
        return [Need(f"{request.service}:{request.operation or request.method}")]
    return list(service(request, names))


_SERVICES: dict[str, Callable[[Request, Names], Iterable[Need]]] = {
    "apigateway": accounts.api_gateway,
    "cloudformation": stacks.cloudformation,
    "dynamodb": dynamodb.needs,
    "events": messaging.events,
    "execute-api": accounts.connections,
    "iam": accounts.iam,
    "kinesis": streams.kinesis,
    "lambda": lambdas.needs,
    "logs": accounts.logs,
    "s3": s3.needs,
    "secretsmanager": secrets.secrets_manager,
    "sns": messaging.sns,
    "sqs": messaging.sqs,
    "ssm": secrets.parameter_store,
    "sts": accounts.sts,
}
