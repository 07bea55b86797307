"""`chalice deploy` by somebody who may do no more than that, of a service that may do no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from acting import administrator
from policy_texts import allow, arn, document

from workbook.cloud import LocalCloud

APP = """
import boto3
from chalice import Chalice

app = Chalice(app_name="till")


@app.route("/sales/{sale}", methods=["PUT"])
def sell(sale):
    boto3.client("dynamodb").put_item(TableName="till-sales", Item={"id": {"S": sale}})
    return {"sold": sale}


@app.route("/sales/{sale}", methods=["DELETE"])
def refund(sale):
    boto3.client("dynamodb").delete_item(TableName="till-sales", Key={"id": {"S": sale}})
    return {"refunded": sale}


@app.on_sqs_message(queue="till-orders")
def ordered(event):
    print("ORDERED", *[record.body for record in event])
"""
DEPLOYER = [
    allow(
        ["iam:GetRole", "iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole"],
        "arn:aws:iam::123456789012:role/till-dev-*",
    ),
    allow(
        ["lambda:*Function*", "lambda:*Tag*", "lambda:GetPolicy", "lambda:AddPermission"],
        arn("lambda", "function:till-dev*"),
    ),
    allow(["lambda:ListEventSourceMappings", "lambda:CreateEventSourceMapping"]),
    allow("sqs:GetQueueUrl", arn("sqs", "till-orders")),
    allow(
        ["apigateway:GET", "apigateway:POST", "apigateway:PATCH"],
        "arn:aws:apigateway:us-east-1::/restapis*",
    ),
]
SERVICE = [
    allow("dynamodb:PutItem", arn("dynamodb", "table/till-sales")),
    allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]),
    allow("logs:*"),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".chalice").mkdir()
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "requirements.txt").touch()
    stage = {"autogen_policy": False, "iam_policy_file": "policy.json"}
    config = {"version": "2.0", "app_name": "till", "stages": {"dev": stage}}
    (tmp_path / ".chalice" / "config.json").write_text(json.dumps(config))
    (tmp_path / ".chalice" / "policy.json").write_text(document(*SERVICE))
    return tmp_path


@pytest.fixture
def deploy(strict: LocalCloud, project: Path) -> Callable[..., tuple[int, str]]:
    """Runs `chalice deploy` as a new user with these statements; its exit code and its output."""
    iam = administrator(strict, "iam")

    def run(name: str, *statements: dict[str, Any]) -> tuple[int, str]:
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="d", PolicyDocument=document(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        surroundings = {n: v for n, v in os.environ.items() if n != "AWS_SESSION_TOKEN"}
        ran = subprocess.run(
            [str(Path(sys.executable).with_name("chalice")), "deploy"],
            cwd=project,
            env={
                **surroundings,
                "AWS_ENDPOINT_URL": strict.endpoint,
                "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return ran.returncode, ran.stdout + ran.stderr

    return run


@pytest.mark.slow
def test_a_deploy_under_least_privilege(
    strict: LocalCloud, deploy: Callable[..., tuple[int, str]]
) -> None:
    administrator(strict, "dynamodb").create_table(
        TableName="till-sales",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    queue = administrator(strict, "sqs").create_queue(
        QueueName="till-orders", Attributes={"VisibilityTimeout": "60"}
    )["QueueUrl"]

    code, said = deploy("almost", *DEPLOYER[1:])
    assert code != 0
    assert "not authorized to perform: iam:GetRole on resource" in " ".join(said.split())

    code, said = deploy("deployer", *DEPLOYER)
    assert code == 0, said
    api = strict.api("till")
    assert api.request("PUT", "/sales/1").json() == {"sold": "1"}
    assert api.request("DELETE", "/sales/1").status_code == 500
    assert "AccessDeniedException" in strict.logs("till-dev")
    assert "not authorized to perform: dynamodb:DeleteItem" in strict.logs("till-dev")
    administrator(strict, "sqs").send_message(QueueUrl=queue, MessageBody="tea")
    strict.settle()
    assert "ORDERED tea" in strict.logs("till-dev-ordered")
