"""Refusals, in each service's own protocol and words, so that boto3 raises what it raises on AWS.

AWS's page "Troubleshoot access denied error messages" has the sentence; services differ in how
they write actions and resources in it, in the error's name, and in the status.
"""

from __future__ import annotations

from dataclasses import replace

from workbook.cloud.answer import Answer, service_error
from workbook.cloud.iam.evaluate import Denial
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Protocol, Request

# Services that speak of their actions in another case than policies do.
_SPELLED = {"sqs": str.lower, "sns": lambda action: "SNS" + action.removeprefix("sns")}
_CODES = {"sns": "AuthorizationError"}


def refuse(request: Request, denial: Denial) -> Answer:
    """AWS's answer to a request that its caller's policies do not allow."""
    code = "AccessDenied"
    if request.protocol is Protocol.QUERY:
        code = _CODES.get(request.service, code)
    elif request.protocol in (Protocol.JSON, Protocol.REST_JSON):
        code = "AccessDeniedException"
    return error(request, code, message(request, denial))


def message(request: Request, denial: Denial) -> str:
    """The sentence: who, what, on which resource, and why not."""
    need, kind = denial.need, denial.kind
    action = _SPELLED.get(request.service, str)(need.action)
    said = f"User: {request.caller} is not authorized to perform: {action}{_on(request, need)}"
    if need.action == "sts:AssumeRole":  # the role's trust policy may be to blame: AWS does not say
        return said
    if denial.explicit:
        article = "an" if kind[0] in "aeiou" else "a"
        return f"{said} with an explicit deny in {article} {kind}"
    return f"{said} because no {kind} allows the {action} action"


def _on(request: Request, need: Need) -> str:
    resource = need.shown or need.resource
    if resource == "*":
        return ""
    return f' on resource: "{resource}"' if request.service == "s3" else f" on resource: {resource}"


def invalid_key(request: Request) -> Answer:
    """AWS's answer to a key that has been deleted or deactivated."""
    if request.protocol is Protocol.S3:
        told = "The AWS Access Key Id you provided does not exist in our records."
        return error(request, "InvalidAccessKeyId", told)
    code = "InvalidClientTokenId"
    if request.protocol in (Protocol.JSON, Protocol.REST_JSON):
        code = "UnrecognizedClientException"
    return error(request, code, "The security token included in the request is invalid.")


def error(request: Request, code: str, told: str, *, status: int | None = None) -> Answer:
    """An error of the caller's in the protocol that the request came in."""
    plain_json = request.protocol is Protocol.JSON and request.service != "sqs"
    answer = service_error(
        code,
        told,
        status or (400 if plain_json else 403),
        service=request.service,
        form=request.protocol is Protocol.QUERY,
    )
    if request.service == "sqs":  # speaks JSON now, and keeps the names its errors had in XML
        named = f"{code.removesuffix('Exception')};Sender"
        return replace(answer, headers=(*answer.headers, ("x-amzn-query-error", named)))
    # A HEAD has no body: boto3 learns the status and nothing else.
    return replace(answer, body=b"") if request.method == "HEAD" else answer
