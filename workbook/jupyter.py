"""Starting JupyterLab for a learner: where, on which page, with which settings.

Its configuration and data live in the workspace, so that a person's own ~/.jupyter is neither
changed nor able to get in the way, and so that a kernel they once registered under the name
python3 does not stand in for ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

from workbook import workspace
from workbook.errors import SetUpError

HOST = "127.0.0.1"
# What JupyterLab does from the start; a person's own choices in its settings go before these.
OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # Light or dark as the person's system is.
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    # A verdict names the learner's line by its number.
    "@jupyterlab/notebook-extension:tracker": {
        "codeCellConfig": {"lineNumbers": True, "lineWrap": False}
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 30},
    # Room for the names, which say more than when a file was last saved.
    "@jupyterlab/filebrowser-extension:browser": {"showLastModifiedColumn": False},
}
LAYOUT = "default-37a8.jupyterlab-workspace"  # where JupyterLab keeps its layout named "default"


def configure(folder: Path) -> dict[str, str]:
    """Write the configuration into a folder; the variables that make Jupyter use it.

    Raises:
        OSError: the folder cannot be written.
    """
    config = folder / "config"
    overrides = config / "labconfig" / "default_setting_overrides.json"
    workspace.replace(overrides, json.dumps(OVERRIDES, indent=1).encode())
    return {
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(config / "lab" / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(config / "lab" / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
    }


def trust(notebooks: Iterable[Path], folder: Path) -> None:
    """Sign notebooks as ours, so that JupyterLab shows their pictures before they are run.

    Args:
        notebooks: files that were laid from the repository and not changed since.
        folder: as given to `configure`.
    """
    from nbformat import ValidationError, read, sign  # here: few starts lay anything

    (folder / "data").mkdir(parents=True, exist_ok=True)
    notary = sign.NotebookNotary(data_dir=str(folder / "data"))
    for path in notebooks:
        with contextlib.suppress(ValueError, AttributeError, ValidationError):
            notary.sign(read(path, as_version=4))  # what is no notebook, JupyterLab will say


def page(folder: Path, state: Path) -> str:
    """The page to open: the first chapter at the first start; later, what was open last.

    Args:
        folder: the workspace.
        state: as given to `configure`; JupyterLab keeps its layout there.
    """
    return "/lab" if _layout(state).exists() else first_chapter(folder)


def prepare_layout(state: Path) -> None:
    """Lay the window out for the first start: a file browser wide enough for the chapters' names.

    Afterwards JupyterLab keeps there what the learner made of it.

    Raises:
        OSError: the folder cannot be written.
    """
    if not _layout(state).exists():
        left = {"collapsed": False, "visible": True, "current": "filebrowser"}
        right = {"collapsed": True, "visible": True}
        window = {"left": left, "right": right, "relativeSizes": [0.23, 0.77, 0]}
        data = {
            "layout-restorer:data": window,
            "file-browser-filebrowser:cwd": {"path": "notebooks"},
        }
        layout = {"data": data, "metadata": {"id": "default"}}
        workspace.replace(_layout(state), json.dumps(layout, indent=1).encode())


def _layout(state: Path) -> Path:
    return state / "config" / "lab" / "workspaces" / LAYOUT


def first_chapter(folder: Path) -> str:
    """The chapter with the lowest number, or the launcher without any."""
    chapters = sorted((folder / "notebooks").glob("[0-9]*_*.ipynb"))
    return f"/lab/tree/notebooks/{quote(chapters[0].name)}" if chapters else "/lab"


def require_free(port: int) -> None:
    """Return when nothing listens on the port.

    Raises:
        SetUpError: it is taken, or this user may not use it.
    """
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as JupyterLab itself does
        try:
            tried.bind((HOST, port))
        except OSError as error:
            raise SetUpError(
                f"Port {port} cannot be used: {error.strerror}.",
                "Choose another, or leave --port out to take the first that is free from 8888.",
            ) from error


def start(
    folder: Path, environment: Mapping[str, str], *, page: str, port: int | None, browser: bool
) -> NoReturn:
    """Become JupyterLab, so that no process of ours stays beside it.

    Args:
        folder: the root of what it shows.
        environment: all its variables; its kernels inherit them.
        page: what it opens first.
        port: the one port to serve on; None leaves the choice to JupyterLab.
        browser: whether it opens one.
    """
    command = [sys.executable, "-m", "jupyterlab", *arguments(folder, page, port, browser)]
    os.chdir(folder)
    sys.stdout.flush()  # what is still to be written would be lost with this program
    os.execve(sys.executable, command, environment)


def arguments(folder: Path, page: str, port: int | None, browser: bool) -> list[str]:
    """JupyterLab's command line."""
    asked = [
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.ip={HOST}",
        f"--LabApp.default_url={page}",
        # Nothing is asked for beyond loopback: no news, no newer versions, no list of extensions.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # Kernels talk encrypted: ipykernel warns, in every notebook's log, where they do not.
        "--KernelManager.transport_encryption=auto",
    ]
    if port is not None:
        asked += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        asked.append("--no-browser")
    if os.geteuid() == 0:  # containers and continuous integration; refused otherwise
        asked.append("--allow-root")
    return asked
