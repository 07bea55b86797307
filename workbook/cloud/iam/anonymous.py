"""Requests that nobody has signed.

AWS takes them where an operation has another proof of who asks (a web identity's token, a password
for Cognito) and for a browser's preflight. Objects that a bucket's policy or ACL opens to all are
not, here: resource-based policies are not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.cloud.answer import Answer, service_error
from workbook.cloud.calls import AwsCall

_UNSIGNED = ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")
_COGNITO = "AWSCognitoIdentity"


def admitted(environ: Mapping[str, Any], call: AwsCall) -> bool:
    """Whether AWS would look at such a request at all."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    return call.method == "OPTIONS" or call.operation in _UNSIGNED or target.startswith(_COGNITO)


def refusal(call: AwsCall) -> Answer:
    """AWS's answer. Without an operation's name it is a request to S3, as moto takes it."""
    if not call.operation:
        answer = service_error("AccessDenied", "Access Denied", 403, service="s3", form=False)
        return Answer(403, b"", answer.headers) if call.method == "HEAD" else answer
    code, told = "MissingAuthenticationToken", "Request is missing Authentication Token"
    return service_error(code, told, 403, service=call.service, form=False)
