"""REST APIs: documents as Chalice writes them, and 404 where there is nothing to delete.

What a document makes of an API is rest_apis.py's; the gateway reads what is kept, and answers.
Patch operations are apigateway_patches.py's.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Build, Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.apigateway.models",
    "APIGatewayBackend.import_rest_api",
    "self api_doc fail_on_warnings",
    rests_on='api_doc["info"]["description"]',
    replaces="needs a description, which Chalice does not send",
)
def _import_without_description(original: Replacement, hooks: Hooks) -> Replacement:
    def import_rest_api(self: Any, api_doc: dict[str, Any], fail_on_warnings: bool) -> Any:
        info = api_doc.get("info", {})
        api = self.create_rest_api(name=info.get("title"), description=info.get("description"))
        try:
            return self.put_rest_api(api.id, api_doc, fail_on_warnings, mode="overwrite")
        except Exception:
            del self.apis[api.id]  # AWS leaves nothing behind of a document it refuses
            raise

    return import_rest_api


@SEAMS.at(
    "moto.apigateway.models",
    "APIGatewayBackend.put_rest_api",
    "self function_id api_doc fail_on_warnings mode",
    rests_on='api_doc.get("swagger") is not None',
    replaces="refuses Swagger 2.0 and leaves out authorizers, MOCK integrations and binary types",
)
def _take_swagger(original: Replacement, hooks: Hooks) -> Replacement:
    def put_rest_api(
        self: Any,
        function_id: str,
        api_doc: dict[str, Any],
        fail_on_warnings: bool,
        mode: str = "merge",
    ) -> Any:
        if api_doc.get("swagger") != "2.0":
            return original(self, function_id, api_doc, fail_on_warnings, mode)
        api = self.get_rest_api(function_id)
        hooks.import_api(self, api, api_doc, mode)
        return api

    return put_rest_api


@SEAMS.at(
    "moto.apigateway.models",
    "APIGatewayBackend.delete_rest_api",
    "self function_id",
    rests_on="self.apis.pop(function_id)",
    replaces="answers 500 for an API that does not exist, where AWS answers 404",
)
def _delete_what_exists(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def delete_rest_api(self: Any, function_id: str) -> Any:
        self.get_rest_api(function_id)
        return original(self, function_id)

    return delete_rest_api


# What else moto takes out of a dictionary without looking whether it is there.
_TAKEN_BLINDLY = (
    ("delete_resource", "function_id resource_id", "api.resources.pop(resource_id)", "resource"),
    (
        "delete_authorizer",
        "restapi_id authorizer_id",
        "del api.authorizers[authorizer_id]",
        "Authorizer",
    ),
    (
        "delete_request_validator",
        "restapi_id validator_id",
        "restApi.delete_request_validator(validator_id)",
        "Request Validator",
    ),
    ("delete_usage_plan", "usage_plan_id", "self.usage_plans.pop(usage_plan_id)", "Usage Plan"),
    (
        "delete_usage_plan_key",
        "usage_plan_id key_id",
        "self.usage_plan_keys[usage_plan_id].pop(key_id)",
        "API Key",
    ),
)


def _say_what_is_not_there(kind: str) -> Build:
    def build(original: Replacement, hooks: Hooks) -> Replacement:
        @wraps(original)
        def delete(self: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return original(self, *args, **kwargs)
            except KeyError as missing:
                from moto.apigateway.exceptions import NotFoundException

                error = NotFoundException(f"Invalid {kind} identifier specified")
                error.code = 404
                raise error from missing

        return delete

    return build


for _name, _parameters, _rests_on, _kind in _TAKEN_BLINDLY:
    SEAMS.at(
        "moto.apigateway.models",
        f"APIGatewayBackend.{_name}",
        f"self {_parameters}",
        rests_on=_rests_on,
        replaces="answers 500 where there is nothing to delete, and AWS 404",
    )(_say_what_is_not_there(_kind))


@SEAMS.at(
    "moto.apigateway.models",
    "RestAPI.update_integration_mocks",
    "self stage_name",
    rests_on="responses_mock.add(callback_response)",
    replaces="registers every route with a mock of `requests` that no server ever reads",
)
def _mock_nothing(original: Replacement, hooks: Hooks) -> Replacement:
    def update_integration_mocks(self: Any, stage_name: str) -> None:
        """The gateway answers instead."""

    return update_integration_mocks


@SEAMS.at(
    "moto.apigateway.models",
    "RestAPI.delete_deployment",
    "self deployment_id",
    rests_on="deployment.stage_name in self.stages",
    replaces="keeps a deployment while its first stage is there, where AWS asks who serves it now",
)
def _delete_what_nobody_serves(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def delete_deployment(self: Any, deployment_id: str) -> Any:
        serving = [stage.deployment_id for stage in self.stages.values()]
        deployment = self.deployments.get(deployment_id)
        if deployment is not None and deployment_id not in serving:
            return self.deployments.pop(deployment_id)
        if deployment is not None:
            from moto.apigateway.exceptions import StageStillActive

            raise StageStillActive
        return original(self, deployment_id)

    return delete_deployment
