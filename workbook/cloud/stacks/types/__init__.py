"""The resource types that a stack can hold, one small module for each service.

Each type is a ResourceType (protocol.py), described by a Schema (schema.py) whose properties are a
shape (shapes.py): what it does not list fails the stack by name, so that no property is taken and
then forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping

from .apigateway import Deployment, RestApi, Stage
from .awslambda import EventSourceMapping, Permission
from .dynamodb import Table
from .events import EventBus, Rule
from .functions import Function
from .iam import Role
from .iam_policies import ManagedPolicy, Policy
from .logs import LogGroup
from .policies import BucketPolicy, QueuePolicy, TopicPolicy
from .protocol import Context, ResourceType
from .s3 import Bucket
from .schema import Properties, Schema
from .secretsmanager import Secret
from .sns import Subscription, Topic
from .sqs import Queue
from .ssm import Parameter

_ALL: tuple[ResourceType, ...] = (
    Bucket(),
    BucketPolicy(),
    Deployment(),
    EventBus(),
    EventSourceMapping(),
    Function(),
    LogGroup(),
    ManagedPolicy(),
    Parameter(),
    Permission(),
    Policy(),
    Queue(),
    QueuePolicy(),
    RestApi(),
    Role(),
    Rule(),
    Secret(),
    Stage(),
    Subscription(),
    Table(),
    Topic(),
    TopicPolicy(),
)

TYPES: Mapping[str, ResourceType] = {each.schema.type: each for each in _ALL}

__all__ = ["TYPES", "Context", "Properties", "ResourceType", "Schema"]
