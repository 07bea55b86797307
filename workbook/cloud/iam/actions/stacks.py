"""CloudFormation: stacks, by their names.

AWS's page "Actions, resources, and condition keys for AWS CloudFormation". A policy that names a
stack ends in `stack/NAME/*`, for the last part is an id that CloudFormation makes up.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.cloud.iam.actions.names import Names
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request

_ABOUT_STACKS = frozenset(
    {
        "CancelUpdateStack",
        "ContinueUpdateRollback",
        "CreateChangeSet",
        "CreateStack",
        "DeleteChangeSet",
        "DeleteStack",
        "DescribeChangeSet",
        "DescribeStackEvents",
        "DescribeStackResource",
        "DescribeStackResources",
        "DescribeStacks",
        "ExecuteChangeSet",
        "GetTemplate",
        "GetTemplateSummary",
        "ListChangeSets",
        "ListStackResources",
        "UpdateStack",
        "UpdateTerminationProtection",
    }
)


def cloudformation(request: Request, names: Names) -> Iterator[Need]:
    """What CloudFormation makes in its turn is made as by the administrator, and not judged."""
    stack = request.text("StackName")
    if request.operation not in _ABOUT_STACKS or not stack:
        yield Need(f"cloudformation:{request.operation}")
    else:
        arn = stack if stack.startswith("arn:") else request.arn(f"stack/{stack}/*")
        yield Need(f"cloudformation:{request.operation}", arn)
