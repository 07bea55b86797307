"""Uploaded packages: checked and on disk before moto takes them for a function's code.

moto keeps whatever bytes it is given; a zip that Lambda would refuse, or that there is no room for,
must be refused in the call that brought it, and leave the function as it was. What is inside a
good one is unpacked by functions/.
"""

from __future__ import annotations

import errno
import shutil
import threading
from pathlib import Path

from workbook.cloud.functions import StorageFull, check_package, unzipped_bytes

# EFBIG: a limit on the size of files, which to whoever writes one is the same thing.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def disk_is_full(failed: Exception) -> bool:
    """Whether that is what an error means."""
    return isinstance(failed, OSError) and failed.errno in _FULL


class Uploads:
    """The zips of functions, named by what they contain.

    Args:
        folder: where they are kept; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unzipped: dict[str, int] = {}
        folder.mkdir(exist_ok=True)

    def path(self, digest: str) -> Path:
        """Where the package of that hash is."""
        return self._folder / f"{digest}.zip"

    def unzipped_bytes(self, digest: str) -> int:
        """The size of a kept package's files; read once, for each update of a function asks."""
        if digest not in self._unzipped:
            self._unzipped[digest] = unzipped_bytes(self.path(digest))
        return self._unzipped[digest]

    def keep(self, digest: str, content: bytes) -> Path:
        """Check a package and write it, all of it or nothing.

        Raises:
            InvalidPackage: it is no zip that Lambda takes; the message is AWS's.
            StorageFull: there is no room for it, packed and unpacked.
        """
        path = self.path(digest)
        if path.exists():
            return path
        # A name of its own: two may send the same package in the same moment.
        part = path.with_suffix(f".{threading.get_ident()}.part")
        try:
            part.write_bytes(content)
            unpacked = check_package(part)
            if shutil.disk_usage(self._folder).free < unpacked:
                raise OSError(errno.ENOSPC, "no room to unpack it")
            part.replace(path)
        except OSError as failed:
            if disk_is_full(failed):
                raise StorageFull(f"No space left in {self._folder} for a function") from failed
            raise
        finally:
            part.unlink(missing_ok=True)
        return path
