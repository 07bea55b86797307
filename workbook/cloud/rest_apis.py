"""REST APIs between Swagger 2.0, as Chalice sends it, and moto's state.

`import_document` does with a document what API Gateway does: it turns it into resources, methods,
integrations and authorizers, as if each had been made by a call of its own. So there is one state,
whoever made it, and `describe` hands that to gateway/, which serves it. AWS's pages: "Working with
API Gateway extensions to OpenAPI" and "x-amazon-apigateway-integration object".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.cloud.gateway import InvalidApi, RestApi, from_calls, swagger
from workbook.cloud.gateway import model as gateway_model
from workbook.cloud.missing import Missing, NotEmulated


def describe(moto_api: Any) -> RestApi:
    """What moto holds of an API, as gateway/ takes it."""
    return from_calls(
        moto_api.to_dict(),
        [resource.to_dict() for resource in moto_api.resources.values()],
        [authorizer.to_json() for authorizer in moto_api.authorizers.values()],
    )


def import_document(backend: Any, api: Any, document: dict[str, Any], mode: str) -> None:
    """Bring `api` in line with a Swagger 2.0 document.

    What the document asks for and this cloud does not have (a request validator) is taken over as
    it stands: the gateway answers 501 for the routes that need it.

    Args:
        mode: "overwrite" replaces what the API has; "merge" adds to it.

    Raises:
        BadRequestException: moto's, with API Gateway's words, for a document that AWS refuses.
        NotEmulated: the document changes answers for the whole API in a way not emulated.
    """
    from moto.apigateway.exceptions import BadRequestException  # loaded by the caller

    try:
        read = swagger.read(document)
    except InvalidApi as error:
        raise BadRequestException(str(error)) from error
    beyond_policy = [each for each in read.not_emulated if each is not Missing.RESOURCE_POLICIES]
    if beyond_policy:
        raise NotEmulated(beyond_policy[0])
    if mode == "overwrite":
        _clear(api)
    ids = _authorizers(backend, api, document.get("securityDefinitions", {}))
    api.binaryMediaTypes = list(read.binary_media_types)
    if mode == "overwrite" or read.minimum_compression_size is not None:
        api.minimum_compression_size = read.minimum_compression_size
    api.policy = document.get("x-amazon-apigateway-policy", api.policy)
    api.api_key_source = read.api_key_source
    for resource in read.resources:
        moto_resource = _resource(backend, api, resource.path)
        operations = {_verb(name): each for name, each in document["paths"][resource.path].items()}
        for verb, method in resource.methods.items():
            _method(backend, api, moto_resource, method, operations[verb], ids)


def _verb(key: str) -> str:
    return "ANY" if key == "x-amazon-apigateway-any-method" else key.upper()


def _clear(api: Any) -> None:
    api.authorizers.clear()
    root = api.resources[api.root_resource_id]
    root.resource_methods.clear()
    api.resources.clear()
    api.resources[root.id] = root


def _resource(backend: Any, api: Any, path: str) -> Any:
    resource = api.resources[api.root_resource_id]
    for part in filter(None, path.split("/")):
        resource = _child(api, resource.id, part) or backend.create_resource(
            api.id, resource.id, part
        )
    return resource


def _child(api: Any, parent_id: str, part: str) -> Any:
    for resource in api.resources.values():
        if resource.parent_id == parent_id and resource.path_part == part:
            return resource
    return None


def _method(
    backend: Any,
    api: Any,
    resource: Any,
    method: gateway_model.Method,
    operation: Mapping[str, Any],
    authorizer_ids: Mapping[str, str],
) -> None:
    verb = method.http_method
    backend.put_method(
        api.id,
        resource.id,
        verb,
        method.authorization_type,
        api_key_required=method.api_key_required,
        operation_name=operation.get("operationId"),
        authorizer_id=authorizer_ids.get(method.authorizer_id or ""),
        authorization_scopes=list(method.scopes) or None,
        request_validator_id=method.request_validator,
    )
    for status, response in operation.get("responses", {}).items():
        headers = {f"method.response.header.{name}": False for name in response.get("headers", {})}
        backend.put_method_response(api.id, resource.id, verb, status, {}, headers)
    integration = operation.get("x-amazon-apigateway-integration")
    if integration:
        _integration(backend, api, resource, verb, integration)


def _integration(
    backend: Any, api: Any, resource: Any, verb: str, integration: Mapping[str, Any]
) -> None:
    backend.put_integration(
        api.id,
        resource.id,
        verb,
        integration_type=integration["type"].upper(),
        uri=integration.get("uri", ""),
        integration_method=integration.get("httpMethod"),
        credentials=integration.get("credentials"),
        request_templates=integration.get("requestTemplates"),
        passthrough_behavior=integration.get("passthroughBehavior", "WHEN_NO_MATCH").upper(),
        timeout_in_millis=integration.get("timeoutInMillis"),
        request_parameters=integration.get("requestParameters"),
        content_handling=integration.get("contentHandling"),
        connection_type=integration.get("connectionType"),
    )
    for pattern, response in integration.get("responses", {}).items():
        backend.put_integration_response(
            api.id,
            resource.id,
            verb,
            status_code=response["statusCode"],
            selection_pattern="" if pattern == "default" else pattern,
            response_templates=response.get("responseTemplates", {}),
            response_parameters=response.get("responseParameters", {}),
            content_handling=response.get("contentHandling"),
        )


def _authorizers(backend: Any, api: Any, definitions: Mapping[str, Any]) -> dict[str, str]:
    """Make the authorizers that security definitions describe; ids by name."""
    ids = {}
    for name, definition in definitions.items():
        details = definition.get("x-amazon-apigateway-authorizer")
        if details is None:
            continue
        for existing in [each for each in api.authorizers.values() if each.name == name]:
            del api.authorizers[existing.id]
        kind = details["type"].upper()
        sources = gateway_model.sources(
            kind, details.get("identitySource"), definition.get("name", "Authorization")
        )
        made = backend.create_authorizer(
            api.id,
            name,
            kind,
            provider_arns=details.get("providerARNs"),
            auth_type=definition.get("x-amazon-apigateway-authtype"),
            authorizer_uri=details.get("authorizerUri"),
            authorizer_credentials=details.get("authorizerCredentials"),
            identity_source=",".join(sources) or None,
            authorizer_result_ttl=details.get("authorizerResultTtlInSeconds", 300),
        )
        # moto misspells this parameter on the way, and drops it.
        made.identity_validation_expression = details.get("identityValidationExpression")
        ids[name] = str(made.id)
    return ids
