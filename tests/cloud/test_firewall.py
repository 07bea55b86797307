"""No real credential is used and no call leaves: held against a poisoned environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from workbook.cloud import LocalCloud, firewall
from workbook.errors import CloudError

REAL = "AKIAREALREALREALREAL"
POISON = {
    "AWS_ACCESS_KEY_ID": REAL,
    "AWS_SECRET_ACCESS_KEY": "real-secret",
    "AWS_SESSION_TOKEN": "real-token",
    "AWS_PROFILE": "production",
    "AWS_DEFAULT_PROFILE": "production",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ENDPOINT_URL": "http://192.0.2.1:9",
    "AWS_ENDPOINT_URL_S3": "http://192.0.2.1:9",
    "AWS_ENDPOINT_URL_DYNAMODB": "http://192.0.2.1:9",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/credentials",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/credentials",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "real-token",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token",
    "AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/production",
    "AWS_BEARER_TOKEN_BEDROCK": "real-token",
    "HTTP_PROXY": "http://192.0.2.1:9",
    "https_proxy": "http://192.0.2.1:9",
    "NO_PROXY": "intranet.example",
}
CONFIG = """[default]
region = eu-central-1
endpoint_url = http://192.0.2.1:9
[profile production]
region = eu-central-1
credential_process = false
[services shop]
s3 =
  endpoint_url = http://192.0.2.1:9
"""
CREDENTIALS = f"""[default]
aws_access_key_id = {REAL}
aws_secret_access_key = real-secret
[production]
aws_access_key_id = {REAL}
aws_secret_access_key = real-secret
"""

# In a poisoned process: calls by a client, a session of boto3's, the AWS SDK of a child process
# and a deployed function; then what the server saw, and the environment before and after.
SCRIPT = """
import json, os, subprocess, sys
sys.path.insert(0, {here!r})
import boto3
from small_apps import zipped
from workbook.cloud import LocalCloud
boto3.setup_default_session(region_name="eu-central-1")
before = dict(os.environ)
with LocalCloud.start() as cloud:
    boto3.client("dynamodb").list_tables()
    boto3.client("s3").list_buckets()
    boto3.session.Session().client("sts").get_caller_identity()
    child = "import boto3; boto3.client('sqs').list_queues()"
    subprocess.run([sys.executable, "-c", child], check=True)
    role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{{}}")["Role"]
    functions = boto3.client("lambda")
    source = ("import boto3, os\\n"
        "def handler(event, context):\\n"
        "    boto3.client('ssm').describe_parameters()\\n"
        "    return dict(os.environ)\\n")
    functions.create_function(FunctionName="f", Runtime="python3.12", Handler="app.handler",
        Role=role["Arn"], Code={{"ZipFile": zipped(source)}})
    inside = json.load(functions.invoke(FunctionName="f")["Payload"])
    daemon = open(f"/proc/{{cloud.pid}}/environ").read() if sys.platform == "linux" else ""
    calls = [(call["service"], call["access_key"], call["status"]) for call in cloud.calls()]
print(json.dumps({{"calls": calls, "restored": dict(os.environ) == before,
    "inside": inside, "daemon": daemon}}))
"""


@pytest.fixture
def poisoned(tmp_path: Path) -> dict[str, str]:
    """An environment with real-looking credentials everywhere that AWS clients look."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "config").write_text(CONFIG)
    (folder / "credentials").write_text(CREDENTIALS)
    (tmp_path / ".boto").write_text(f"[Credentials]\naws_access_key_id = {REAL}\n")
    clean = firewall.outside_aws(os.environ)
    return {**clean, **POISON, "HOME": str(tmp_path)}


def test_no_real_credential_is_used_and_everything_is_put_back(poisoned: dict[str, str]) -> None:
    script = SCRIPT.format(here=str(Path(__file__).parent))
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env=poisoned,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    services = {service for service, _, _ in told["calls"]}
    assert {"dynamodb", "s3", "sts", "sqs", "iam", "lambda", "ssm"} <= services
    assert all(status < 400 for _, _, status in told["calls"]), told["calls"]
    assert REAL not in {key for _, key, _ in told["calls"]}
    assert told["restored"]
    seen_inside = json.dumps(told["inside"])
    assert (
        REAL not in seen_inside and "real-" not in seen_inside and "production" not in seen_inside
    )
    assert REAL not in told["daemon"] and "real-" not in told["daemon"]


def test_a_call_that_would_leave_this_machine_fails_loudly(cloud: LocalCloud) -> None:
    elsewhere = boto3.client("sqs", endpoint_url="https://sqs.us-east-1.amazonaws.com")
    with pytest.raises(CloudError, match="would have left this machine for sqs.us-east-1"):
        elsewhere.list_queues()


def test_a_client_made_before_the_cloud_is_held_back_too() -> None:
    script = (
        "import boto3, os\n"
        "early = boto3.client('sqs', region_name='us-east-1', aws_access_key_id='a',"
        " aws_secret_access_key='b')\n"
        "from workbook.cloud import firewall\n"
        "firewall.Firewall('http://127.0.0.1:9').start()\n"
        "try:\n"
        "    early.list_queues()\n"
        "except firewall.CloudError as refused:\n"
        "    print(refused)\n"
    )
    clean = firewall.outside_aws(os.environ)
    ran = subprocess.run(
        [sys.executable, "-c", script], env=clean, capture_output=True, text=True, check=False
    )
    assert "would have left this machine" in ran.stdout, ran.stderr


def test_a_function_cannot_call_out_either(cloud: LocalCloud, function: Callable[..., str]) -> None:
    function(
        "outward",
        "import boto3\n"
        "def handler(event, context):\n"
        "    boto3.client('sqs', endpoint_url='https://sqs.us-east-1.amazonaws.com').list_queues()\n",
        Timeout=20,
    )
    answer = cloud.client("lambda", config=Config(read_timeout=60)).invoke(FunctionName="outward")
    told = json.load(answer["Payload"])
    assert "sqs.us-east-1.amazonaws.com" in told["errorMessage"]
    assert "leave this machine" in told["errorMessage"]


def test_the_last_cloud_started_decides_and_the_first_comes_back(cloud: LocalCloud) -> None:
    before = os.environ["AWS_ENDPOINT_URL"]
    first, second = (firewall.Firewall(f"http://127.0.0.1:{port}") for port in (1, 2))
    first.start()
    second.start()
    assert os.environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:2"
    first.stop()
    assert os.environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:2"
    second.stop()
    assert os.environ["AWS_ENDPOINT_URL"] == before


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "abc.execute-api.localhost", "::1"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert firewall.is_here(host)


@pytest.mark.parametrize("host", ["", "127.0.0.1.example.com", "169.254.169.254", "amazonaws.com"])
def test_anything_else_is_elsewhere(host: str) -> None:
    assert not firewall.is_here(host)
