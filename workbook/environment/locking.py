"""One at a time: a file lock that holds between processes, and ends with the one that has it.

`making` takes it for .venv, `wheelhouse` for its wheels, and the lab command for the workspace.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

# Some network file systems have no locks: there, one start at a time is the person's own care.
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)


@contextlib.contextmanager
def alone(mark: Path, waiting: str) -> Iterator[int]:
    """Hold the lock; yields its descriptor, which a child may inherit to hold it too.

    Args:
        mark: the file that is locked; made, with its folder, when missing, and left there.
        waiting: what is said, once, where somebody else has it.

    Raises:
        OSError: the file cannot be made.
    """
    while True:
        mark.parent.mkdir(parents=True, exist_ok=True)
        with open(mark, "a", encoding="utf-8") as file:
            _lock(file.fileno(), waiting)
            with contextlib.suppress(FileNotFoundError):  # removed while we waited: once more
                if os.path.samestat(os.fstat(file.fileno()), mark.stat()):
                    yield file.fileno()
                    return


def _lock(descriptor: int, waiting: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(waiting, flush=True)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
