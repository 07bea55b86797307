"""The wheelhouse: the wheels of the service's requirements, so that packaging needs no network.

Chalice's packager runs `pip download` twice: for this machine, to learn what there is, and then for
Lambda's Linux. Both find their wheels here, by two variables (`settings.variables_for_packaging`).
What is fetched has the version and the hash that the lock gives it, whatever depends on what.

    requirements.txt of chalice_app ──┐
    the lock, as constraints        ──┴─▶ pip download, twice ─▶ fetching/ ─▶ *.whl, then the stamp

Each wheel is moved into place whole, and the stamp is written last: a run that was interrupted is
begun again by the next start.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from workbook import settings
from workbook.environment import failures, locking, pins, watching
from workbook.errors import SetUpError

STAMP = settings.WHEELHOUSE_STAMP
MARK = "workbook.lock"
FETCHING = "fetching"
# The C library of Lambda's runtimes: Amazon Linux 2 below Python 3.12, Amazon Linux 2023 from it.
GLIBC_MINOR = {10: 26, 11: 26}
NEWER_GLIBC_MINOR = 34


@dataclass(frozen=True)
class Wheelhouse:
    """A folder of wheels.

    Args:
        folder: where they are, made when it is missing.
        requirements: the file that says what is deployed.
        lock: the file that gives each of it, and of what it needs, a version and hashes.
    """

    folder: Path
    requirements: Path
    lock: Path

    def wanted(self) -> list[str]:
        """The lines of the requirements that name something; empty where there is no such file."""
        if not self.requirements.is_file():
            return []
        lines = self.requirements.read_text(encoding="utf-8").splitlines()
        return [
            line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")
        ]

    def is_whole(self) -> bool:
        """Whether it holds what the requirements and the lock say, for this Python."""
        try:
            stamp = json.loads((self.folder / STAMP).read_text(encoding="utf-8"))
            wheels = dict(stamp["wheels"])
            sizes = {name: (self.folder / name).stat().st_size for name in wheels}
            return sizes == wheels and stamp["wanted"] == self._digest(wheels)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def fill(self) -> None:
        """Fetch what is missing, showing how far it is; nothing to do is the usual case.

        Raises:
            NoNetwork: nothing could be fetched; what was there is still there.
            SetUpError: the disk is full, a hash does not match, or other.
        """
        if not self.wanted() or self.is_whole():
            return
        try:
            waiting = "Another start is fetching the wheels; waiting for it."
            with locking.alone(self.folder / MARK, waiting) as held:
                if not self.is_whole():
                    self._fill(held)
        except OSError as error:
            raise failures.unwritable_wheels(self.folder, error) from error

    def lacks(self, requirement: str) -> bool:
        """Whether no wheel here is of the distribution that a requirement names."""
        named = pins.named(requirement)
        return bool(named) and not any(
            pins.normal(wheel.name.split("-")[0]) == pins.normal(named)
            for wheel in self.folder.glob("*.whl")
        )

    def _fill(self, held: int) -> None:
        unpinned = pins.unpinned(self.wanted(), pins.read(self.lock))
        if unpinned:
            raise SetUpError(
                f"{self.requirements} asks for {', '.join(unpinned)}, which the lock does not pin.",
                "Add it to pyproject.toml, and refresh the lock as docs/contributing.md says.",
            )
        print("Fetching the wheels that a deployed service needs (once; seconds).", flush=True)
        fetching = self.folder / FETCHING
        shutil.rmtree(fetching, ignore_errors=True)
        fetching.mkdir(parents=True)
        for options in ([], _for_lambda()):
            self._download(fetching, options, held)
        self._move_in(fetching)
        fetching.rmdir()

    def _download(self, fetching: Path, options: list[str], held: int) -> None:
        ask = [sys.executable, "-I", "-m", "pip", "download", "--progress-bar=off"]
        ask += ["--only-binary=:all:", *options, "--dest", str(fetching)]
        ask += ["-r", str(self.requirements), "-c", str(self.lock)]  # with hashes, so checked
        code, output = watching.run(
            ask,
            env=settings.variables_for_installing(),
            held=held,
            progress=watching.Naming(),
        )
        if code != 0:
            raise failures.without_wheels(
                failures.explained(output, "pip", self.folder, "wheelhouse")
            )

    def _move_in(self, fetching: Path) -> None:
        (self.folder / STAMP).unlink(missing_ok=True)
        wheels = {wheel.name: wheel.stat().st_size for wheel in sorted(fetching.glob("*.whl"))}
        for name in wheels:
            (fetching / name).replace(self.folder / name)
        for old in self.folder.glob("*.whl"):
            if old.name not in wheels:
                old.unlink()
        stamp = {"wanted": self._digest(wheels), "wheels": wheels}
        beside = self.folder / (STAMP + ".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(stamp, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.folder / STAMP)

    def _digest(self, wheels: dict[str, int]) -> str:
        """Of all that decides which wheels are fetched: of the lock, the pins of these alone."""
        named = {pins.normal(wheel.split("-")[0]) for wheel in wheels}
        pinned = [pin.text for pin in pins.read(self.lock) if pins.normal(pin.name) in named]
        machine = [platform.machine(), sys.platform, *map(str, sys.version_info[:2])]
        return hashlib.sha256(json.dumps([self.wanted(), pinned, machine]).encode()).hexdigest()


def ours() -> Wheelhouse:
    """The wheelhouse of chalice_app."""
    root = settings.root()
    service = root / "chalice_app" / "requirements.txt"
    return Wheelhouse(settings.wheelhouse(), service, root / "requirements.txt")


def fill_or_say() -> None:
    """Fill ours; where that cannot be, say so and go on: only packaging an app needs it."""
    try:
        ours().fill()
    except SetUpError as error:
        print(error, file=sys.stderr, flush=True)


def lambda_platforms(minor: int) -> list[str]:
    """The tags that Chalice asks pip for, of Lambda's runtime of Python 3.`minor`."""
    newest = GLIBC_MINOR.get(minor, NEWER_GLIBC_MINOR)
    return [f"manylinux_2_{each}_x86_64" for each in range(17, newest + 1)] + [
        "manylinux2014_x86_64"
    ]


def _for_lambda() -> list[str]:
    minor = sys.version_info.minor
    platforms = [part for each in lambda_platforms(minor) for part in ("--platform", each)]
    return [*platforms, "--implementation", "cp", "--abi", f"cp3{minor}"]


if __name__ == "__main__":
    fill_or_say()
