"""resources.yaml: the one place of names and permissions, sound alone and merged into a package."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.exceptions import WaiterError
from cfnlint.api import lint
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

import stage
from app import app
from chalicelib.settings import STAGES, Settings
from stage import HERE as SERVICE

TEXT = stage.TEMPLATE.read_text()
TEMPLATE = yaml.safe_load(TEXT)


def chalice(*arguments: str, folder: Path) -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("chalice")), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def findings(template: str) -> list[str]:
    """What cfn-lint says of a template, warnings and hints too."""
    return [f"{match.rule.id} {match.message}" for match in lint(template, regions=["us-east-1"])]


def test_its_outputs_are_what_the_settings_and_the_functions_need() -> None:
    outputs = TEMPLATE["Outputs"]
    needed = {name.upper() for name in Settings.__dataclass_fields__} - {"STAGE"}
    sources = {f"{stage._snake(source).upper()}" for _, _, source in stage.SOURCES.values()}
    assert set(stage.variables(outputs)) == needed | sources
    handlers = {each.name for each in (*app.event_sources, *app.builtin_auth_handlers)}
    assert set(stage.roles(outputs)) == handlers | {"api_handler"}


def test_every_wildcard_has_its_reason_beside_it() -> None:
    lines = TEXT.splitlines()
    wild = [
        line for line in lines if "*" in line.partition("#")[0] and "s3:ObjectCreated" not in line
    ]
    assert wild
    assert [line for line in wild if not re.search(r'# .*"', line)] == []


def test_every_role_names_actions_and_resources_one_by_one() -> None:
    for name, role in TEMPLATE["Resources"].items():
        if role["Type"] == "AWS::IAM::Role":
            [policy] = role["Properties"]["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]:
                assert not any("*" in action for action in statement["Action"]), name
                assert statement["Resource"] != "*", name


def test_nothing_but_log_groups_has_a_name_of_its_own() -> None:
    named = {
        resource["Type"]
        for resource in TEMPLATE["Resources"].values()
        for key in resource.get("Properties", {})
        if key.endswith("Name")
    }
    assert named == {"AWS::Logs::LogGroup"}


def test_every_stage_of_the_config_is_known_and_says_who_it_is() -> None:
    config = json.loads(stage.CONFIG.read_text())
    assert tuple(config["stages"]) == STAGES
    assert [each["environment_variables"]["STAGE"] for each in config["stages"].values()] == [
        *STAGES
    ]


def test_the_committed_config_names_nobodys_resources() -> None:
    assert "arn:" not in stage.CONFIG.read_text()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the service that stage.py writes to."""
    copy = tmp_path / "service"
    shutil.copytree(SERVICE, copy, ignore=shutil.ignore_patterns("tests", "deploy*", "__pycache__"))
    monkeypatch.setattr(stage, "CONFIG", copy / ".chalice" / "config.json")
    return copy


def test_up_writes_what_chalice_reads_and_down_takes_it_out_again(
    on_moto: dict[str, str], project: Path
) -> None:
    before = stage.CONFIG.read_text()
    found = stage.up("staging")
    own = json.loads(stage.CONFIG.read_text())["stages"]["staging"]
    assert own["environment_variables"]["ITEMS_TABLE"] == found["ItemsTable"]
    assert own["lambda_functions"]["orders"] == {"iam_role_arn": found["OrdersRole"]}
    boto3.client("s3").put_object(Bucket=found["ReportsBucket"], Key="k", Body=b"")
    stage.down("staging")
    assert stage.CONFIG.read_text() == before


def test_down_deletes_the_layers_of_its_stage_alone(on_moto: dict[str, str], project: Path) -> None:
    lambdas = boto3.client("lambda")
    for name in ("inventory-service-staging-managed-layer", "inventory-service-dev-managed-layer"):
        for _ in range(2):  # of two deploys that broke off
            lambdas.publish_layer_version(LayerName=name, Content={"ZipFile": b"zip"})
    stage.up("staging")
    stage.down("staging")
    left = [layer["LayerName"] for layer in lambdas.list_layers()["Layers"]]
    assert left == ["inventory-service-dev-managed-layer"]


class Stack:
    """A client whose stack needs some looks until its waiter is content, or finds that it failed."""

    def __init__(self, looks: int, end: str = "") -> None:
        self.looks, self.end = looks, end

    def get_waiter(self, state: str) -> Stack:
        return self

    def wait(self, **asked: Any) -> None:
        self.looks -= 1
        if self.looks:
            raise WaiterError("StackCreateComplete", "Max attempts exceeded", {})
        if self.end:
            raise WaiterError("StackCreateComplete", self.end, {})


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long stage.py has paused each time, without waiting for it."""
    made: list[float] = []
    monkeypatch.setattr(stage.time, "sleep", made.append)
    return made


def test_a_stack_that_is_not_ready_is_looked_at_ever_less_often(pauses: list[float]) -> None:
    stage._wait(Stack(20), "stack_create_complete", "dev")
    assert len(pauses) == 19
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (stage.FIRST_PAUSE, stage.LONGEST_PAUSE)


def test_a_stack_that_failed_is_waited_for_no_longer(pauses: list[float]) -> None:
    with pytest.raises(WaiterError, match="ROLLBACK_COMPLETE"):
        stage._wait(Stack(2, "ROLLBACK_COMPLETE"), "stack_create_complete", "dev")
    assert len(pauses) == 1


def test_the_template_alone_has_no_findings() -> None:
    assert findings(TEXT) == []


@pytest.mark.slow
def test_the_packaged_template_has_no_findings_as_sam_and_transformed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    (project / "merge.json").write_text(json.dumps(stage.merged("prod")))
    (project / "requirements.txt").write_text("")  # what is in the layer does not matter here
    (project / "vendor").mkdir()
    (project / "vendor" / "some.py").write_text("SOME = True\n")
    chalice("package", "--stage", "prod", "--merge-template", "merge.json", "out", folder=project)
    packaged = (project / "out" / "sam.json").read_text()
    assert "run-stage.py-up-first" not in packaged
    assert findings(packaged) == []
    assert findings(json.dumps(as_cloudformation(json.loads(packaged)))) == []


def as_cloudformation(sam: dict[str, Any]) -> dict[str, Any]:
    """What AWS makes of a SAM template, once its code is in a bucket."""
    for resource in sam["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/deployment.zip"
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = "s3://bucket/layer-deployment.zip"
    session = boto3.session.Session(region_name="us-east-1")
    made: dict[str, Any] = Translator({}, Parser(), boto_session=session).translate(sam, {})
    return made
