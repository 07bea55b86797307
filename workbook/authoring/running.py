"""Runs one notebook in a fresh kernel and leaves only what is the same on every run.

Kernel, folder and environment are those that nbval gives, so that what is committed is what nbval
compares. `build` decides which notebooks, and what becomes of them.
"""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

from workbook.authoring.master import Notebook
from workbook.errors import NotebookError

CELL_SECONDS = 60
UNCOMPARED = "nbval-ignore-output"
_WIDGET = "application/vnd.jupyter.widget-view+json"  # a model's id is new on every run
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def run_notebook(source: Notebook, folder: Path, committed: Notebook | None) -> Notebook:
    """The notebook with the outputs of this run.

    Args:
        source: the cells to run.
        folder: the kernel's working directory.
        committed: what is committed now; a cell that is not compared keeps its outputs from
            there while its source stays the same, so that a measured figure makes no drift.

    Raises:
        NotebookError: a cell raised, hung, or killed its kernel.
    """
    fresh = deepcopy(source)
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        fresh,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        config=Config(KernelManager={"transport_encryption": "auto"}),  # else each kernel warns
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise NotebookError(
            f"A cell of a notebook in {folder.name}/ raised {error.ename}: {error.evalue}.",
            "Mend the cell, or tag it raises-exception when the error is what it shows.",
        ) from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise NotebookError(
            f"A cell of a notebook in {folder.name}/ did not end: {error}.",
            f"A cell has {CELL_SECONDS} seconds.",
        ) from None
    _tidy(fresh)
    _keep_uncompared(fresh, committed)
    fresh.metadata["workbook"]["built_from"] = sources_digest(fresh)
    return fresh


def as_text(notebook: Notebook) -> str:
    """The notebook as JupyterLab writes it to disk, with a newline at the end."""
    return str(nbformat.writes(notebook)) + "\n"


def sources_digest(notebook: Notebook) -> str:
    """Names the code that outputs were made from, cell by cell in order."""
    code = [[cell.id, cell.source] for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()[:16]


def _tidy(notebook: Notebook) -> None:
    kept = {key: value for key, value in notebook.metadata.items() if key == "workbook"}
    notebook.metadata = nbformat.from_dict({**kept, "kernelspec": _KERNEL})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(_WIDGET, None)


def _keep_uncompared(notebook: Notebook, committed: Notebook | None) -> None:
    before: dict[str, Any] = {cell.id: cell for cell in committed.cells} if committed else {}
    for cell in notebook.cells:
        old = before.get(cell.id)
        if UNCOMPARED not in cell.metadata.get("tags", []) or old is None:
            continue
        if old.source == cell.source and old.get("outputs"):
            cell.outputs = old.outputs
