"""Apps deployed for one test: each once more, unchanged, before it is deleted to nothing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalice_projects import Project

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api

OF_APPS = {
    "function",
    "WebSocket API",
    "REST API",
    "role",
    "rule",
    "event source mapping",
    "subscription",
}


class Deploy:
    """Deploys stages of the apps to a cloud, each from one copy of its folder."""

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self._cloud = cloud
        self._folder = folder
        self._stages: list[tuple[str, str]] = []
        self._projects: dict[str, Project] = {}

    def __call__(self, name: str, stage: str = "dev") -> None:
        """Deploy a stage of an app, for the first time or again."""
        if (name, stage) not in self._stages:
            self._stages.append((name, stage))
        self.project(name).chalice("deploy", "--stage", stage)

    def api(self, name: str, stage: str = "dev") -> Api:
        """Deploy a stage of an app; the client of its REST API."""
        self(name, stage)
        file = self.project(name).folder / ".chalice" / "deployed" / f"{stage}.json"
        resources = json.loads(file.read_text())["resources"]
        (api,) = (made["rest_api_id"] for made in resources if "rest_api_id" in made)
        return self._cloud.api(api)

    def project(self, name: str) -> Project:
        """The copy of the app's folder; a test may change it before the next deployment."""
        if name not in self._projects:
            self._projects[name] = Project.of_app(name, self._folder / name, self._cloud)
        return self._projects[name]

    def again(self) -> None:
        """Deploy all that there is once more."""
        for name, stage in self._stages:
            self(name, stage)

    def delete(self, name: str, stage: str = "dev") -> None:
        self._stages.remove((name, stage))
        self.project(name).chalice("delete", "--stage", stage)

    def delete_all(self) -> None:
        for name, stage in [*self._stages]:
            self.delete(name, stage)


@contextlib.contextmanager
def deploying(cloud: LocalCloud, folder: Path) -> Iterator[Deploy]:
    """Lets apps be deployed; in the end deploys each once more, unchanged, and deletes it."""
    before = listed(cloud)
    deploy = Deploy(cloud, folder)
    try:
        yield deploy
        deployed = listed(cloud)
        deploy.again()
        assert listed(cloud) == deployed
    finally:
        deploy.delete_all()
    assert listed(cloud) == before


def listed(cloud: LocalCloud) -> list[Any]:
    """What apps are made of, as it stands in the cloud."""
    return [row for row in cloud.inventory() if row["kind"] in OF_APPS]
