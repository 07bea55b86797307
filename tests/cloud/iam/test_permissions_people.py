"""Roles, users and groups: whose policies a key carries, and what becomes of keys."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from acting import administrator, clients_of, clients_with
from policy_texts import allow, deny, document, refused

from workbook.cloud import LocalCloud

DENIED = "AccessDeniedException"
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@pytest.fixture
def user(strict: LocalCloud, request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Makes a user with an inline policy; returns name, key and clients."""
    iam = administrator(strict, "iam")
    name = f"user-{request.node.name.replace('[', '-').strip(']')}"[:60]

    def make(*statements: dict[str, Any]) -> tuple[str, str, Any]:
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(
                UserName=name, PolicyName="inline", PolicyDocument=document(*statements)
            )
        key = iam.create_access_key(UserName=name)["AccessKey"]
        clients = clients_with(strict, key["AccessKeyId"], key["SecretAccessKey"])
        return name, key["AccessKeyId"], clients

    return make


def test_a_user_has_the_policies_of_its_groups(
    strict: LocalCloud, user: Callable[..., Any]
) -> None:
    name, _, clients = user(allow("sqs:ListQueues"))
    with refused(DENIED, f"User: arn:aws:iam::123456789012:user/{name} is not authorized"):
        clients("dynamodb").list_tables()
    clients("sqs").list_queues()
    iam = administrator(strict, "iam")
    iam.create_group(GroupName="shopkeepers")
    policy = iam.create_policy(PolicyName="tables", PolicyDocument=document(allow("dynamodb:*")))
    iam.attach_group_policy(GroupName="shopkeepers", PolicyArn=policy["Policy"]["Arn"])
    iam.put_group_policy(
        GroupName="shopkeepers", PolicyName="no", PolicyDocument=document(deny("sqs:*"))
    )
    iam.add_user_to_group(GroupName="shopkeepers", UserName=name)
    clients("dynamodb").list_tables()
    with refused("AccessDenied", "with an explicit deny in an identity-based policy"):
        clients("sqs").list_queues()


def test_a_key_that_is_gone_is_not_the_administrators(
    strict: LocalCloud, user: Callable[..., Any]
) -> None:
    name, key, clients = user(allow("*"))
    clients("dynamodb").list_tables()
    iam = administrator(strict, "iam")
    iam.update_access_key(UserName=name, AccessKeyId=key, Status="Inactive")
    with refused("UnrecognizedClientException", "security token included in the request is inval"):
        clients("dynamodb").list_tables()
    with refused("InvalidAccessKeyId"):
        clients("s3").list_buckets()
    iam.delete_access_key(UserName=name, AccessKeyId=key)
    with refused("InvalidClientTokenId"):
        clients("iam").list_users()


def test_an_assumed_role_acts_as_itself(
    strict: LocalCloud, user: Callable[..., Any], role: Callable[..., str]
) -> None:
    target = role(allow("dynamodb:ListTables"))
    _, _, clients = user(allow("sts:AssumeRole", target))
    session = clients("sts").assume_role(RoleArn=target, RoleSessionName="shop")["Credentials"]
    assumed = clients_with(
        strict, session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]
    )
    assumed("dynamodb").list_tables()
    with refused("AccessDenied", f"perform: sts:AssumeRole on resource: {target}") as denied:
        assumed("sts").assume_role(RoleArn=target, RoleSessionName="shop")
    assert denied.message.endswith(target), "AWS gives no reason here"


def test_a_role_changes_while_it_is_used(strict: LocalCloud, role: Callable[..., str]) -> None:
    arn = role(name="changing")
    client, iam = clients_of(strict, arn)("dynamodb"), administrator(strict, "iam")
    with refused(DENIED):
        client.list_tables()
    iam.put_role_policy(
        RoleName="changing", PolicyName="now", PolicyDocument=document(allow("dynamodb:*"))
    )
    client.list_tables()
    iam.delete_role_policy(RoleName="changing", PolicyName="now")
    with refused(DENIED):
        client.list_tables()
    iam.delete_role(RoleName="changing")
    with refused(DENIED):
        client.list_tables()


def test_a_managed_policy_counts_in_its_default_version(
    strict: LocalCloud, role: Callable[..., str]
) -> None:
    iam = administrator(strict, "iam")
    arn = role(name="versioned")
    policy = iam.create_policy(PolicyName="v", PolicyDocument=document(allow("sqs:*")))
    policy_arn = policy["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="versioned", PolicyArn=policy_arn)
    client = clients_of(strict, arn)("dynamodb")
    later = document(allow("dynamodb:*"))
    made = iam.create_policy_version(PolicyArn=policy_arn, PolicyDocument=later)
    with refused(DENIED):
        client.list_tables()
    iam.set_default_policy_version(
        PolicyArn=policy_arn, VersionId=made["PolicyVersion"]["VersionId"]
    )
    client.list_tables()


def test_awss_own_managed_policies(strict: LocalCloud, role: Callable[..., str]) -> None:
    arn = role(name="basic")
    administrator(strict, "iam").attach_role_policy(RoleName="basic", PolicyArn=BASIC)
    client = clients_of(strict, arn)("logs")
    client.create_log_group(logGroupName="iam-basic")
    with refused(DENIED, "logs:DeleteLogGroup"):
        client.delete_log_group(logGroupName="iam-basic")


def test_awss_own_managed_policies_can_be_attached_without_enforcement(cloud: LocalCloud) -> None:
    iam = cloud.client("iam")
    iam.create_role(RoleName="unenforced", AssumeRolePolicyDocument="{}")
    iam.attach_role_policy(RoleName="unenforced", PolicyArn=BASIC)
    attached = iam.list_attached_role_policies(RoleName="unenforced")["AttachedPolicies"]
    assert [each["PolicyArn"] for each in attached] == [BASIC]
    assert not [row for row in cloud.inventory() if "AWSLambdaBasic" in row["name"]]


def test_a_permissions_boundary_is_the_outer_limit(
    strict: LocalCloud, role: Callable[..., str]
) -> None:
    policy = administrator(strict, "iam").create_policy(
        PolicyName="limit", PolicyDocument=document(allow("sqs:*"))
    )
    bounded = role(allow("*"), PermissionsBoundary=policy["Policy"]["Arn"])
    clients = clients_of(strict, bounded)
    clients("sqs").list_queues()
    with refused(DENIED, "because no permissions boundary allows the dynamodb:ListTables action"):
        clients("dynamodb").list_tables()


def test_a_session_policy_narrows_a_session(strict: LocalCloud, role: Callable[..., str]) -> None:
    everything = role(allow("*"))
    clients = clients_of(strict, everything, Policy=document(allow("sqs:*")))
    clients("sqs").list_queues()
    with refused(DENIED, "because no session policy allows the dynamodb:ListTables action"):
        clients("dynamodb").list_tables()


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/role-*"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::*"}}, False),
        ({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, True),
        ({"StringLike": {"aws:userid": "AROA*:shop"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.1"}}, True),
        ({"StringLike": {"aws:UserAgent": "*Boto3/*"}}, True),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
        ({"NumericLessThan": {"aws:EpochTime": "1577836800"}}, False),
        ({"Null": {"aws:SourceArn": "true", "aws:username": "true"}}, True),
        ({"StringEquals": {"aws:ResourceTag/team": "shop"}}, False),
    ],
    ids=str,
)
def test_conditions_on_the_request(
    under: Callable[..., Any], condition: dict[str, Any], allowed: bool
) -> None:
    client = under(allow("dynamodb:ListTables", Condition=condition))("dynamodb")
    with contextlib.nullcontext() if allowed else refused(DENIED):
        client.list_tables()


def test_a_condition_on_a_users_name(user: Callable[..., Any]) -> None:
    mine = {"StringLike": {"aws:username": "user-test_a_condition*"}}
    _, _, clients = user(allow("dynamodb:ListTables", Condition=mine))
    clients("dynamodb").list_tables()


def test_what_cannot_be_judged_answers_with_its_name(under: Callable[..., Any]) -> None:
    own = allow("dynamodb:*", "arn:aws:dynamodb:*:*:table/${aws:username}")
    with refused("NotImplemented", "policy variables: ${aws:username}"):
        under(own)("dynamodb").describe_table(TableName="orders")
    with refused("NotImplemented", "sessions of users: GetSessionToken"):
        under(allow("*"))("sts").get_session_token()


def test_nobody_passes_a_role_without_leave(
    strict: LocalCloud, user: Callable[..., Any], role: Callable[..., str]
) -> None:
    strong = role(allow("*"))
    _, _, clients = user(allow("lambda:*"))
    create = {
        "FunctionName": "escalation",
        "Runtime": "python3.12",
        "Handler": "app.handler",
        "Role": strong,
        "Code": {"ZipFile": b"PK"},
    }
    with refused(DENIED, f"iam:PassRole on resource: {strong} because no identity-based"):
        clients("lambda").create_function(**create)


def test_the_developers_own_keys_are_the_administrators(strict: LocalCloud) -> None:
    administrator(strict, "dynamodb").list_tables()
    clients_with(strict, "AKIAANYTHING", "secret")("dynamodb").list_tables()


def test_without_enforcement_all_is_open(cloud: LocalCloud) -> None:
    iam = cloud.client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    arn = iam.create_role(RoleName="powerless", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    clients = clients_of(cloud, arn)
    clients("dynamodb").list_tables()
    clients("s3").list_buckets()
    iam.delete_role(RoleName="powerless")
