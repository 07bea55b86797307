"""A bench for functions: real ones from a few lines of source, and what they logged."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
import textwrap
import threading
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workbook.cloud.functions import Functions, FunctionSpec, Outcome

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
ACCOUNT = "123456789012"


class Bench:
    """A Functions with short-cuts: write source, deploy it, call it, read its log."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.logs: dict[tuple[str, str], list[str]] = {}
        self.logged = threading.Condition()
        folder.mkdir(exist_ok=True)
        defaults: dict[str, Any] = {
            "scratch": folder / "scratch",
            "endpoint": "http://127.0.0.1:9",
            "write_log": self._write_log,
            "account_limit": 1000,
            "idle_seconds": 600.0,
            "clock": time.monotonic,
        }
        self.functions = Functions(**{**defaults, **settings})

    def package(self, files: Mapping[str, str | bytes]) -> tuple[Path, str]:
        """A zip of these files, and its hash."""
        digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
        path = self.folder / f"{digest}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path, digest

    def spec(
        self, source: str = "", *, files: Mapping[str, str | bytes] | None = None, **changes: Any
    ) -> FunctionSpec:
        """The configuration of a function whose app.py is this source."""
        all_files = {"app.py": textwrap.dedent(source), **(files or {})}
        path, digest = self.package(all_files)
        name = changes.get("name", "shop")
        spec = FunctionSpec(
            arn=f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:{name}",
            name=name,
            version="$LATEST",
            handler="app.handler",
            runtime=RUNTIME,
            zip_path=path,
            code_sha256=digest,
            memory_mb=256,
            timeout_seconds=30,
            environment={},
            role_arn=f"arn:aws:iam::{ACCOUNT}:role/shop",
            region="eu-central-1",
            account=ACCOUNT,
            credentials={"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"},
            reserved_concurrency=None,
        )
        return dataclasses.replace(spec, **changes)

    def deploy(self, source: str, **changes: Any) -> Callable[..., Outcome]:
        """Deploy that function; what is returned invokes it with an event."""
        spec = self.spec(source, **changes)
        self.functions.deploy(spec)

        def call(event: Any = None, **options: Any) -> Outcome:
            return self.functions.invoke(spec.arn, json.dumps(event).encode(), **options)

        return call

    def log(self, group: str = "/aws/lambda/shop") -> list[str]:
        """Every event of a log group, stream after stream."""
        return [text for (name, _), texts in self.logs.items() if name == group for text in texts]

    def _write_log(self, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        with self.logged:
            self.logs.setdefault((group, stream), []).extend(text for _, text in events)
            self.logged.notify_all()
