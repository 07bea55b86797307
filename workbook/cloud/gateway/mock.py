"""MOCK integrations: an answer without a function, as a CORS preflight needs.

The request template says which status code was "returned", the integration's responses say what
that becomes. Templates are taken as they stand: one with VTL in it is refused by name, and so is
a response parameter that is not a literal.
"""

from __future__ import annotations

import json
import re

from workbook.cloud.gateway.media import is_binary
from workbook.cloud.gateway.model import Integration, IntegrationResponse
from workbook.cloud.gateway.request import Request
from workbook.cloud.gateway.responses import (
    CALL_REJECTED,
    JSON,
    UNSUPPORTED_MEDIA_TYPE,
    Refused,
    Response,
)
from workbook.cloud.missing import Missing, NotEmulated

_HEADER = "method.response.header."


def response(integration: Integration, request: Request, binary_types: tuple[str, ...]) -> Response:
    """What the integration answers.

    Raises:
        Refused: no usable status code (500), or no template for the media type (415).
        NotEmulated: a template or parameter that is not literal.
    """
    status = _mocked_status(integration, request, binary_types)
    chosen = _choose(integration, status)
    headers = [("Content-Type", JSON), *_literal_headers(chosen)]
    own_type = [value for name, value in headers[1:] if name.lower() == "content-type"]
    body = _literal(chosen.templates.get(JSON, ""))
    return Response(chosen.status_code, tuple(headers[1 if own_type else 0 :]), body.encode())


def _mocked_status(
    integration: Integration, request: Request, binary_types: tuple[str, ...]
) -> str:
    content_type = request.header("content-type") or JSON
    # A binary payload has no text to read; CONVERT_TO_TEXT is why Chalice's preflight survives */*
    if is_binary(content_type, binary_types) and integration.content_handling != "CONVERT_TO_TEXT":
        raise Refused(CALL_REJECTED)
    template = _request_template(integration, content_type)
    try:
        status = json.loads(_literal(template))["statusCode"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(CALL_REJECTED) from error
    if isinstance(status, bool) or not isinstance(status, int):
        raise Refused(CALL_REJECTED)  # "Unable to parse statusCode. It should be an integer"
    return str(status)


def _request_template(integration: Integration, content_type: str) -> str:
    media_type = content_type.split(";")[0].strip().lower()
    templates = integration.request_templates
    if media_type in templates:
        return templates[media_type]
    refuse = integration.passthrough_behavior == "NEVER" or (
        integration.passthrough_behavior == "WHEN_NO_TEMPLATES" and bool(templates)
    )
    if refuse:
        raise Refused(UNSUPPORTED_MEDIA_TYPE)
    return ""


def _choose(integration: Integration, status: str) -> IntegrationResponse:
    for each in integration.responses:
        if each.selection_pattern and re.fullmatch(each.selection_pattern, status):
            return each
    for each in integration.responses:
        if not each.selection_pattern:
            return each
    raise Refused(CALL_REJECTED)  # "No match for output mapping and no default endpoint mapping"


def _literal_headers(chosen: IntegrationResponse) -> list[tuple[str, str]]:
    headers = []
    for target, value in chosen.parameters.items():
        is_literal = len(value) >= 2 and value[0] == value[-1] == "'"
        if not is_literal or not target.startswith(_HEADER):
            raise NotEmulated(Missing.RESPONSE_MAPPINGS, f"{target} = {value}")
        headers.append((target.removeprefix(_HEADER), value[1:-1]))
    return headers


def _literal(template: str) -> str:
    if "$" in template or "#" in template:
        raise NotEmulated(Missing.MAPPING_TEMPLATES)
    return template
