"""CloudFormation: stacks of resources, made through the ordinary AWS APIs.

A call's journey:

    form ─query─▶ api ─▶ stack_calls, change_set_calls, template_calls ─▶ answers ─query─▶ XML
                            │ submission: template, parameters, tags → a Goal
                            │ proposal: what would change (plan), whether it may
                            ▼
                         engine: a thread, statuses, rollback
                            │ deployment: resource by resource, and back
                            ▼
                         resources ─▶ types/: one call or two to DynamoDB, S3, SQS, …

    template, references, intrinsics, parameters, dynamic   what a template says
    serverless                     templates of AWS SAM, translated in a process of their own
    registry, stack, exports, change_set                    what there is

The AWS APIs are reached through a callable that makes boto3 clients; nothing here knows what
stands behind them.
"""

from .api import Stacks

__all__ = ["Stacks"]
