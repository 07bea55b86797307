"""The service from its deployment to its end, on the local cloud: every step run, and shown.

    python3 -m workbook demonstrate        (from the repository's root; makes what it needs)

It deploys a copy of this folder with an unmodified `chalice deploy`, on a cloud that enforces IAM:
each function may do what resources.yaml says, and no more. Nothing leaves this machine.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import urllib3

from workbook import LocalCloud

HERE = Path(__file__).resolve().parent
COMMANDS = Path(sys.executable).parent
# A picture of 640 by 480 pixels, as far as its first bytes tell.
PHOTO = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000280000001e00802000000")
CORRELATION = "follow-this-order"


def main() -> None:
    """All of it."""
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "inventory-service"
        shutil.copytree(HERE, project, ignore=shutil.ignore_patterns("deploy*", "__pycache__"))
        with LocalCloud.start(enforce_iam=True) as cloud:
            Demonstration(project, cloud).run()


class Demonstration:
    """The steps, in order.

    Args:
        project: a copy of the service that may be written to.
        cloud: where it is deployed to.
    """

    def __init__(self, project: Path, cloud: LocalCloud) -> None:
        self._project, self._cloud = project, cloud
        self._headers: dict[str, str] = {}
        self._followed: Any = None

    def run(self) -> None:
        """Deploy, use, follow, delete."""
        self._deploy()
        self._stock_the_shop()
        self._upload()
        self._order_until_it_is_low()
        self._wait_for_the_night()
        self._follow_one_order()
        self._see_one_order()
        self._delete()

    def _deploy(self) -> None:
        say("Make the stage's resources, and deploy the functions onto them")
        self._command("python", "stage.py", "up", "dev")
        deployed = self._command("chalice", "deploy", "--stage", "dev")
        print(deployed[deployed.index("Resources deployed:") :].strip())
        token = self._command("python", "stage.py", "token", "dev", "--scopes", "read", "write")
        self._headers = {"Authorization": f"Bearer {token.strip()}"}

    def _stock_the_shop(self) -> None:
        say("Add items; without a token nobody may, and what does not fit is refused")
        beans = {"item_id": "beans", "name": "Espresso beans", "stock": 12, "threshold": 5}
        self._show(self._api.post("/items", json=beans))
        self._call("POST", "/items", beans)
        self._call("POST", "/items", {"item_id": "jug", "name": "Milk jug", "stock": 3})
        self._call("POST", "/items", {**beans, "item_id": "filters", "stock": -1})

    def _upload(self) -> None:
        say("Upload a photo to S3 with the form the service signs; its event finds type and size")
        form = self._call("POST", "/items/beans/photos").json()
        self._send(form, PHOTO)
        say("Upload something that is no photo; it is quarantined")
        form = self._call("POST", "/items/jug/photos").json()
        self._send(form, b"#!/bin/sh\necho I am no jug\n")
        print("photo of beans:", json.dumps(self._get("/items/beans")["photo"]))
        print("photo of jug:  ", json.dumps(self._get("/items/jug")["photo"]))
        print("in quarantine: ", len(self._objects("QUARANTINE_BUCKET")), "object")

    def _order_until_it_is_low(self) -> None:
        say("Order four beans at a time; the queue's worker takes them from the stock")
        for number in range(1, 5):
            correlation = {"X-Correlation-Id": CORRELATION} if number == 2 else {}
            order = {"lines": [{"item_id": "beans", "quantity": 4}]}
            answer = self._call("POST", "/orders", order, correlation)
            self._followed = answer if correlation else self._followed
            placed = answer.json()
            self._cloud.settle()
            decided = self._get(f"/orders/{placed['order_id']}")
            left = self._get("/items/beans")["stock"]
            print(f"order {number}: {decided['status']} {decided['reason']}; {left} left")
        say("The stock fell below its threshold once, so there is one alert")
        for alert in self._get("/items/beans/alerts")["alerts"]:
            print(json.dumps(alert))

    def _wait_for_the_night(self) -> None:
        say("Move the clock by a day: the nightly report is written")
        self._cloud.advance(hours=24)
        self._cloud.settle()
        for key, body in self._objects("REPORTS_BUCKET").items():
            print(key, json.dumps(json.loads(body)))

    def _follow_one_order(self) -> None:
        say(f"One correlation id, {CORRELATION}, through every function's log")
        groups = self._cloud.client("logs").describe_log_groups()["logGroups"]
        lines = []
        for name in (group["logGroupName"].rpartition("/")[2] for group in groups):
            for line in str(self._cloud.logs(name)).splitlines():
                if line.startswith("{") and CORRELATION in line:
                    entry = json.loads(line)
                    lines.append((entry["timestamp"], name, entry["message"]))
        for _, name, message in sorted(lines):
            print(f"{name:32} {message}")

    def _see_one_order(self) -> None:
        say("The trace of that order, from the gateway to the alert; nothing in the code makes it")
        print(self._cloud.trace(self._followed))

    def _delete(self) -> None:
        say("Delete the functions, then what they stood on; nothing is left")
        self._command("chalice", "delete", "--stage", "dev")
        self._command("python", "stage.py", "down", "dev")
        left = list(self._cloud.inventory())
        print("left in the cloud:", left or "nothing")
        if left:
            raise SystemExit(1)

    @property
    def _api(self) -> Any:
        return self._cloud.api("inventory-service")

    def _call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        sent = {**self._headers, **(headers or {})}
        return self._show(self._api.request(method, path, json=body, headers=sent))

    def _show(self, answer: Any) -> Any:
        print(f"{answer.status_code} {answer.text[:110]}")
        return answer

    def _get(self, path: str) -> Any:
        return self._api.get(path, headers=self._headers).json()

    def _send(self, form: dict[str, Any], content: bytes) -> None:
        fields = {**form["fields"], "file": ("upload", content)}
        print("S3 answered", urllib3.request("POST", form["url"], fields=fields).status)
        self._cloud.settle()

    def _objects(self, bucket_variable: str) -> dict[str, bytes]:
        config = json.loads((self._project / ".chalice" / "config.json").read_text())
        bucket = config["stages"]["dev"]["environment_variables"][bucket_variable]
        s3 = self._cloud.client("s3")
        found = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        return {
            each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
            for each in found
        }

    def _command(self, program: str, *arguments: str) -> str:
        print("$", program, *arguments)
        ran = subprocess.run(
            [str(COMMANDS / program), *arguments],
            cwd=self._project,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise SystemExit(f"{program} failed:\n{ran.stdout}{ran.stderr}")
        return ran.stdout


def say(what: str) -> None:
    """A heading."""
    print(f"\n── {what}", flush=True)


if __name__ == "__main__":
    main()
