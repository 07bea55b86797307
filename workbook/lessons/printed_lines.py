"""What `chalice local` prints, read as it comes, and what its lines mean.

`local_server` waits on these lines instead of sleeping: "Serving on …" says that it answers,
"Restarting local dev server." that a change was noticed, a traceback that the app does not import.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

SERVING = "Serving on"
RESTARTING = "Restarting local dev server."
_ERROR_LINE = re.compile(r"^(\w+\.)*[A-Z]\w*(:|$)")  # follows a traceback's indented lines
_RAISED = re.compile(r"^\w+(Error|Exception): ")
_PLACE = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)')


class PrintedLines:
    """A child's output as a growing list of lines.

    Args:
        reading: the reading end of the pipe the child prints to; closed here at its end.
    """

    def __init__(self, reading: int) -> None:
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._open = True
        threading.Thread(target=self._listen, args=(reading,), daemon=True).start()

    def __len__(self) -> int:
        with self._news:
            return len(self._lines)

    def wait_for(self, enough: Callable[[list[str]], bool], since: int, seconds: float) -> bool:
        """Wait until the lines from that number on are enough, or until no more can come.

        Returns:
            whether they are enough; False after so many seconds, or when the child has ended.
        """
        with self._news:
            self._news.wait_for(lambda: not self._open or enough(self._lines[since:]), seconds)
            return enough(self._lines[since:])

    def since(self, number: int) -> list[str]:
        """The lines from that number on."""
        with self._news:
            return self._lines[number:]

    def raised_since(self, number: int, seconds: float) -> str:
        """The newest line from that number on that names an exception, once there is one.

        Returns:
            the line; empty when none came in so many seconds, or before the child ended.
        """
        self.wait_for(lambda lines: any(map(_RAISED.match, lines)), number, seconds)
        return next((line for line in reversed(self.since(number)) if _RAISED.match(line)), "")

    def _listen(self, reading: int) -> None:
        with open(reading, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                with self._news:
                    self._lines.append(line.rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self._open = False
            self._news.notify_all()


def serving(lines: list[str]) -> bool:
    """True when the lines say that the server answers."""
    return any(line.startswith(SERVING) for line in lines)


def settled(lines: list[str]) -> bool:
    """True when the lines say that the server answers, or why it does not."""
    return serving(lines) or _error(lines) is not None


def restarting(lines: list[str]) -> bool:
    """True when the lines say that a changed file was noticed."""
    return RESTARTING in lines


def after_restart(lines: list[str]) -> list[str]:
    """The lines after the first restart; what came before belongs to the older app."""
    return lines[lines.index(RESTARTING) + 1 :] if RESTARTING in lines else []


def why_not_serving(lines: list[str], folder: Path) -> str:
    """The error of a traceback in one line, with the line of the project that it names."""
    found = _error(lines)
    if found is None:
        last = f" Its last line was: {lines[-1]}" if lines else ""
        return f"it printed neither that it serves nor an error.{last}"
    places = [place for line in lines[:found] if (place := _PLACE.match(line))]
    ours = [place for place in places if Path(place["file"]).is_relative_to(folder)]
    if not ours:
        return lines[found]
    return f"{lines[found]} ({Path(ours[-1]['file']).name}, line {ours[-1]['line']})"


def _error(lines: list[str]) -> int | None:
    """The index of the line that names the first error; errors chained to it come later."""
    traceback_seen = False
    for index, line in enumerate(lines):
        if line.startswith("Traceback ("):
            traceback_seen = True
        elif traceback_seen and _ERROR_LINE.match(line):
            return index
    return None
