"""The cloud used from a terminal, by somebody who never opens a notebook.

The command is started as a person would start it, the lines it prints are pasted into a shell, and
all else is curl, boto3, the AWS CLI and chalice.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chalice_projects import Project

# What `python3 -m workbook cloud` does with a command's module.
RUN = """
import argparse, sys
from workbook.commands import cloud
parser = argparse.ArgumentParser()
cloud.add_arguments(parser)
sys.exit(cloud.run(parser.parse_args()))
"""
HAS_MAIN = importlib.util.find_spec("workbook.__main__") is not None
COMMAND = ["-m", "workbook", "cloud"] if HAS_MAIN else ["-c", RUN]
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

Shell = Callable[[str], str]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell with the exports that the command printed; returns what a line prints."""
    folder = tmp_path_factory.mktemp("terminal")
    ready = folder / "ready.json"
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    serving = subprocess.Popen(
        [sys.executable, *COMMAND, "--ready-file", str(ready)],
        env=bare,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    try:
        exports = [
            line for line in _until_ctrl_c(serving) if line.startswith(("unset ", "export "))
        ]
        endpoint = json.loads(ready.read_text())["endpoint"]

        def run(line: str) -> str:
            ran = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", "".join(exports) + line],
                cwd=folder,
                env={**bare, "PATH": PATH, "ENDPOINT": endpoint},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr
            return ran.stdout

        Project.of_app("guestbook", folder / "guestbook")
        yield run
    finally:
        serving.send_signal(signal.SIGINT)
        serving.communicate(timeout=30)
    assert serving.returncode == 0
    assert not ready.exists()


def _until_ctrl_c(serving: subprocess.Popen[str]) -> Iterator[str]:
    assert serving.stdout is not None
    for line in serving.stdout:
        yield line
        if line.startswith("Ctrl-C"):
            return


def test_chalice_deploys_and_curl_calls_what_was_deployed(shell: Shell) -> None:
    shell(
        """
        python - <<'PYTHON'
import boto3
boto3.client("dynamodb").create_table(
    TableName="guestbook-entries", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}])
PYTHON
        cd guestbook && chalice deploy
        """
    )
    api_id = shell("cd guestbook && chalice url").split("//")[1].split(".")[0]
    url = f"$ENDPOINT/_aws/execute-api/{api_id}/api"
    shell(f"""curl -fsS -X PUT -H 'Content-Type: application/json' \
        -d '{{"words": "lovely tea"}}' {url}/entries/ada""")
    assert json.loads(shell(f"curl -fsS {url}/entries/ada"))["words"] == "lovely tea"
    by_host = f"http://{api_id}.execute-api.localhost:${{ENDPOINT##*:}}/api/entries"
    resolved = f"--resolve {api_id}.execute-api.localhost:${{ENDPOINT##*:}}:127.0.0.1"
    assert json.loads(shell(f"curl -fsS {resolved} {by_host}")) == ["ada"]
    assert "REPORT" in shell("cd guestbook && chalice logs --include-lambda-messages")
    shell("cd guestbook && chalice delete")
    status = shell(f"curl -s -o /dev/null -w '%{{http_code}}' {url}/entries")
    assert status == "403"


def test_boto3_needs_nothing_but_the_exports(shell: Shell) -> None:
    told = shell(
        """
        python - <<'PYTHON'
import boto3
boto3.client("sqs").create_queue(QueueName="terminal")
print(boto3.client("sts").get_caller_identity()["Account"], boto3.client("sqs").list_queues()["QueueUrls"])
PYTHON
        """
    )
    assert told.startswith("123456789012 ['http://127.0.0.1:")
    assert told.strip().endswith("/123456789012/terminal']")


@pytest.mark.skipif(shutil.which("aws", path=PATH) is None, reason="there is no `aws` on PATH")
def test_the_aws_cli_needs_nothing_but_the_exports(shell: Shell) -> None:
    shell("aws s3 mb s3://terminal-bucket && echo tea > tea.txt")
    shell("aws s3 cp tea.txt s3://terminal-bucket/tea.txt")
    assert "tea.txt" in shell("aws s3 ls s3://terminal-bucket/")
    shell("aws ssm put-parameter --name /terminal/size --type String --value large")
    found = json.loads(shell("aws ssm get-parameter --name /terminal/size --output json"))
    assert found["Parameter"]["Value"] == "large"


def test_the_cloud_itself_can_be_asked_with_curl(shell: Shell) -> None:
    assert json.loads(shell("curl -fsS $ENDPOINT/_workbook/health")) == {"ready": True}
