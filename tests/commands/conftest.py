"""A toy repository: the real command line over a small lock, and a fake uv that installs at once.

What the fake installs are the toy lock's distributions, with `pytest` and `jupyterlab` modules
that print how they were started. So whole commands run, from a bare Python to what they become,
without a network and in a fraction of a second.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys._base_executable  # not of an environment, which would be used when it satisfies
SEARCHED = "/usr/bin:/bin"  # no uv, no other Python of the person who runs the tests

LOCK = """\
pip==1.0 \\
    --hash=sha256:00
pytest==9.0 \\
    --hash=sha256:00
jupyterlab==4.0 \\
    --hash=sha256:00
nbformat==5.0 \\
    --hash=sha256:00
only-elsewhere==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:00
"""

FAKE_UV = """\
#!{python}
import json, os, pathlib, re, signal, sys
arguments = sys.argv[1:]
if arguments[:2] != ["pip", "install"]:
    sys.exit(2)
with open(os.environ["FAKE_LOG"], "a") as log:
    run = {{"argv": arguments, "env": dict(os.environ), "cwd": os.getcwd()}}
    log.write(json.dumps(run) + "\\n")
python = pathlib.Path(arguments[arguments.index("--python") + 1])
if "-e" in arguments:
    sys.exit(0)
print(os.environ.get("FAKE_SAYS", ""), file=sys.stderr)
if "FAKE_SAYS" in os.environ:
    sys.exit(1)
(site,) = python.parent.parent.glob("lib/python3*/site-packages")
lock = pathlib.Path(arguments[arguments.index("-r") + 1]).read_text()
for name, version in re.findall(r"^([a-z]+)==(\\S+)", lock, re.M):
    info = site / f"{{name}}-{{version}}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Name: {{name}}\\nVersion: {{version}}\\n")
    module = "import json, os, sys\\n"
    if name == "pip":
        module += "print('No matching distribution found'); sys.exit('FAKE_SAYS' in os.environ)"
    elif name == "nbformat":  # as far as `lab` needs it to sign what it lays
        module = "import unittest.mock\\nread = sign = unittest.mock.Mock()\\n"
        module += "ValidationError = ValueError"
    else:
        module += "print(json.dumps([sys.argv[1:], dict(os.environ), sys.prefix]))"
    (site / f"{{name}}.py").write_text("# " + version + "\\n" + module)
    signal.alarm(120)  # never left behind by a test that fails
    if "FAKE_HANGS" in os.environ:  # half-way: one of several is installed
        with open(os.environ["FAKE_HANGS"], "w") as told:
            told.write(str(os.getpid()))
        signal.pause()
"""


@dataclass
class Started:
    """What came of one command."""

    code: int
    out: str
    err: str

    @property
    def became(self) -> tuple[list[str], dict[str, str], str]:
        """The arguments, the variables and the prefix of the program that the command became."""
        arguments, variables, prefix = json.loads(self.out.splitlines()[-1])
        return arguments, variables, prefix


@dataclass
class Toy:
    """The toy repository, and ways to start its commands."""

    root: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    python = PYTHON

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def stamp(self) -> Path:
        return self.venv / "workbook.json"

    def installed(self) -> list[list[str]]:
        """The arguments of every run of the installer so far."""
        return [run["argv"] for run in self.runs()]

    def runs(self) -> list[dict]:
        log = self.home / "log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def popen(self, *argv: str, python=PYTHON, program=("-m", "workbook"), **variables: str):
        return subprocess.Popen(
            [python, *program, *argv],
            cwd=self.root,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # a group of its own, which Ctrl-C reaches as a terminal's does
            text=True,
        )

    def start(self, *argv: str, **how) -> Started:
        """Start and wait; how: the Python, the program, further variables."""
        child = self.popen(*argv, **how)
        out, err = child.communicate(timeout=60)
        return Started(child.returncode, out, err)


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    root, home = tmp_path / "repository", tmp_path / "home"
    programs = home / "bin"
    programs.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", "lessons", "cloud", "panels")
    shutil.copytree(ROOT / "workbook", root / "workbook", ignore=ignored)
    (root / "requirements.txt").write_text(LOCK)
    (root / "pyproject.toml").write_text(
        '[project]\nname = "toy"\nrequires-python = ">=3.11,<3.14"\n'
        'dependencies = ["pytest>=9", "jupyterlab", "pip"]\n'
    )
    uv = programs / "uv"
    uv.write_text(FAKE_UV.format(python=sys.executable))
    uv.chmod(0o755)
    environment = {"HOME": str(home), "PATH": f"{programs}:{SEARCHED}"}
    environment["FAKE_LOG"] = str(home / "log")
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return Toy(root, home, environment)


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A pipe with a name: reading it waits for what another process tells."""
    pipe = tmp_path / "told"
    os.mkfifo(pipe)
    return pipe
