"""Running an installer, and showing how far it is.

On a terminal one line is rewritten; elsewhere (a log) a plain line is written now and then.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from selectors import EVENT_READ, DefaultSelector

TICK_SECONDS = 0.2
REMEMBERED_LINES = 60


class Progress:
    """How far an installer is.

    Args:
        installed: counts what the environment holds.
        wanted: how many there will be; 0 shows nothing.
    """

    EVERY = 40  # packages between two plain lines

    def __init__(self, installed: Callable[[], int], wanted: int) -> None:
        self._installed = installed
        self._wanted = wanted
        self._before = installed()
        self._collected = 0
        self._downloading = ""
        self._shown = ""
        self._plain = ""
        self._started = time.monotonic()

    def heard(self, line: str) -> None:
        """Take note of an installer's line: pip names what it collects, uv what it downloads."""
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            self._collected += 1
        elif line.strip().startswith("Downloading "):
            self._downloading = ": " + line.strip().removeprefix("Downloading ")

    def tick(self) -> None:
        """Show where it stands, when that has changed."""
        installed = min(self._installed(), self._wanted)
        of = f"of {self._wanted} packages"
        if not self._wanted:
            return
        if installed > self._before:
            self._show(f"installing {installed} {of}", f"installing {installed // self.EVERY}")
        elif self._collected:
            count = min(self._collected, self._wanted)
            self._show(f"fetching {count} {of}", f"fetching {count // self.EVERY}")
        else:
            self._show(f"fetching {self._wanted} packages{self._downloading}", "fetching 0")

    def close(self) -> None:
        """Leave the cursor on a line of its own, after the time it took."""
        if self._shown and sys.stdout.isatty():
            print(f" ({time.monotonic() - self._started:.0f} s)", flush=True)

    def _show(self, text: str, plain: str) -> None:
        if text == self._shown:
            return
        self._shown = text
        if sys.stdout.isatty():
            width = os.get_terminal_size(sys.stdout.fileno()).columns or 80
            print(f"\r\033[K{text[: width - 10]}", end="", flush=True)
        elif plain != self._plain:
            self._plain = plain
            print(text, flush=True)


class Naming(Progress):
    """Shows what pip fetches by its name, where nobody knows how many there will be."""

    def __init__(self) -> None:
        super().__init__(lambda: 0, 0)
        self._name = ""

    def heard(self, line: str) -> None:
        """Take note of what is fetched: pip names it, or the file that it is."""
        verb, _, rest = line.partition(" ")
        if verb in ("Collecting", "Processing"):
            self._name = rest.split(" (from")[0].rpartition("/")[2]

    def tick(self) -> None:
        """Show the name, when it is another."""
        if self._name:
            self._show(f"fetching {self._name}", f"fetching {self._name}")


def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    held: int,
    progress: Progress | None = None,
) -> tuple[int, str]:
    """Run a command to its end; its exit code, and the last lines it wrote.

    Args:
        command: the program and its arguments.
        env: all its variables.
        held: a descriptor that it inherits: a file lock that must outlive this process with it.
        progress: is told each line, and asked to show itself several times a second.
    """
    last = deque[str](maxlen=REMEMBERED_LINES)
    child = subprocess.Popen(
        command,
        cwd="/",  # uv would else read [tool.uv] of our pyproject.toml, which is for the lock alone
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(held,),
    )
    try:
        for line in _lines(child, progress.tick if progress else lambda: None):
            last.append(line)
            if progress:
                progress.heard(line)
    except BaseException:  # Ctrl-C above all: the installer must not go on alone
        child.terminate()
        raise
    finally:
        code = child.wait()
        if progress:
            progress.close()
    return code, "\n".join(last).strip()


def _lines(child: subprocess.Popen[bytes], tick: Callable[[], None]) -> Iterator[str]:
    assert child.stdout is not None
    pending = b""
    with DefaultSelector() as selector, child.stdout as output:
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
