"""Mends for nbval's known faults, so that its green means what it says.

nbval runs each notebook's cells and compares outputs. It is patched in four places, each where it
behaves unlike JupyterLab or hides a failure; `tests/notebooks/` closes what it does not look at.
"""

from __future__ import annotations

import os
from queue import Empty
from time import monotonic

from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbFile

# Variables that would change what a notebook prints or where it writes: the developer's, those that
# mark a CI machine (pytest prints more there), and those of a local cloud that tests keep running.
_NOT_FOR_KERNELS = (
    "PYTEST_CURRENT_TEST",
    "WORKBOOK_PROGRESS",
    "PYTHONWARNINGS",
    "COLUMNS",
    "CI",
    "BUILD_NUMBER",
)
_NOR = "AWS_"


def _execute_with_history(self: RunningKernel, source: str, allow_stdin: bool | None = None) -> str:
    """As JupyterLab does: nbval leaves history off, and then a trailing `;` silences nothing."""
    return self.kc.execute(source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)


def _await_reply_of_the_living(
    self: RunningKernel, msg_id: str, timeout: float | None = None
) -> None:
    """Stop waiting when the kernel has died: nbval waits out the whole limit of the cell."""
    end = None if timeout is None else monotonic() + timeout
    while True:
        try:
            message = self.get_message(stream="shell", timeout=1)
        except Empty:
            if not self.is_alive():
                raise RuntimeError("The kernel died while it ran this cell.") from None
            if end is not None and monotonic() > end:
                raise
            continue
        if message["parent_header"].get("msg_id") == msg_id:
            return


_set_up = IPyNbFile.setup


def _set_up_in_a_clean_environment(self: IPyNbFile) -> None:
    """Start the kernel without what tests have left: ipykernel, for one, leaves a child process's own
    output uncaptured where it sees PYTEST_CURRENT_TEST."""
    unwanted = [name for name in os.environ if name in _NOT_FOR_KERNELS or name.startswith(_NOR)]
    kept = {name: os.environ.pop(name) for name in unwanted}
    try:
        _set_up(self)
    finally:
        os.environ.update(kept)


RunningKernel.execute_cell_input = _execute_with_history
RunningKernel.await_reply = _await_reply_of_the_living
IPyNbFile.setup = _set_up_in_a_clean_environment
