"""The condition keys of a request, and which keys this cloud can speak of at all.

AWS's page "AWS global condition context keys". What belongs to one action (dynamodb:LeadingKeys,
s3:prefix) comes with its `Need`, from actions/. Tags are not looked at, so every key about them is
unknown; conditions.py says what follows from that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from workbook.cloud.iam.evaluate import Context
from workbook.cloud.iam.requests import Request
from workbook.cloud.iam.roles import Principal

# Known where they apply, and known to be absent elsewhere.
KNOWN = frozenset(
    {
        # of every request
        "aws:currenttime",
        "aws:epochtime",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principaltype",
        "aws:requestedregion",
        "aws:resourceaccount",
        "aws:securetransport",
        "aws:sourceip",
        "aws:useragent",
        "aws:userid",
        "aws:viaawsservice",
        # of some
        "aws:multifactorauthpresent",
        "aws:username",
        # of requests that a service makes, which are not judged here
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:principalisawsservice",
        "aws:principalservicename",
        "aws:sourceaccount",
        "aws:sourcearn",
        # of networks that this cloud does not have
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpcsourceip",
        # of single actions
        "dynamodb:enclosingoperation",
        "dynamodb:leadingkeys",
        "dynamodb:returnconsumedcapacity",
        "dynamodb:returnvalues",
        "dynamodb:select",
        "events:detail-type",
        "events:source",
        "iam:passedtoservice",
        "iam:permissionsboundary",
        "iam:policyarn",
        "lambda:functionarn",
        "s3:delimiter",
        "s3:max-keys",
        "s3:prefix",
        "s3:versionid",
        "s3:x-amz-acl",
        "s3:x-amz-copy-source",
        "s3:x-amz-server-side-encryption",
        "s3:x-amz-storage-class",
        "secretsmanager:secretid",
        "secretsmanager:versionid",
        "secretsmanager:versionstage",
        "sns:endpoint",
        "sns:protocol",
        "ssm:overwrite",
        "ssm:recursive",
    }
)


def context_of(
    request: Request, principal: Principal, environ: Mapping[str, Any], moment: float
) -> Context:
    """The keys of a request.

    Args:
        moment: now, in seconds since 1970.
    """
    keys = {
        "aws:currenttime": (datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:epochtime": (str(int(moment)),),
        "aws:principalaccount": (request.account,),
        "aws:requestedregion": (request.region,),
        "aws:resourceaccount": (request.account,),
        # AWS is called over TLS; that this cloud is not must not set off a Deny meant for AWS.
        "aws:securetransport": ("true",),
        "aws:sourceip": (environ.get("REMOTE_ADDR", "127.0.0.1"),),
        "aws:viaawsservice": ("false",),
        **principal.keys,
    }
    agent = environ.get("HTTP_USER_AGENT")
    if agent:
        keys["aws:useragent"] = (agent,)
    return Context(keys, KNOWN.__contains__)
