"""The full service as one stack: created, used, changed, failed half way, deleted to nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalice_projects import Project
from packages import BUCKET, Stack, uploaded

from workbook.cloud import LocalCloud
from workbook.cloud.firewall import client_environment

pytestmark = pytest.mark.slow

SERVICE = Path(__file__).parents[2] / "chalice_app"
LEFT_OUT = shutil.ignore_patterns("deploy*", "__pycache__", "tests")
Template = dict[str, Any]


class Service:
    """The service's dev stage, to be one stack.

    Args:
        folder: for a copy of the project.
    """

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        shutil.copytree(SERVICE, folder, ignore=LEFT_OUT)
        self._cloud, self.folder = cloud, folder
        self._project = Project(folder, "inventory-service", cloud)
        # Named as stage.py names it, which makes tokens with what this stack's outputs say.
        self.stack = Stack(cloud, "inventory-service-dev-resources")
        self._headers: dict[str, str] = {}

    def packaged(self) -> Template:
        """The template of the project as it is now, its code in the bucket."""
        merged = self._stage("merge", "dev")
        (self.folder / "merge.json").write_text(merged)
        self._project.chalice(
            "package", "--stage", "dev", "--merge-template", "merge.json", "packaged"
        )
        return uploaded(self.folder / "packaged", self._cloud)

    def sign_in(self) -> None:
        """Take a token of somebody who may read and write."""
        token = self._stage("token", "dev", "--scopes", "read", "write")
        self._headers = {"Authorization": f"Bearer {token.strip()}"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A request of that somebody."""
        return self._cloud.api("inventory-service").request(
            method, path, json=body, headers=self._headers
        )

    def add(self, item_id: str, stock: int, threshold: int = 0) -> None:
        """Add an item."""
        body = {"item_id": item_id, "name": "Beans", "stock": stock, "threshold": threshold}
        answer = self.call("POST", "/items", body)
        assert answer.status_code == 201, answer.text

    def order(self, item_id: str, quantity: int) -> str:
        """Place an order, and wait; what became of it."""
        lines = [{"item_id": item_id, "quantity": quantity}]
        placed = self.call("POST", "/orders", {"lines": lines}).json()
        self._cloud.settle()
        return str(self.call("GET", f"/orders/{placed['order_id']}").json()["status"])

    def memory(self) -> int:
        """What the function behind the API has, in MB."""
        found = self._cloud.client("lambda").get_function_configuration(
            FunctionName=self.stack.resource("APIHandler")
        )
        return int(found["MemorySize"])

    def rewrite(self, path: str, old: str, new: str) -> None:
        """Change a file of the project."""
        file = self.folder / path
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))

    def reports(self) -> list[str]:
        """The reports in their bucket."""
        found = self._cloud.client("s3").list_objects_v2(
            Bucket=self.stack.outputs()["ReportsBucket"]
        )
        return [each["Key"] for each in found.get("Contents", [])]

    def empty_the_buckets(self) -> None:
        """What nobody may do for whoever deletes a stack."""
        s3 = self._cloud.client("s3")
        for name, bucket in self.stack.outputs().items():
            if name.endswith("Bucket"):
                for each in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
                    s3.delete_object(Bucket=bucket, Key=each["Key"])

    def _stage(self, *arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, "stage.py", *arguments],
            cwd=self.folder,
            env={**os.environ, **client_environment(self._cloud.endpoint)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture(scope="module")
def own() -> Iterator[LocalCloud]:
    """A cloud that enforces IAM, and holds nothing but this service."""
    with LocalCloud.start(enforce_iam=True) as running:
        yield running


def test_the_service_lives_its_whole_life_as_one_stack(own: LocalCloud, tmp_path: Path) -> None:
    service = Service(own, tmp_path / "service")
    stack = service.stack
    template = service.packaged()
    assert stack.create(template) == "CREATE_COMPLETE", stack.failures()

    service.sign_in()
    assert service.call("GET", "/health").json() == {"status": "ok", "stage": "dev"}
    assert own.api("inventory-service").get("/items").status_code == 401
    service.add("beans", stock=12, threshold=5)
    assert service.order("beans", 4) == "reserved"
    assert service.order("beans", 4) == "reserved"
    assert len(service.call("GET", "/items/beans/alerts").json()["alerts"]) == 1
    own.advance(hours=24)
    own.settle()
    assert len(service.reports()) == 1

    # Changed by a change set: another answer, and more memory.
    service.rewrite(
        "chalicelib/blueprints/public.py", "settings().stage", "settings().stage + ' 2'"
    )
    service.rewrite(
        ".chalice/config.json", '"lambda_memory_size": 256', '"lambda_memory_size": 320'
    )
    changes = stack.change("second", service.packaged())
    assert changes["Status"] == "CREATE_COMPLETE", changes.get("StatusReason")
    assert {
        (change["ResourceChange"]["Action"], change["ResourceChange"]["ResourceType"])
        for change in changes["Changes"]
    } == {("Modify", "AWS::Lambda::Function")}
    assert service.call("GET", "/health").json()["stage"] == "dev"
    assert stack.execute("second") == "UPDATE_COMPLETE", stack.failures()
    assert service.call("GET", "/health").json()["stage"] == "dev 2"
    assert service.order("beans", 4) == "reserved"
    assert service.memory() == 320

    # Half of an update done, the other half refused: all of it is taken back.
    service.rewrite("chalicelib/blueprints/public.py", "' 2'", "' 3'")
    service.rewrite(
        ".chalice/config.json", '"lambda_memory_size": 320', '"lambda_memory_size": 640'
    )
    half = service.packaged()
    refused = {"Type": "AWS::SQS::Queue", "Properties": {"Priority": 1}, "DependsOn": "APIHandler"}
    half["Resources"] = {**half["Resources"], "Urgent": refused}
    assert stack.update(half) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.failures() == {"Urgent": "Encountered unsupported property Priority"}
    assert stack.statuses("APIHandler")[-4:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]
    assert service.call("GET", "/health").json()["stage"] == "dev 2"
    assert service.memory() == 320

    service.empty_the_buckets()
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()
    left = [row for row in own.inventory() if (row["kind"], row["name"]) != ("bucket", BUCKET)]
    assert left == []
