"""Putting the lock and this package into an environment: uv or pip, watched.

Two steps whichever does it, because pip refuses an editable package beside hashes: the lock with
`--require-hashes`, then this package without dependencies and built with what the lock installed.
No index or host is named: where packages come from is the person's own configuration.
"""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector

from workbook import settings
from workbook.environment import pins as locked
from workbook.errors import SetUpError

TICK_SECONDS = 0.2
OUT_OF_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_NO_ROOM = re.compile(
    r"No space left|Errno 28|quota exceeded|File too large|os error (28|27)", re.IGNORECASE
)
_NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Max retries exceeded|ProxyError|"
    r"Temporary failure in name resolution|getaddrinfo|Network is unreachable|"
    r"Failed to fetch|error sending request|dns error|tcp connect error|timed out|"
    r"No matching distribution found|Could not find a version|not found in the package registry|"
    r"network (was|connectivity is) disabled|SSLError|CERTIFICATE_VERIFY_FAILED",
    re.IGNORECASE,
)
_HASH = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch", re.IGNORECASE)


class NoNetwork(SetUpError):
    """Packages could not be fetched; nothing was installed."""


@dataclass(frozen=True)
class Target:
    """The environment to install into, and the lock file that says what.

    Args:
        folder: the environment's folder.
        lock: the lock's path.
        held: the descriptor of the file lock; the installer inherits it, so that one that
            outlives this process still keeps others out.
    """

    folder: Path
    lock: Path
    held: int

    @property
    def python(self) -> str:
        """The environment's interpreter."""
        return str(self.folder / "bin" / "python")

    def installed(self) -> int:
        """How many distributions the environment holds."""
        return sum(1 for _ in self.folder.glob("lib/python3*/site-packages/*.dist-info"))


def install(target: Target, source: Path) -> None:
    """Install the lock, then the package in `source`, into an environment that has a Python.

    Raises:
        NoNetwork: packages could not be fetched by uv nor by pip.
        SetUpError: the disk is full, a hash does not match, or the installer failed otherwise.
    """
    uv = settings.program("uv")
    if uv is not None:
        try:
            return _with_uv(uv, target, source)
        except NoNetwork:
            print("uv could not fetch the packages; trying pip, which has settings of its own.")
    _with_pip(target, source)


def _with_uv(uv: str, target: Target, source: Path) -> None:
    install = [uv, "pip", "install", "--python", target.python]
    _watched([*install, "--require-hashes", "-r", str(target.lock)], target, "uv")
    package = ["--no-deps", "--no-build-isolation", "-e", str(source)]
    _watched([*install, *package], target, "uv", counting=False)


def _with_pip(target: Target, source: Path) -> None:
    _ensure_pip(target)
    install = [target.python, "-I", "-m", "pip", "install", "--no-user", "--progress-bar=off"]
    pip = next(pin for pin in locked.read(target.lock) if pin.name == "pip")
    pinned = target.folder / "pip.txt"
    pinned.write_text(pip.text, encoding="utf-8")
    _watched([*install, "--require-hashes", "-r", str(pinned)], target, "pip", counting=False)
    _watched([*install, "--require-hashes", "-r", str(target.lock)], target, "pip")
    package = ["--no-deps", "--no-build-isolation", "-e", str(source)]
    _watched([*install, *package], target, "pip", counting=False)


def _ensure_pip(target: Target) -> None:
    command = [target.python, "-I", "-m", "ensurepip", "--default-pip"]
    done = subprocess.run(
        command,
        env=settings.variables_for_installing(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(target.held,),
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    if _NO_ROOM.search(done.stdout):
        raise no_room(target.folder)
    raise no_ensurepip()


def _watched(command: Sequence[str], target: Target, name: str, *, counting: bool = True) -> None:
    """Run an installer to its end, showing how far it is; its last lines explain a failure."""
    wanted = 0
    if counting:
        here = locked.machine()
        wanted = sum(pin.applies(here) for pin in locked.read(target.lock))
    progress = Progress(target.installed, wanted)
    last = deque[str](maxlen=60)
    installer = subprocess.Popen(
        command,
        cwd="/",  # uv would otherwise read [tool.uv] of our pyproject.toml, made for the lock
        env=settings.variables_for_installing(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(target.held,),
    )
    try:
        for line in _lines(installer, progress.tick):
            last.append(line)
            progress.heard(line)
    except BaseException:
        installer.terminate()
        raise
    finally:
        code = installer.wait()
        progress.close()
    if code != 0:
        raise explained("\n".join(last), name, target.folder)


def _lines(installer: subprocess.Popen[bytes], tick: Callable[[], None]) -> Iterator[str]:
    """The installer's lines as they come; `tick` is called in between, several times a second."""
    assert installer.stdout is not None
    pending = b""
    with DefaultSelector() as selector, installer.stdout as output:
        selector.register(output, EVENT_READ)
        while True:
            tick()
            if not selector.select(TICK_SECONDS):
                continue
            read = os.read(output.fileno(), 65536)
            *lines, pending = (pending + read).split(b"\n")
            yield from (line.decode("utf-8", "replace") for line in lines)
            if not read:
                yield pending.decode("utf-8", "replace")
                return


class Progress:
    """How far an installer is: one line rewritten on a terminal, now and then a line elsewhere.

    Args:
        installed: counts what the environment holds.
        wanted: how many there will be; 0 shows nothing.
    """

    EVERY = 40  # a plain line each so many packages: a log is read afterwards, not watched

    def __init__(self, installed: Callable[[], int], wanted: int) -> None:
        self._installed = installed
        self._wanted = wanted
        self._fetched = 0
        self._shown = ""
        self._counted = 0
        self._terminal = sys.stdout.isatty()
        self._started = time.monotonic()

    def heard(self, line: str) -> None:
        """Take note of an installer's line: pip says what it collects, uv what it downloads."""
        if re.match(r"Collecting |Requirement already satisfied| *Downloading ", line):
            self._fetched += line.startswith(("Collecting", "Requirement"))

    def tick(self) -> None:
        """Show where it stands, if that changed."""
        if not self._wanted:
            return
        installed = min(self._installed(), self._wanted)
        if installed <= 1 and self._fetched:
            self._show("fetching", min(self._fetched, self._wanted))
        else:
            self._show("installing", installed)

    def close(self) -> None:
        """Leave a terminal's cursor on a line of its own."""
        if self._terminal and self._shown:
            print(f"\r\033[K{self._shown} ({time.monotonic() - self._started:.0f} s)", flush=True)

    def _show(self, doing: str, count: int) -> None:
        text = f"{doing} {count} of {self._wanted} packages"
        if text == self._shown:
            return
        if self._terminal:
            print(f"\r\033[K{text}", end="", flush=True)
        elif doing not in self._shown or count // self.EVERY != self._counted // self.EVERY:
            print(text, flush=True)
        self._shown, self._counted = text, count


def no_room(folder: Path) -> SetUpError:
    """The error for a disk, a quota or a limit that is used up."""
    return SetUpError(
        f"The disk is full: the environment in {folder} could not be written.",
        "Free about 1 GB there and in the temporary folder, and run the command again; "
        "it goes on from the packages already fetched.",
    )


def no_ensurepip() -> SetUpError:
    """The error for a Python that was installed in parts: Debian's, without python3-venv."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return SetUpError(
        f"This Python {version} cannot make an environment: its venv or ensurepip is missing.",
        f"Install it (Debian and Ubuntu: `sudo apt install python{version}-venv`), or install uv, "
        "and run the command again.",
    )


def explained(output: str, name: str, folder: Path) -> SetUpError:
    """The error for an installer that failed with this output."""
    if _NO_ROOM.search(output):
        return no_room(folder)
    if _HASH.search(output):
        return SetUpError(
            f"A package that {name} fetched is not the one the lock names: its hash differs.",
            "Look at the lines above; a proxy or a mirror may have changed it. Nothing of it "
            "was installed.",
        )
    if _NO_NETWORK.search(output):
        return NoNetwork(
            f"{name} could not fetch the packages: {_last_line(output)}",
            "The first start needs the network (later ones do not). Check the connection, or the "
            "proxy and index that pip or uv is configured with, and run the command again.",
        )
    return SetUpError(
        f"{name} could not install the environment:\n{output}".rstrip(),
        "Run the command again; if it fails the same way, the lines above say why.",
    )


def _last_line(output: str) -> str:
    told = [line.strip() for line in output.splitlines() if _NO_NETWORK.search(line)]
    return (told or [""])[-1][:200]
