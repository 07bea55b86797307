"""Putting the lock and this package into an environment, by uv or by pip.

Two steps whichever does it, because pip refuses an editable package beside hashes: the lock with
`--require-hashes`, then this package without dependencies, built with what the lock installed.
No index or host is named: where packages come from is the person's own configuration.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook import settings
from workbook.environment import failures, pins, watching


@dataclass(frozen=True)
class Target:
    """The environment to install into.

    Args:
        folder: the environment's folder, in which a Python is.
        lock: the lock file's path.
        held: the descriptor of the file lock, inherited by installers: one that outlives this
            process still keeps others out.
    """

    folder: Path
    lock: Path
    held: int

    @property
    def python(self) -> str:
        """The environment's interpreter."""
        return str(self.folder / "bin" / "python")

    def progress(self) -> watching.Progress:
        """Counts what is installed against what the lock wants on this machine."""
        here = pins.machine()
        wanted = sum(pin.applies(here) for pin in pins.read(self.lock))
        return watching.Progress(self.installed, wanted)

    def installed(self) -> int:
        """How many distributions the environment holds."""
        return sum(1 for _ in self.folder.glob("lib/python3*/site-packages/*.dist-info"))


def install(target: Target, source: Path) -> None:
    """Install the lock, then the package whose pyproject.toml is in `source`.

    Raises:
        NoNetwork: neither uv nor pip could fetch the packages.
        SetUpError: the disk is full, a hash does not match, ensurepip is missing, or other.
    """
    uv = settings.program("uv")
    if uv is not None:
        try:
            return _with_uv(uv, target, source)
        except failures.NoNetwork:
            print("uv could not fetch the packages; trying pip, which has settings of its own.")
    _with_pip(target, source)


def _with_uv(uv: str, target: Target, source: Path) -> None:
    install = [uv, "pip", "install", "--python", target.python]
    if settings.keeps_no_bytecode():  # uv leaves compiling to the first import, which then may not
        install.append("--compile-bytecode")
    _must([*install, "--require-hashes", "-r", str(target.lock)], target, target.progress())
    _must([*install, "--no-deps", "--no-build-isolation", "-e", str(source)], target)


def _with_pip(target: Target, source: Path) -> None:
    ensured = [target.python, "-I", "-m", "ensurepip", "--default-pip"]
    code, output = watching.run(ensured, env=settings.variables_for_installing(), held=target.held)
    if code != 0:
        missing = "No module named" in output or "ensurepip is disabled" in output
        error = failures.explained(output, "ensurepip", target.folder)
        raise failures.no_ensurepip() if missing else error
    pinned = target.folder / "pip.txt"  # the lock's own lines for pip: the newer one reads the rest
    pinned.write_text(next(pin.text for pin in pins.read(target.lock) if pin.name == "pip"))
    install = [target.python, "-I", "-m", "pip", "install", "--no-user", "--progress-bar=off"]
    _must([*install, "--require-hashes", "-r", str(pinned)], target)
    _must([*install, "--require-hashes", "-r", str(target.lock)], target, target.progress())
    _must([*install, "--no-deps", "--no-build-isolation", "-e", str(source)], target)


def _must(command: list[str], target: Target, progress: watching.Progress | None = None) -> None:
    environment = settings.variables_for_installing()
    code, output = watching.run(command, env=environment, held=target.held, progress=progress)
    if code != 0:
        name = "pip" if command[0] == target.python else "uv"
        raise failures.explained(output, name, target.folder)
