"""Chalice projects on disk, and its command line run in them as a person would."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import warm_chalice

from workbook.cloud import LocalCloud
from workbook.cloud.firewall import client_environment

APPS = Path(__file__).with_name("apps")


class Project:
    """A throwaway Chalice project.

    Args:
        folder: where it is, or will be once `write` and `configure` were called.
        name: the app's.
        cloud: where it is deployed to, whatever other cloud was started since.
    """

    def __init__(self, folder: Path, name: str, cloud: LocalCloud | None = None) -> None:
        self.folder = folder
        self._cloud = cloud
        self.name = name
        (folder / ".chalice").mkdir(parents=True, exist_ok=True)
        (folder / "requirements.txt").touch()

    @classmethod
    def of_app(cls, name: str, folder: Path, cloud: LocalCloud | None = None) -> Project:
        """A copy of one of the apps in apps/."""
        shutil.copytree(APPS / name, folder)
        return cls(folder, name, cloud)

    def write(self, source: str) -> None:
        """Make this its app.py."""
        (self.folder / "app.py").write_text(source)

    def configure(self, **stage: object) -> None:
        """Make this the configuration of stage dev."""
        config = {"version": "2.0", "app_name": self.name, "stages": {"dev": {**stage}}}
        (self.folder / ".chalice" / "config.json").write_text(json.dumps(config))

    def chalice(self, *arguments: str, given: str = "", fails: bool = False) -> str:
        """Run the command line; what it printed."""
        here = {} if self._cloud is None else client_environment(self._cloud.endpoint)
        environment = {**os.environ, **here}
        ran = warm_chalice.run(arguments, folder=self.folder, environment=environment, given=given)
        assert (ran.returncode != 0) == fails, ran.stdout + ran.stderr
        return ran.stdout + (ran.stderr if fails else "")
