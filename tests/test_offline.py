"""With the network cut after set-up everything works: in a namespace that has loopback alone.

What is run there are tests that run elsewhere too: the real JupyterLab, a chapter's outputs, and
`chalice deploy` of an app with a compiled requirement. The whole suite runs there as well:

    unshare --map-root-user --net .venv/bin/python tests/without_network.py \\
        .venv/bin/python -m workbook test
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from workbook import settings
from workbook.commands.test import NBVAL, SANITISER
from workbook.environment import wheelhouse
from workbook.environment.failures import NoNetwork

CUT_OFF = ["unshare", "--map-root-user", "--net", sys.executable, "tests/without_network.py"]
DAY = [
    (
        "tests/commands/test_lab.py"
        "::test_a_real_jupyterlab_answers_runs_kernels_without_credentials_and_ends_whole"
    ),
    "tests/cloud/test_requirements.py",
    "notebooks/02_routes-and-decorators.ipynb",
]


def skip(reason: str) -> None:
    """Skip with a plain reason; where all must be proven, fail with it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must run this, and cannot: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def cut_off() -> list[str]:
    """The start of a command line that runs without a network."""
    if shutil.which("unshare") is None:
        skip("no unshare on this machine: network namespaces are Linux's")
    tried = subprocess.run(
        [*CUT_OFF, "true"], cwd=settings.root(), capture_output=True, text=True, check=False
    )
    if tried.returncode:
        skip(f"this machine allows no network namespaces: {tried.stderr.strip()}")
    try:
        wheelhouse.ours().fill()
    except NoNetwork as error:
        skip(f"set-up has not been finished with the network: {error.problem}")
    return CUT_OFF


@pytest.mark.slow
def test_jupyterlab_a_chapter_and_a_deployment_with_requirements_need_no_network(cut_off):
    pytest_arguments = [*NBVAL, f"--nbval-sanitize-with={SANITISER}", "-p", "no:cacheprovider"]
    day = subprocess.run(
        [*cut_off, sys.executable, "-m", "pytest", "-q", *pytest_arguments, *DAY],
        cwd=settings.root(),
        env={**os.environ, **settings.variables_for_learning()},
        capture_output=True,
        text=True,
        check=False,
    )
    closing = day.stdout.strip().splitlines()[-1]
    print(f"without a network: {closing}")
    assert 0 == day.returncode, day.stdout + day.stderr
    assert re.fullmatch(r"\d+ passed(, \d+ warnings?)? in .*", closing), closing  # none skipped
