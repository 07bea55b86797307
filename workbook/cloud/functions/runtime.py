"""The runtime that environments run: which program, and what it may import.

The worker is compiled once, since Python keeps no bytecode of a program it runs by path. The
interpreter starts without `site` (-S), which finds the packages of the workbook's environment
and costs a third of its start, and writes no bytecode (-B): /var/task is read-only on AWS.
"""

from __future__ import annotations

import py_compile
import sys
from dataclasses import dataclass
from pathlib import Path

from workbook.cloud.functions.import_path import link_runtime

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
    link_runtime(folder / "runtime")
    worker = folder / "worker.pyc"
    py_compile.compile(
        str(Path(__file__).with_name("worker.py")), cfile=str(worker), doraise=True
    )
    return Runtime((*INTERPRETER, "-P", str(worker)), folder / "runtime")
