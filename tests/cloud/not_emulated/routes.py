"""Routes of a deployed API that ask for something that is not there."""

from __future__ import annotations

from typing import Any

from workbook.cloud.missing import Missing

from .given import ARN

X = "x-amazon-apigateway-"
INVOKE = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
GUARD = """
def handler(event, context):
    statement = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": "*",
        "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    }
    return {"principalId": "ada", "policyDocument": {"Statement": [statement]}}
"""


def mock(**more: Any) -> dict[str, Any]:
    templates = {"application/json": '{"statusCode": 200}'}
    return {
        "type": "mock",
        "requestTemplates": templates,
        "responses": {"default": {"statusCode": "200"}},
        **more,
    }


def behind(authorizer: str) -> dict[str, Any]:
    return {"security": [{authorizer: []}], f"{X}integration": mock()}


def authorizer(**details: Any) -> dict[str, Any]:
    definition = {"type": "apiKey", "name": "Authorization", "in": "header"}
    return {**definition, f"{X}authtype": "custom", f"{X}authorizer": details}


# One route each of one API: its path, and what stands there.
ROUTES: dict[Missing, dict[str, dict[str, Any]]] = {
    Missing.AUTHORIZER_CONDITIONS: {"/conditional": behind("guard")},
    Missing.REQUEST_VALIDATORS: {
        "/validated": {f"{X}request-validator": "all", f"{X}integration": mock()}
    },
    Missing.INTEGRATIONS: {
        "/http": {
            f"{X}integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "http://x"}
        },
        "/aws": {
            f"{X}integration": {"type": "aws", "httpMethod": "POST", "uri": INVOKE.format(ARN)}
        },
    },
    Missing.REQUEST_MAPPINGS: {
        "/mapped": {
            f"{X}integration": mock(
                requestParameters={"integration.request.header.A": "'b'"},
            )
        }
    },
    Missing.RESPONSE_MAPPINGS: {
        "/echoed": {
            "responses": {"200": {"description": "", "headers": {"A": {"type": "string"}}}},
            f"{X}integration": mock(
                responses={
                    "default": {
                        "statusCode": "200",
                        "responseParameters": {
                            "method.response.header.A": "integration.response.header.B"
                        },
                    }
                }
            ),
        }
    },
    Missing.MAPPING_TEMPLATES: {
        "/template": {
            f"{X}integration": mock(
                requestTemplates={"application/json": '{"statusCode": $input.path("$.code")}'}
            )
        }
    },
}
