"""The answers that are API Gateway's own, with AWS's status, wording and x-amzn-ErrorType.

The spacing inside the bodies is AWS's too: answers made before the integration have none after
the colon, answers about the integration have one. Page: "Gateway response types".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from workbook.cloud.missing import STATUS, NotEmulated

JSON = "application/json"


class Response(NamedTuple):
    """A whole HTTP response; header names may repeat. Content-Length is the server's to add."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class OwnAnswer:
    """An answer that API Gateway gives by itself."""

    status: int
    error_type: str
    body: str

    def response(self) -> Response:
        headers = (("Content-Type", JSON), ("x-amzn-ErrorType", self.error_type))
        return Response(self.status, headers, self.body.encode())


class Refused(Exception):
    """Ends a request's journey with an answer of API Gateway's own."""

    def __init__(self, answer: OwnAnswer) -> None:
        super().__init__(answer.error_type)
        self.answer = answer


MISSING_TOKEN = OwnAnswer(
    403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}'
)
FORBIDDEN = OwnAnswer(403, "ForbiddenException", '{"message":"Forbidden"}')
UNAUTHORIZED = OwnAnswer(401, "UnauthorizedException", '{"message":"Unauthorized"}')
EXPIRED_TOKEN = OwnAnswer(
    401, "UnauthorizedException", '{"message":"The incoming token has expired"}'
)
DENIED = OwnAnswer(
    403, "AccessDeniedException", '{"Message":"User is not authorized to access this resource"}'
)
EXPLICITLY_DENIED = OwnAnswer(
    403,
    "AccessDeniedException",
    '{"Message":"User is not authorized to access this resource '
    'with an explicit deny in an identity-based policy"}',
)
AUTHORIZER_BROKEN = OwnAnswer(500, "AuthorizerConfigurationException", '{"message":null}')
TOO_LARGE = OwnAnswer(413, "RequestTooLargeException", '{"message":"Request Too Long"}')
THROTTLED = OwnAnswer(429, "TooManyRequestsException", '{"message":"Too Many Requests"}')
QUOTA_EXCEEDED = OwnAnswer(429, "LimitExceededException", '{"message":"Limit Exceeded"}')
BAD_REQUEST = OwnAnswer(400, "BadRequestException", '{"message":"Bad Request"}')
UNSUPPORTED_MEDIA_TYPE = OwnAnswer(
    415, "BadRequestException", '{"message":"Unsupported Media Type"}'
)
MALFORMED_OUTPUT = OwnAnswer(
    502, "InternalServerErrorException", '{"message": "Internal server error"}'
)
# Lambda refused the call: "If the Lambda API rejects the invocation request, API Gateway returns
# a 500 error code" (page "Errors and retries with API Gateway").
CALL_REJECTED = OwnAnswer(
    500, "InternalServerErrorException", '{"message": "Internal server error"}'
)
TIMED_OUT = OwnAnswer(
    504, "InternalServerErrorException", '{"message": "Endpoint request timed out"}'
)


def not_emulated(missing: NotEmulated) -> OwnAnswer:
    """What the local cloud says where AWS would do something that it does not have."""
    return OwnAnswer(STATUS, "NotImplementedException", json.dumps({"message": str(missing)}))
