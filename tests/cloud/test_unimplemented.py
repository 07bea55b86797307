"""What is not emulated answers 501 with its name, and each name on the list is called here.

The calls, routes and policies are those of not_emulated/.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from not_emulated import ARN, CALLS, GUARD, INVOKE, POLICIES, ROUTES, Call, authorizer
from small_apps import create_function

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api
from workbook.cloud.missing import Missing

NO_PREFIX = Config(inject_host_prefix=False)  # sync-127.0.0.1 is no host
PREFIXED = ("start_sync_execution",)
PATHS = [(missing, path) for missing, routes in ROUTES.items() for path in routes]
ASKS_THE_RUNTIME_API = """
import http.client, os

def handler(event, context):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request("GET", "/2018-06-01/runtime/restore/next")
    answer = connection.getresponse()
    return [answer.status, answer.read().decode()]
"""
ELSEWHERE = {
    Missing.RUNTIME_API: "test_the_runtime_api_answers_501_too",
    Missing.S3_EVENTS: "test_a_notification_of_what_never_happens_is_501_and_changes_nothing",
    Missing.TARGET_SETTINGS: "test_a_setting_of_a_target_is_501_and_changes_nothing",
}


def test_every_name_on_the_list_is_called() -> None:
    called = {*(missing for missing, _ in CALLS), *ROUTES, *POLICIES, *ELSEWHERE}
    assert called == set(Missing), "Add a call that is refused by the name to not_emulated/."
    assert set(ELSEWHERE.values()) <= globals().keys()


def assert_refused(call: Any, parameters: dict[str, Any], missing: Missing) -> None:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    answer = refused.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert answer["Error"]["Code"] == "NotImplemented"
    assert missing.title in answer["Error"]["Message"]


@pytest.mark.parametrize(
    ("missing", "call"), CALLS, ids=[f"{missing.name}-{call[1]}" for missing, call in CALLS]
)
def test_the_call_answers_501_with_the_name(
    cloud: LocalCloud, missing: Missing, call: Call
) -> None:
    service, operation, parameters = call
    options: dict[str, Any] = {"config": NO_PREFIX} if operation in PREFIXED else {}
    client = cloud.client(service, **options)
    assert_refused(getattr(client, operation), parameters, missing)


@pytest.fixture(scope="module")
def lacking(cloud: LocalCloud) -> Api:
    """An API each of whose routes asks for something missing."""
    guard = create_function(cloud, "guard-of-lacking", GUARD)
    paths = {path: {"get": each} for routes in ROUTES.values() for path, each in routes.items()}
    document = {
        "swagger": "2.0",
        "info": {"title": "lacking", "version": "1"},
        "paths": paths,
        "securityDefinitions": {
            "guard": authorizer(type="token", authorizerUri=INVOKE.format(guard)),
        },
    }
    gateway = cloud.client("apigateway")
    api = gateway.import_rest_api(body=json.dumps(document))
    gateway.create_deployment(restApiId=api["id"], stageName="v1")
    return cloud.api("lacking")


@pytest.mark.parametrize(("missing", "path"), PATHS, ids=[path for _, path in PATHS])
def test_the_route_answers_501_with_the_name(lacking: Api, missing: Missing, path: str) -> None:
    answer = lacking.get(path, headers={"Authorization": "a"})
    assert answer.status_code == 501
    assert missing.title in answer.json()["message"]


@pytest.mark.parametrize("missing", POLICIES, ids=lambda missing: missing.name)
def test_what_cannot_be_judged_is_501_with_the_name(strict: LocalCloud, missing: Missing) -> None:
    statement, (service, operation, parameters) = POLICIES[missing]
    iam, name = strict.client("iam"), f"unjudged-{missing.name}"
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="only", PolicyDocument=policy)
    session = strict.client("sts").assume_role(RoleArn=role, RoleSessionName="shop")
    keys = session["Credentials"]
    client = strict.client(
        service,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    assert_refused(getattr(client, operation), parameters, missing)


def test_the_runtime_api_answers_501_too(cloud: LocalCloud, function: Any) -> None:
    function("curious", ASKS_THE_RUNTIME_API)
    answer = cloud.client("lambda").invoke(FunctionName="curious")
    status, body = json.load(answer["Payload"])
    assert status == 501
    assert Missing.RUNTIME_API.title in body


def test_a_notification_of_what_never_happens_is_501_and_changes_nothing(
    cloud: LocalCloud,
) -> None:
    client, queue = cloud.client("s3"), "arn:aws:sqs:us-east-1:123456789012:told"
    cloud.client("sqs").create_queue(QueueName="told")
    client.create_bucket(Bucket="expectant")

    def notify(event: str) -> dict[str, Any]:
        configuration = {"Id": event, "QueueArn": queue, "Events": [event]}
        return {
            "Bucket": "expectant",
            "NotificationConfiguration": {"QueueConfigurations": [configuration]},
        }

    client.put_bucket_notification_configuration(**notify("s3:ObjectRemoved:*"))
    for never in ("s3:ObjectRestore:Post", "s3:LifecycleTransition"):
        assert_refused(
            client.put_bucket_notification_configuration, notify(never), Missing.S3_EVENTS
        )
    client.put_object(Bucket="expectant", Key="k", Body=b"")
    kept = client.get_bucket_notification_configuration(Bucket="expectant")
    assert [each["Id"] for each in kept["QueueConfigurations"]] == ["s3:ObjectRemoved:*"]


def test_a_setting_of_a_target_is_501_and_changes_nothing(cloud: LocalCloud) -> None:
    client = cloud.client("events")
    client.put_rule(Name="careful", EventPattern='{"source": ["stall"]}')
    target = {"Id": "1", "Arn": ARN, "EcsParameters": {"TaskDefinitionArn": "arn:aws:ecs:a:b:c"}}
    put = {"Rule": "careful", "Targets": [target]}
    assert_refused(client.put_targets, put, Missing.TARGET_SETTINGS)
    assert client.list_targets_by_rule(Rule="careful")["Targets"] == []


def test_what_is_switched_off_is_not_refused(cloud: LocalCloud) -> None:
    """Chalice sends many settings with the value that asks for nothing."""
    client = cloud.client("lambda")
    with pytest.raises(ClientError) as refused:
        client.update_function_configuration(
            FunctionName="nobody",
            Layers=[],
            VpcConfig={"SubnetIds": [], "SecurityGroupIds": []},
            TracingConfig={"Mode": "PassThrough"},
        )
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
