"""Every place where moto is extended, and nothing else: the only code that replaces moto's.

A seam (seam.py) names the function it replaces, what moto does there that a local cloud cannot
use, and a fragment of moto's source that this reasoning rests on. The tests hold each against the
moto that is installed, and say plainly which one an upgrade has moved.

    emulator.py ─▶ lay_seams(hooks)
                      ▼
                   laying.py       waits for moto to import a module, and lays that module's seams
                      │            postponed.py: what moto need not import for that
                      ▼
    a call ─▶ moto ─▶ a replacement ─▶ hooks.py: Hooks, which workbook.cloud.hooks implements

Each service has a module, named as moto names it, perhaps with a topic behind:

    core                every service
    apigateway          REST APIs: documents, what is not there
    apigateway_patches  REST APIs, stages and usage plans: patch operations
    apigatewayv2        WebSocket APIs
    awslambda           functions and layers
    awslambda_mappings  event source mappings
    dynamodb            conditions and writes in one step, streams
    events              EventBridge: rules and targets
    iam                 AWS's own policies
    kinesis             shards, and the order of their records
    logs                subscriptions and filter patterns
    s3                  notifications
    sns                 topics and subscriptions
    sqs                 queues, FIFO queues

None of them imports moto before moto is there: what a replacement needs of it, it imports itself.
Reading moto's state is mirror.py's job; documents for REST APIs are rest_apis.py's.
"""

from __future__ import annotations

from . import (
    apigateway,
    apigateway_patches,
    apigatewayv2,
    awslambda,
    awslambda_mappings,
    core,
    dynamodb,
    events,
    iam,
    kinesis,
    logs,
    s3,
    sns,
    sqs,
)
from .hooks import Hooks
from .laying import lay
from .seam import Seam

SEAMS: tuple[Seam, ...] = (
    *core.SEAMS,
    *apigateway.SEAMS,
    *apigateway_patches.SEAMS,
    *apigatewayv2.SEAMS,
    *awslambda.SEAMS,
    *awslambda_mappings.SEAMS,
    *dynamodb.SEAMS,
    *events.SEAMS,
    *iam.SEAMS,
    *kinesis.SEAMS,
    *logs.SEAMS,
    *s3.SEAMS,
    *sns.SEAMS,
    *sqs.SEAMS,
)


def lay_seams(hooks: Hooks) -> None:
    """Extend moto in this process, for good."""
    lay(SEAMS, hooks)


__all__ = ["SEAMS", "Hooks", "Seam", "lay_seams"]
