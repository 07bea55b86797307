"""Hypothesis as the chapters use it: a few hundred tries, the same ones each time, no notes left.

By itself hypothesis keeps a folder `.hypothesis` in the working directory, which in a notebook is
among the learner's work. What it keeps is a cache (tables of characters, which cost a second to
make), so it goes where bytecode goes: into the environment, or where that is read-only, a scratch
folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir

from workbook.lessons import projects


def _home() -> Path:
    prefix = Path(sys.prefix)
    return prefix / ".hypothesis" if os.access(prefix, os.W_OK) else projects.scratch_folder()


set_hypothesis_home_dir(_home())

# Without the phase that explains what about an example matters: it costs more than the search.
BRIEFLY = settings(
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
)
