"""The service as it is used: deployed by `chalice deploy` to the local cloud, which enforces IAM."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

workbook = pytest.importorskip("workbook", reason="the local cloud is the workbook's")

from chalicelib.identity import issued
from chalicelib.keys import Key
from stage import HERE as SERVICE

LEFT_OUT = shutil.ignore_patterns("deploy*", "__pycache__", "tests")


class Deployed:
    """The service's dev stage on a cloud of its own.

    Attributes:
        outputs: what the stack of resources gave back.
        headers: those of somebody who may read and write.
    """

    def __init__(self, cloud: Any, folder: Path) -> None:
        self.cloud, self._folder = cloud, folder
        self._run(sys.executable, "stage.py", "up", "dev")
        self._run(str(Path(sys.executable).with_name("chalice")), "deploy", "--stage", "dev")
        [stack] = cloud.client("cloudformation").describe_stacks()["Stacks"]
        self.outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        self.api = cloud.api("inventory-service")
        self.headers = {"Authorization": self.bearer("read", "write")}

    def bearer(self, *scopes: str, minutes: float = 300) -> str:
        """An Authorization header for the stage's current key."""
        found = self.cloud.client("secretsmanager").get_secret_value(
            SecretId=self.outputs["SigningSecret"]
        )
        now = datetime.now(UTC)
        key = Key(found["VersionId"], found["SecretString"])
        end = now + timedelta(minutes=minutes)
        return "Bearer " + issued(key, "tester", "dev", list(scopes), now, end)

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        """A request of somebody who may read and write."""
        return self.api.request(
            method, path, json=body, headers={**self.headers, **(headers or {})}
        )

    def add(self, item_id: str, stock: int = 10, threshold: int = 0) -> None:
        """Add an item."""
        body = {"item_id": item_id, "name": "Tea", "stock": stock, "threshold": threshold}
        assert self.call("POST", "/items", body).status_code == 201

    def stock(self, item_id: str) -> int:
        """How many pieces of an item there are."""
        return int(self.call("GET", f"/items/{item_id}").json()["stock"])

    def invoke(self, function: str, event: Any) -> str:
        """Call a function directly; "ok", or what it raised."""
        answer = self.cloud.client("lambda").invoke(
            FunctionName=f"inventory-service-dev-{function}", Payload=json.dumps(event)
        )
        said = json.loads(answer["Payload"].read())
        return f"{said['errorType']}: {said['errorMessage']}" if "FunctionError" in answer else "ok"

    def start_cold(self, function: str) -> None:
        """End a function's environments: another configuration does."""
        name, client = f"inventory-service-dev-{function}", self.cloud.client("lambda")
        seconds = client.get_function_configuration(FunctionName=name)["Timeout"]
        client.update_function_configuration(FunctionName=name, Timeout=seconds + 1)

    def lines(self, function: str = "") -> list[dict[str, Any]]:
        """What a function has logged, line by line; the API's own without a name."""
        name = "inventory-service-dev" + (f"-{function}" if function else "")
        said = str(self.cloud.logs(name)).splitlines()
        return [json.loads(line) for line in said if line.startswith("{")]

    def _run(self, *command: str) -> None:
        ran = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The deployed service."""
    folder = tmp_path_factory.mktemp("deployed") / "inventory-service"
    shutil.copytree(SERVICE, folder, ignore=LEFT_OUT)
    with workbook.LocalCloud.start(enforce_iam=True) as cloud:
        yield Deployed(cloud, folder)


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Calls made in the same moment."""
    from concurrent.futures import ThreadPoolExecutor

    def run(number: int, action: Callable[[], Any]) -> list[Any]:
        with ThreadPoolExecutor(number) as threads:
            return [each.result() for each in [threads.submit(action) for _ in range(number)]]

    return run
