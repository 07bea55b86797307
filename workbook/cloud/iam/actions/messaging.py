"""SQS, SNS and EventBridge: queues, topics, buses and rules.

AWS's pages "Actions, resources, and condition keys for Amazon SQS", "… Amazon SNS" and
"… Amazon EventBridge". A batch needs what a single message needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from workbook.cloud.iam.actions.names import Names
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request

_SNS_ABOUT_ALL = frozenset(
    {
        "CreateSMSSandboxPhoneNumber",
        "DeleteSMSSandboxPhoneNumber",
        "GetSMSAttributes",
        "ListPlatformApplications",
        "ListSubscriptions",
        "ListTopics",
        "SetSMSAttributes",
        "VerifySMSSandboxPhoneNumber",
    }
)
_EVENTS_ABOUT_ALL = frozenset(
    {
        "ListEventBuses",
        "ListRuleNamesByTarget",
        "ListRules",
        "PutPermission",
        "RemovePermission",
        "TestEventPattern",
    }
)
_BUSES = ("CreateEventBus", "DeleteEventBus", "DescribeEventBus", "UpdateEventBus")


def sqs(request: Request, names: Names) -> Iterator[Need]:
    """SQS, whose refusals name actions in lower case."""
    action = request.operation.removesuffix("Batch")
    yield Need(f"sqs:{action}", _queue(request))
    if action == "CreateQueue" and (request.parameters.get("tags") or request.text("Tag.1.Key")):
        yield Need("sqs:TagQueue", _queue(request))


def _queue(request: Request) -> str:
    """From the queue's URL, whose path is /ACCOUNT/NAME; old clients send it as the request's."""
    if request.operation == "ListQueues":
        return "*"
    if request.text("QueueName"):
        return request.arn(request.text("QueueName"))
    if request.text("SourceArn"):
        return request.text("SourceArn")
    path = urlsplit(request.text("QueueUrl")).path or request.path
    account, _, name = path.strip("/").rpartition("/")
    return f"arn:aws:sqs:{request.region}:{account or request.account}:{name}" if name else "*"


def sns(request: Request, names: Names) -> Iterator[Need]:
    """SNS. A text message has no topic; its resource is the phone number."""
    action = request.operation.removesuffix("Batch")
    resource = request.text("TopicArn", "TargetArn", "ResourceArn", "PhoneNumber") or "*"
    if request.operation in _SNS_ABOUT_ALL:
        resource = "*"
    elif request.text("SubscriptionArn"):  # the topic's, and the subscription's id
        resource = request.text("SubscriptionArn").rpartition(":")[0]
    elif action == "CreateTopic":
        resource = request.arn(request.text("Name"))
        if request.text("Tags.member.1.Key"):
            yield Need("sns:TagResource", resource)
    keys = {
        f"sns:{name.lower()}": (request.text(name),)
        for name in ("Endpoint", "Protocol")
        if request.text(name)
    }
    yield Need(f"sns:{action}", resource, keys)


def events(request: Request, names: Names) -> Iterator[Need]:
    """EventBridge: an event needs its bus, and a target that has a role needs leave to pass it."""
    operation, parameters = request.operation, request.parameters
    if operation == "PutEvents":
        for entry in parameters.get("Entries", ()):
            keys = {
                "events:source": (entry.get("Source", ""),),
                "events:detail-type": (entry.get("DetailType", ""),),
            }
            yield Need("events:PutEvents", _bus(request, entry.get("EventBusName")), keys)
        return
    yield Need(f"events:{operation}", _event_resource(request))
    targets = parameters.get("Targets", ()) if operation == "PutTargets" else ()
    roles = {request.text("RoleArn"), *(target.get("RoleArn", "") for target in targets)} - {""}
    for role in sorted(roles):
        yield Need("iam:PassRole", role, {"iam:passedtoservice": ("events.amazonaws.com",)})


def _event_resource(request: Request) -> str:
    operation = request.operation
    if operation in _EVENTS_ABOUT_ALL:
        return "*"
    if operation in _BUSES:
        return _bus(request, request.text("Name"))
    if request.text("ResourceARN"):
        return request.text("ResourceARN")
    rule = request.text("Name", "Rule")
    bus = _bus(request, request.text("EventBusName")).partition(":event-bus/")[2]
    if not rule:
        return "*"
    return request.arn(f"rule/{rule}" if bus == "default" else f"rule/{bus}/{rule}")


def _bus(request: Request, name: str | None) -> str:
    if name and name.startswith("arn:"):
        return name
    return request.arn(f"event-bus/{name or 'default'}")
