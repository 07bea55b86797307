"""Looks that need the environment: what is installed, and a kernel and a local cloud tried out.

What is tried runs in processes of its own, so that nothing of it stays in a notebook's kernel.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Self

from workbook import settings
from workbook.doctor.report import Finding, State
from workbook.environment import pins

SECONDS = 120.0  # a first import on a slow disk takes its time
SHOWN = 3
WIDGETS = "@jupyter-widgets/jupyterlab-manager"
ANEW = "`rm -rf .venv`, then `python3 -m workbook lab`: your work is not touched"
KERNEL = """
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3", startup_timeout=100)
try:
    said = []
    client.execute_interactive(
        "import sys; print(sys.executable)", timeout=100,
        output_hook=lambda message: said.append(message["content"].get("text", "")))
    print("".join(said).strip())
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""
CLOUD = """
from workbook import LocalCloud
with LocalCloud.start() as cloud:
    print(cloud.client("sts").get_caller_identity()["Account"])
"""


def packages() -> Finding:
    """Whether what is installed is what the lock says."""
    pinned = pins.read(settings.root() / "requirements.txt")
    if lacking := pins.lacking(pinned, SHOWN):
        return Finding("packages", State.BROKEN, f"{'; '.join(lacking)}.", ANEW)
    named = ("jupyterlab", "chalice", "boto3", "moto")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in named)
    return Finding("packages", State.SOUND, f"as the lock says: {versions}")


def widgets() -> Finding:
    """Whether ipywidgets can be shown: a part in the kernel, and one in JupyterLab."""
    try:
        version = metadata.version("ipywidgets")
    except metadata.PackageNotFoundError:
        return Finding("widgets", State.BROKEN, "ipywidgets is not installed.", ANEW)
    shown_by = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / WIDGETS / "package.json"
    try:
        lab_part = json.loads(shown_by.read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        said = f"ipywidgets {version} is here, but {shown_by} is not: JupyterLab shows no widget."
        return Finding("widgets", State.BROKEN, said, ANEW)
    return Finding("widgets", State.SOUND, f"ipywidgets {version}, in JupyterLab {lab_part}")


class Trials:
    """A kernel and a local cloud, started at the same time; ended with the `with`."""

    def __init__(self) -> None:
        self._jupyter = tempfile.TemporaryDirectory(prefix="workbook-doctor-")
        places = ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")
        learner = settings.variables_for_learning()
        self._kernel = _start(KERNEL, {**learner, **dict.fromkeys(places, self._jupyter.name)})
        self._cloud = _start(CLOUD, learner)

    def kernel(self) -> Finding:
        """A fresh one runs a line, with this Python."""
        said, complaint = _said(self._kernel)
        if not said or not os.path.exists(said):
            why = f"No kernel could be started: {complaint}"
            return Finding("kernel", State.BROKEN, why, ANEW)
        if not os.path.samefile(said, sys.executable):
            why = f"A kernel runs {said}, not {sys.executable}."
            return Finding("kernel", State.BROKEN, why, ANEW)
        return Finding("kernel", State.SOUND, "a fresh one ran a line")

    def cloud(self) -> Finding:
        """A fresh one answers an AWS call."""
        said, complaint = _said(self._cloud)
        if said.isdigit():
            return Finding("local cloud", State.SOUND, "a fresh one answered")
        why = f"It could not be started: {complaint}"
        return Finding("local cloud", State.BROKEN, why, ANEW)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        for process in (self._kernel, self._cloud):
            if process.poll() is None:
                process.terminate()
            process.communicate()
        self._jupyter.cleanup()


def _start(source: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", source],
        cwd=tempfile.gettempdir(),
        env={**environment, "PYTHONPATH": str(settings.root())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _said(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The last line that it said, and the last of its complaint."""
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "", f"nothing came within {SECONDS:g} seconds."
    lines, complaints = out.strip().splitlines(), err.strip().splitlines()
    return (lines or [""])[-1], (complaints or ["it said nothing."])[-1]
