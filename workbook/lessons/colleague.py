"""A colleague who works on the same account meanwhile: command lines, in a folder of their own.

What they do runs beside the notebook, one line after the other, and ends with it; a chapter that
goes on asks for its output when it needs it. It reaches whatever cloud this process is pointed at.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from workbook import settings
from workbook.errors import WorkbookError
from workbook.tether import Tethered

PATIENCE = 120.0  # seconds; only a machine with much else to do takes so long


class Colleague:
    """Begins at once; the first line that fails is the last.

    Args:
        folder: where they work, such as a copy of a project.
        lines: what they type.

    Attributes:
        folder: the same.
    """

    def __init__(self, folder: Path | str, *lines: str) -> None:
        self.folder = Path(folder)
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  closed with this object
        self._work = Tethered(
            ["bash", "-e", "-o", "pipefail", "-c", "\n".join(lines)],
            cwd=self.folder,
            env=settings.variables(),
            output=self._output,
        )

    def output(self) -> str:
        """Wait until all is done; what it printed. Asking again gives the same.

        Raises:
            WorkbookError: a line failed, or they are not done in time.
        """
        code = self._work.wait(PATIENCE)
        self._output.seek(0)
        said = self._output.read().decode(errors="replace")
        if code == 0:
            return said
        self._work.stop()
        last = [line for line in said.splitlines() if line.strip(" ~^")][-5:]
        why = "is not done" if code is None else "was stopped by a line that failed"
        raise WorkbookError(
            f"The colleague in {self.folder.name} {why}: {' '.join(last)}",
            "Run the cell that gives them their work again, then this one.",
        )

    def __repr__(self) -> str:
        state = "at work" if self._work.poll() is None else "done"
        return f"a colleague in {self.folder.name}, {state}"
