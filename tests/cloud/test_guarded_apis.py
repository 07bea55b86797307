"""A Chalice app behind IAM, Cognito and usage plans, in a running cloud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from chalice_projects import Project
from small_apps import create_function

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api, Response
from workbook.cloud.firewall import ACCESS_KEY_ID, SECRET_ACCESS_KEY

APP = """
from chalice import Chalice, CognitoUserPoolAuthorizer, IAMAuthorizer
from chalice.app import Authorizer

app = Chalice(app_name="guarded")
pool = CognitoUserPoolAuthorizer("members", provider_arns=["POOL"])


class RequestAuthorizer(Authorizer):
    name = "doorman"
    scopes = []

    def to_swagger(self):
        return {
            "type": "apiKey",
            "name": "Unused",
            "in": "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "request",
                "authorizerUri": "DOORMAN",
                "identitySource": "method.request.querystring.name",
                "authorizerResultTtlInSeconds": 60,
            },
        }


@app.route("/known", authorizer=RequestAuthorizer())
def known():
    return app.current_request.context["authorizer"]


@app.route("/signed", methods=["GET", "POST"], authorizer=IAMAuthorizer())
def signed():
    return app.current_request.context["identity"]


@app.route("/members", authorizer=pool)
def members():
    return app.current_request.context["authorizer"]["claims"]


@app.route("/spoken", authorizer=pool.with_scopes(["aws.cognito.signin.user.admin"]))
def spoken():
    return app.current_request.context["authorizer"]["claims"]


@app.route("/counted", api_key_required=True)
def counted():
    return {"key": app.current_request.context["identity"]["apiKeyId"]}
"""


DOORMAN = """
def handler(event, context):
    name = event["queryStringParameters"]["name"]
    print("ASKED", name, event["httpMethod"], event["resource"])
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    statement["Effect"] = "Allow" if name == "ada" else "Deny"
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": name, "policyDocument": document, "context": {"guest": True}}
"""


@pytest.fixture(scope="module")
def tokens(cloud: LocalCloud) -> dict[str, str]:
    """The tokens of a user, and the ARN of the pool she is in."""
    idp = cloud.client("cognito-idp")
    pool = idp.create_user_pool(PoolName="members")["UserPool"]
    client = idp.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    idp.admin_create_user(UserPoolId=pool["Id"], Username="ada", TemporaryPassword="Tea-4-two!")
    idp.admin_set_user_password(
        UserPoolId=pool["Id"], Username="ada", Password="Tea-4-two!", Permanent=True
    )
    result = idp.admin_initiate_auth(
        UserPoolId=pool["Id"],
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": "Tea-4-two!"},
    )["AuthenticationResult"]
    return {"arn": pool["Arn"], "id": result["IdToken"], "access": result["AccessToken"]}


@pytest.fixture(scope="module")
def guarded(
    cloud: LocalCloud, tokens: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Api]:
    project = Project(tmp_path_factory.mktemp("guarded"), "guarded", cloud)
    doorman = create_function(cloud, "doorman", DOORMAN)
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{doorman}/invocations"
    project.write(APP.replace("POOL", tokens["arn"]).replace("DOORMAN", uri))
    project.configure(api_gateway_stage="api", minimum_compression_size=300)
    project.chalice("deploy")
    yield cloud.api("guarded")
    project.chalice("delete")
    cloud.client("lambda").delete_function(FunctionName="doorman")


def signed(api: Api, keys: dict[str, str], method: str = "GET", body: str = "") -> Response:
    request = AWSRequest(method, api.url + "/signed", data=body)
    request.headers["Content-Type"] = "application/json"
    credentials = Credentials(keys["id"], keys["secret"], keys.get("token"))
    SigV4Auth(credentials, "execute-api", "us-east-1").add_auth(request)
    return api.request(method, "/signed", data=body, headers=dict(request.headers.items()))


def policy(effect: str, resource: str) -> str:
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def user(cloud: LocalCloud) -> Iterator[dict[str, Any]]:
    """A user's keys, to whom nothing is allowed yet."""
    iam = cloud.client("iam")
    made = iam.create_user(UserName="caller")["User"]
    key = iam.create_access_key(UserName="caller")["AccessKey"]
    yield {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"], "user": made}
    for name in iam.list_user_policies(UserName="caller")["PolicyNames"]:
        iam.delete_user_policy(UserName="caller", PolicyName=name)
    for each in iam.list_access_keys(UserName="caller")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="caller", AccessKeyId=each["AccessKeyId"])
    iam.delete_user(UserName="caller")


def allow(cloud: LocalCloud, effect: str, resource: str, name: str = "calls") -> None:
    document = policy(effect, resource)
    cloud.client("iam").put_user_policy(UserName="caller", PolicyName=name, PolicyDocument=document)


def test_a_signed_request_tells_the_function_who_signed_it(
    cloud: LocalCloud, guarded: Api, user: dict[str, Any]
) -> None:
    allow(cloud, "Allow", "arn:aws:execute-api:us-east-1:123456789012:*/api/*/signed")
    identity = signed(guarded, user, "POST", '{"a": 1}').json()
    assert identity["accessKey"] == user["id"]
    assert identity["userArn"] == user["user"]["Arn"]
    assert identity["user"] == identity["caller"] == user["user"]["UserId"]
    assert identity["accountId"] == "123456789012"


def test_who_is_not_allowed_is_refused_as_on_aws(
    cloud: LocalCloud, guarded: Api, user: dict[str, Any]
) -> None:
    answer = signed(guarded, user)
    api_id = guarded.url.split("/")[-2]
    said = (
        "User: arn:aws:iam::123456789012:user/caller is not authorized to perform: "
        "execute-api:Invoke on resource: "
        f"arn:aws:execute-api:us-east-1:********9012:{api_id}/api/GET/signed "
    )
    nobody = "because no identity-based policy allows the execute-api:Invoke action"
    assert (answer.status_code, answer.json()) == (403, {"Message": said + nobody})
    assert answer.headers["x-amzn-ErrorType"] == "AccessDeniedException"
    allow(cloud, "Allow", "*")
    allow(cloud, "Deny", "arn:aws:execute-api:*:*:*/*/GET/signed", "denied")
    explicit = said + "with an explicit deny in an identity-based policy"
    assert signed(guarded, user).json() == {"Message": explicit}
    assert signed(guarded, user, "POST").status_code == 200


def test_a_role_s_session_signs_too(cloud: LocalCloud, guarded: Api) -> None:
    iam = cloud.client("iam")
    role = iam.create_role(RoleName="calling", AssumeRolePolicyDocument=policy("Allow", "*"))
    iam.put_role_policy(RoleName="calling", PolicyName="p", PolicyDocument=policy("Allow", "*"))
    given = cloud.client("sts").assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="tea")
    keys = given["Credentials"]
    identity = signed(
        guarded,
        {
            "id": keys["AccessKeyId"],
            "secret": keys["SecretAccessKey"],
            "token": keys["SessionToken"],
        },
    ).json()
    assert identity["userArn"] == "arn:aws:sts::123456789012:assumed-role/calling/tea"
    assert identity["user"].endswith(":tea")
    iam.delete_role_policy(RoleName="calling", PolicyName="p")
    iam.delete_role(RoleName="calling")


def test_the_developer_s_own_keys_may_call(guarded: Api) -> None:
    answer = signed(guarded, {"id": ACCESS_KEY_ID, "secret": SECRET_ACCESS_KEY})
    assert answer.json()["userArn"] == "arn:aws:iam::123456789012:root"


def test_a_key_that_was_deactivated_is_invalid(
    cloud: LocalCloud, guarded: Api, user: dict[str, Any]
) -> None:
    allow(cloud, "Allow", "*")
    cloud.client("iam").update_access_key(
        UserName="caller", AccessKeyId=user["id"], Status="Inactive"
    )
    answer = signed(guarded, user)
    assert answer.status_code == 403
    assert answer.json() == {"message": "The security token included in the request is invalid."}


def test_an_unsigned_request_is_refused(guarded: Api) -> None:
    assert guarded.get("/signed").json() == {"message": "Missing Authentication Token"}


def test_a_user_pool_s_tokens_open_what_they_are_for(guarded: Api, tokens: dict[str, str]) -> None:
    claims = guarded.get("/members", headers={"Authorization": tokens["id"]}).json()
    assert (claims["cognito:username"], claims["token_use"]) == ("ada", "id")
    spoken = guarded.get("/spoken", headers={"Authorization": f"Bearer {tokens['access']}"})
    assert spoken.json()["username"] == "ada"
    assert guarded.get("/members").status_code == 401
    assert guarded.get("/members", headers={"Authorization": tokens["access"]}).status_code == 401
    assert guarded.get("/spoken", headers={"Authorization": tokens["id"]}).status_code == 401


def test_a_request_authorizer_s_function_is_asked_once_for_each_identity(
    cloud: LocalCloud, guarded: Api
) -> None:
    for _ in range(2):
        told = guarded.get("/known?name=ada").json()
        assert (told["principalId"], told["guest"]) == ("ada", "true")
        assert guarded.get("/known?name=bob").status_code == 403
    assert guarded.get("/known").status_code == 401
    cloud.settle()
    asked = [line for line in cloud.logs("doorman").splitlines() if line.startswith("ASKED")]
    assert asked == ["ASKED ada GET /known", "ASKED bob GET /known"]


def test_moving_the_clock_makes_no_token_old(
    cloud: LocalCloud, guarded: Api, tokens: dict[str, str]
) -> None:
    cloud.advance(hours=2)
    assert guarded.get("/members", headers={"Authorization": tokens["id"]}).status_code == 200


def test_what_is_long_enough_is_compressed(guarded: Api, tokens: dict[str, str]) -> None:
    sent = {"Authorization": tokens["id"], "Accept-Encoding": "gzip"}
    assert guarded.get("/members", headers=sent).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in guarded.get("/known", headers=sent).headers


def test_a_usage_plan_limits_its_keys_from_call_to_call(cloud: LocalCloud, guarded: Api) -> None:
    gateway = cloud.client("apigateway")
    api_id, stage = guarded.url.split("/")[-2:]
    key = gateway.create_api_key(name="counted", enabled=True)
    plan = gateway.create_usage_plan(
        name="counted",
        apiStages=[{"apiId": api_id, "stage": stage}],
        throttle={"rateLimit": 0.001, "burstLimit": 2},
        quota={"limit": 3, "period": "DAY"},
    )
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")

    def get() -> tuple[int, str]:
        answer = guarded.get("/counted", headers={"x-api-key": key["value"]})
        return answer.status_code, answer.json().get("message", "")

    assert guarded.get("/counted").status_code == 403
    assert [get()[0], get()[0]] == [200, 200]
    assert get() == (429, "Too Many Requests")
    gateway.update_usage_plan(
        usagePlanId=plan["id"],
        patchOperations=[
            {"op": "replace", "path": "/throttle/rateLimit", "value": "1000.5"},
            {"op": "replace", "path": "/throttle/burstLimit", "value": "1000"},
        ],
    )
    cloud.advance(seconds=1)
    assert get()[0] == 200
    assert get() == (429, "Limit Exceeded")
    cloud.advance(hours=24)
    assert get()[0] == 200
    gateway.update_usage_plan(
        usagePlanId=plan["id"],
        patchOperations=[
            {
                "op": "add",
                "path": f"/apiStages/{api_id}:{stage}/throttle/~1counted/GET/burstLimit",
                "value": "0",
            }
        ],
    )
    assert get() == (429, "Too Many Requests")
    gateway.delete_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"])
    gateway.delete_usage_plan(usagePlanId=plan["id"])
    gateway.delete_api_key(apiKey=key["id"])


def test_a_stage_limits_everybody(cloud: LocalCloud, guarded: Api) -> None:
    api_id, stage = guarded.url.split("/")[-2:]

    def limit(value: str) -> None:
        operations = [
            {"op": "replace", "path": f"/*/*/throttling/{name}", "value": value}
            for name in ("rateLimit", "burstLimit")
        ]
        cloud.client("apigateway").update_stage(
            restApiId=api_id, stageName=stage, patchOperations=operations
        )

    limit("0")
    assert guarded.get("/members").status_code == 401  # who may not call takes nothing
    keys = {"id": ACCESS_KEY_ID, "secret": SECRET_ACCESS_KEY}
    assert signed(guarded, keys).json() == {"message": "Too Many Requests"}
    limit("-1")
    assert signed(guarded, keys).status_code == 200


def test_an_authorizer_that_cannot_work_is_refused_and_nothing_else_suffers(
    cloud: LocalCloud, guarded: Api
) -> None:
    gateway = cloud.client("apigateway")
    api = gateway.create_rest_api(name="broken")
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:f/invocations"
    gateway.create_authorizer(
        restApiId=api["id"], name="guard", type="REQUEST", authorizerUri=uri, identitySource="no"
    )
    where = {
        "restApiId": api["id"],
        "resourceId": api["rootResourceId"],
        "httpMethod": "GET",
    }
    gateway.put_method(**where, authorizationType="NONE")
    gateway.put_integration(**where, type="MOCK")
    with pytest.raises(gateway.exceptions.BadRequestException, match="mapping expression"):
        gateway.create_deployment(restApiId=api["id"], stageName="v1")
    assert gateway.create_api_key(name="unharmed")["name"] == "unharmed"
    assert guarded.get("/signed").status_code == 403
    gateway.delete_rest_api(restApiId=api["id"])
    for key in gateway.get_api_keys(nameQuery="unharmed")["items"]:
        gateway.delete_api_key(apiKey=key["id"])


def test_an_authorizers_function_stands_under_the_gateway(cloud: LocalCloud, guarded: Api) -> None:
    asked = cloud.trace(guarded.get("/known", params={"name": "ada", "a": "new"}))
    assert [(each.parent, each.name) for each in asked.segments if each.kind == "function"] == [
        (asked.segments[0].id, "doorman"),
        (asked.segments[0].id, "guarded-dev"),
    ]
    assert asked.tree(times=False).splitlines()[1].startswith("├ function doorman, authorizer")
    refused = cloud.trace(guarded.get("/known", params={"name": "bob"}))
    assert refused.tree(times=False).splitlines()[0] == "GET /known → 403  ERROR"
    assert [each.name for each in refused.segments if each.kind == "function"] == ["doorman"]
