"""What a REST API is, frozen: resources, methods, integrations, authorizers.

`swagger` makes a RestApi from a document, `from_calls` here makes one from what single calls
(CreateResource, PutMethod, PutIntegration …) have left behind. What API Gateway offers and this
cloud does not emulate is kept as a name, so that it is refused when called and never ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.cloud.missing import Missing

ANY = "ANY"
DEFAULT_TTL_SECONDS = 300
DEFAULT_TIMEOUT_MS = 29_000
HEADER_SOURCE = "method.request.header."


class InvalidApi(ValueError):
    """A definition that API Gateway rejects; str() is the message of its BadRequestException."""


@dataclass(frozen=True)
class IntegrationResponse:
    """What a MOCK integration answers: literal headers and literal bodies by media type."""

    status_code: int
    selection_pattern: str | None = None  # None: the default response
    parameters: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Integration:
    """What stands behind a method. AWS's names: AWS_PROXY, MOCK, AWS, HTTP, HTTP_PROXY."""

    type: str
    uri: str = ""
    http_method: str = "POST"
    request_templates: Mapping[str, str] = field(default_factory=dict)
    request_parameters: Mapping[str, str] = field(default_factory=dict)
    passthrough_behavior: str = "WHEN_NO_MATCH"
    content_handling: str | None = None
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    responses: tuple[IntegrationResponse, ...] = ()


@dataclass(frozen=True)
class Authorizer:
    """Who is asked before a method answers: TOKEN, REQUEST or COGNITO_USER_POOLS.

    Args:
        identity_sources: what callers are known by, as AWS writes it:
            "method.request.header.Authorization".
        ttl_seconds: how long a policy is kept for these; 0 keeps none.
        user_pools: ARNs.
    """

    id: str
    name: str
    type: str
    uri: str = ""
    identity_sources: tuple[str, ...] = ()
    validation_expression: str | None = None
    ttl_seconds: int = DEFAULT_TTL_SECONDS
    user_pools: tuple[str, ...] = ()


@dataclass(frozen=True)
class Method:
    """One HTTP method of a resource, or ANY.

    `scopes` have an effect with Cognito user pools only (page "PutMethod", authorizationScopes).
    """

    http_method: str
    authorization_type: str = "NONE"
    authorizer_id: str | None = None
    scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    request_validator: str | None = None
    integration: Integration | None = None


@dataclass(frozen=True)
class Resource:
    """A path with parameters in braces, and its methods by name."""

    id: str
    path: str
    methods: Mapping[str, Method] = field(default_factory=dict)


@dataclass(frozen=True)
class RestApi:
    """A whole API, as a deployment takes its snapshot."""

    name: str
    resources: tuple[Resource, ...] = ()
    authorizers: Mapping[str, Authorizer] = field(default_factory=dict)  # by id
    binary_media_types: tuple[str, ...] = ()
    minimum_compression_size: int | None = None
    api_key_source: str = "HEADER"
    not_emulated: tuple[Missing, ...] = ()  # what the whole API uses and this cloud lacks


def from_calls(
    rest_api: Mapping[str, Any],
    resources: Iterable[Mapping[str, Any]],
    authorizers: Iterable[Mapping[str, Any]] = (),
) -> RestApi:
    """A RestApi from what GetRestApi, GetResources (embed=methods) and GetAuthorizers return."""
    return RestApi(
        name=rest_api.get("name", ""),
        resources=tuple(_resource(each) for each in resources),
        authorizers={each["id"]: _authorizer(each) for each in authorizers},
        binary_media_types=tuple(rest_api.get("binaryMediaTypes") or ()),
        minimum_compression_size=_optional_int(rest_api.get("minimumCompressionSize")),
        api_key_source=rest_api.get("apiKeySource") or "HEADER",
        not_emulated=(Missing.RESOURCE_POLICIES,) if rest_api.get("policy") else (),
    )


def check_deployable(api: RestApi) -> None:
    """Refuse what CreateDeployment refuses.

    Raises:
        InvalidApi: no method at all, or a method without an integration.
    """
    methods = [method for resource in api.resources for method in resource.methods.values()]
    if not methods:
        raise InvalidApi("The REST API doesn't contain any methods")
    if any(method.integration is None for method in methods):
        raise InvalidApi("No integration defined for method")


def _resource(call: Mapping[str, Any]) -> Resource:
    methods = call.get("resourceMethods") or {}
    return Resource(
        id=call["id"],
        path=call["path"],
        methods={name: _method(name, method) for name, method in methods.items()},
    )


def _method(name: str, call: Mapping[str, Any]) -> Method:
    integration = call.get("methodIntegration")
    return Method(
        http_method=name,
        authorization_type=call.get("authorizationType") or "NONE",
        authorizer_id=call.get("authorizerId"),
        scopes=tuple(call.get("authorizationScopes") or ()),
        api_key_required=bool(call.get("apiKeyRequired")),
        request_validator=call.get("requestValidatorId"),
        integration=_integration(integration) if integration else None,
    )


def _integration(call: Mapping[str, Any]) -> Integration:
    responses = call.get("integrationResponses") or {}
    return Integration(
        type=call["type"].upper(),
        uri=call.get("uri") or "",
        http_method=call.get("httpMethod") or "POST",
        request_templates=dict(call.get("requestTemplates") or {}),
        request_parameters=dict(call.get("requestParameters") or {}),
        passthrough_behavior=(call.get("passthroughBehavior") or "WHEN_NO_MATCH").upper(),
        content_handling=call.get("contentHandling"),
        timeout_ms=int(call.get("timeoutInMillis") or DEFAULT_TIMEOUT_MS),
        responses=tuple(_integration_response(each) for each in responses.values()),
    )


def _integration_response(call: Mapping[str, Any]) -> IntegrationResponse:
    return IntegrationResponse(
        status_code=int(call["statusCode"]),
        selection_pattern=call.get("selectionPattern") or None,
        parameters=dict(call.get("responseParameters") or {}),
        templates=dict(call.get("responseTemplates") or {}),
    )


def _authorizer(call: Mapping[str, Any]) -> Authorizer:
    kind = call["type"].upper()
    ttl = _optional_int(call.get("authorizerResultTtlInSeconds"))
    return Authorizer(
        id=call["id"],
        name=call.get("name", ""),
        type=kind,
        uri=call.get("authorizerUri") or "",
        identity_sources=sources(kind, call.get("identitySource")),
        validation_expression=call.get("identityValidationExpression") or None,
        ttl_seconds=DEFAULT_TTL_SECONDS if ttl is None else ttl,
        user_pools=tuple(call.get("providerARNs") or ()),
    )


def sources(kind: str, written: str | None, header: str = "Authorization") -> tuple[str, ...]:
    """The identity sources of an authorizer, as AWS writes them.

    Args:
        header: what the caller's token is in, where nothing else is said.
    """
    if not written:
        return () if kind == "REQUEST" else (f"{HEADER_SOURCE}{header}",)
    return tuple(each.strip() for each in written.split(",") if each.strip())


def _optional_int(value: Any) -> int | None:
    return None if value is None else int(value)


_FUNCTION = re.compile(r"/functions/(?P<arn>[^/]+)/invocations$")
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.(?P<name>\w+)\}")


def function_arn(uri: str, variables: Mapping[str, str]) -> str | None:
    """The function that an integration's or an authorizer's URI names; None when it names none."""
    filled = _STAGE_VARIABLE.sub(lambda found: variables.get(found["name"], ""), uri)
    found = _FUNCTION.search(filled)
    return found["arn"] if found else None
