"""A RestApi from a Swagger 2.0 document, as Chalice generates it and ImportRestApi takes it.

Page: "OpenAPI extensions for API Gateway". Extensions that would change what the API answers and
are not emulated are kept as names and refused when called; documentation, schemas and models
change nothing here and are left out. Root-level `security` has no effect, as on AWS.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workbook.cloud.gateway.model import (
    ANY,
    DEFAULT_TIMEOUT_MS,
    DEFAULT_TTL_SECONDS,
    Authorizer,
    Integration,
    IntegrationResponse,
    InvalidApi,
    Method,
    Resource,
    RestApi,
    sources,
)
from workbook.cloud.gateway.routing import Router
from workbook.cloud.missing import Missing

_X = "x-amazon-apigateway-"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}
_SEGMENT = re.compile(r"[A-Za-z0-9._\-:,@]+|\{[A-Za-z0-9._\-:]+\+?\}")  # what API Gateway takes
_NOT_EMULATED = {
    f"{_X}policy": Missing.RESOURCE_POLICIES,
    f"{_X}gateway-responses": Missing.GATEWAY_RESPONSES,
}


def read(document: Mapping[str, Any]) -> RestApi:
    """The API that a document describes.

    Raises:
        InvalidApi: not Swagger 2.0, or something that API Gateway's import refuses.
    """
    if document.get("swagger") != "2.0":
        raise InvalidApi("Only Swagger 2.0 documents are taken by the local cloud")
    definitions = document.get("securityDefinitions") or {}
    paths = document.get("paths") or {}
    api = RestApi(
        name=(document.get("info") or {}).get("title", ""),
        resources=tuple(
            _resource(path, item, definitions, document) for path, item in paths.items()
        ),
        authorizers={
            name: _authorizer(name, definition)
            for name, definition in definitions.items()
            if f"{_X}authorizer" in definition
        },
        binary_media_types=tuple(document.get(f"{_X}binary-media-types") or ()),
        minimum_compression_size=document.get(f"{_X}minimum-compression-size"),
        api_key_source=document.get(f"{_X}api-key-source") or "HEADER",
        not_emulated=tuple(each for key, each in _NOT_EMULATED.items() if document.get(key)),
    )
    Router(api)  # raises where two resources exclude each other
    return api


def merge(earlier: RestApi, later: RestApi) -> RestApi:
    """Both APIs in one, the later one's methods and authorizers before the earlier one's."""
    resources = {each.path: each for each in earlier.resources}
    for each in later.resources:
        before = resources.get(each.path)
        methods = {**(before.methods if before else {}), **each.methods}
        resources[each.path] = replace(each, methods=methods)
    merged = replace(
        later,
        resources=tuple(resources.values()),
        authorizers={**earlier.authorizers, **later.authorizers},
        binary_media_types=tuple(
            dict.fromkeys((*earlier.binary_media_types, *later.binary_media_types))
        ),
    )
    Router(merged)
    return merged


def _resource(
    path: str, item: Mapping[str, Any], definitions: Mapping[str, Any], document: Mapping[str, Any]
) -> Resource:
    segments = [part for part in path.split("/") if part]
    for segment in segments:
        greedy_inside = segment.endswith("+}") and segment is not segments[-1]
        if not _SEGMENT.fullmatch(segment) or greedy_inside:
            raise InvalidApi(
                f"Unable to create resource at path '{path}': Resource's path part only allow "
                "a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning "
                "and the end."
            )
    methods: dict[str, Method] = {}
    for key, operation in item.items():
        if key in _METHODS or key == f"{_X}any-method":
            name = key.upper() if key in _METHODS else ANY
            methods[name] = _method(name, operation, definitions, document)
    # AWS draws ids at random; a path's own keeps events comparable from one run to the next
    digest = hashlib.sha256(path.encode()).hexdigest()
    return Resource(id=digest[:6], path=path, methods=methods)


def _method(
    name: str,
    operation: Mapping[str, Any],
    definitions: Mapping[str, Any],
    document: Mapping[str, Any],
) -> Method:
    integration = operation.get(f"{_X}integration")
    validator = operation.get(f"{_X}request-validator", document.get(f"{_X}request-validator"))
    method = Method(
        http_method=name,
        request_validator=validator,
        integration=_integration(integration) if integration else None,
    )
    if (operation.get(f"{_X}auth") or {}).get("type", "").upper() == "AWS_IAM":
        method = replace(method, authorization_type="AWS_IAM")
    for requirement in operation.get("security") or ():
        for scheme, scopes in requirement.items():
            method = _secured(method, scheme, scopes, definitions)
    return method


def _secured(
    method: Method, scheme: str, scopes: list[str], definitions: Mapping[str, Any]
) -> Method:
    definition = definitions.get(scheme)
    if definition is None:
        raise InvalidApi(f"Invalid authorizer {scheme} specified for method {method.http_method}")
    auth_type = (definition.get(f"{_X}authtype") or "").lower()
    if auth_type == "awssigv4":
        return replace(method, authorization_type="AWS_IAM")
    if f"{_X}authorizer" in definition:
        kind = "COGNITO_USER_POOLS" if auth_type == "cognito_user_pools" else "CUSTOM"
        return replace(
            method, authorization_type=kind, authorizer_id=scheme, scopes=tuple(scopes or ())
        )
    if definition.get("type") == "apiKey" and definition.get("name", "").lower() == "x-api-key":
        return replace(method, api_key_required=True)
    raise InvalidApi(f"Unsupported security definition type {definition.get('type')} for {scheme}")


def _authorizer(name: str, definition: Mapping[str, Any]) -> Authorizer:
    details = definition[f"{_X}authorizer"]
    kind = str(details.get("type", "")).upper()
    ttl = details.get("authorizerResultTtlInSeconds")
    return Authorizer(
        id=name,
        name=name,
        type=kind,
        uri=details.get("authorizerUri") or "",
        identity_sources=sources(kind, details.get("identitySource"), definition.get("name", "")),
        validation_expression=details.get("identityValidationExpression") or None,
        ttl_seconds=DEFAULT_TTL_SECONDS if ttl is None else int(ttl),
        user_pools=tuple(details.get("providerARNs") or ()),
    )


def _integration(details: Mapping[str, Any]) -> Integration:
    return Integration(
        type=str(details.get("type", "")).upper(),
        uri=details.get("uri") or "",
        http_method=details.get("httpMethod") or "POST",
        request_templates=dict(details.get("requestTemplates") or {}),
        request_parameters=dict(details.get("requestParameters") or {}),
        passthrough_behavior=(details.get("passthroughBehavior") or "when_no_match").upper(),
        content_handling=details.get("contentHandling"),
        timeout_ms=int(details.get("timeoutInMillis") or DEFAULT_TIMEOUT_MS),
        responses=tuple(
            _integration_response(pattern, each)
            for pattern, each in (details.get("responses") or {}).items()
        ),
    )


def _integration_response(pattern: str, details: Mapping[str, Any]) -> IntegrationResponse:
    return IntegrationResponse(
        status_code=int(details.get("statusCode", 200)),
        selection_pattern=None if pattern == "default" else pattern,
        parameters=dict(details.get("responseParameters") or {}),
        templates=dict(details.get("responseTemplates") or {}),
    )
