"""The runtime that environments run: which program, and what it may import.

The interpreter starts without `site` (-S), which would find the packages of the workbook's
environment and costs a third of its start, and writes no bytecode (-B): /var/task is read-only
on AWS. The worker is compiled into the runtime folder, where a function could import it, as it
could import awslambdaric from /var/runtime; the rest of the workbook is out of its sight.
"""

from __future__ import annotations

import py_compile
import sys
from dataclasses import dataclass
from pathlib import Path

from workbook.cloud.functions.import_path import link_runtime

_WORKER = Path(__file__).with_name("worker")
_PACKAGE = "workbook_runtime"
INTERPRETER = (sys.executable, "-S", "-s", "-B")


@dataclass(frozen=True)
class Runtime:
    """A program that speaks the Runtime API.

    Attributes:
        argv: how it starts; the handler's name is added.
        folder: LAMBDA_RUNTIME_DIR, the first place it imports from after the code.
    """

    argv: tuple[str, ...]
    folder: Path


def prepare(folder: Path) -> Runtime:
    """The workbook's own runtime, made ready below a folder."""
    runtime = folder / "runtime"
    link_runtime(runtime)
    for source in _WORKER.glob("*.py"):
        compiled = runtime / _PACKAGE / f"{source.stem}.pyc"
        py_compile.compile(str(source), cfile=str(compiled), doraise=True)
    start = f"from {_PACKAGE}.bootstrap import main; main()"
    return Runtime((*INTERPRETER, "-P", "-c", start), runtime)
