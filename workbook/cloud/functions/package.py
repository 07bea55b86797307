"""Deployment packages and layers: zips become a read-only folder, once for all who use it.

Imitates what UpdateFunctionCode accepts and how it refuses the rest. Nothing is compiled in
advance: Chalice's zips carry no .pyc and /var/task is read-only, so each cold start on AWS
compiles anew, and so does it here.
"""

from __future__ import annotations

import errno
import hashlib
import lzma
import os
import stat
import threading
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbook.cloud.functions.keeper import remove_tree
from workbook.cloud.functions.native import stand_in
from workbook.cloud.functions.spec import InvalidPackage, StorageFull

MAX_UNZIPPED_BYTES = 262_144_000
_BLOCK = 4_096  # what disks deal in
_NO_ZIP = "Could not unzip uploaded file. Please check your file, then try to upload again."
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,  # encrypted; NotImplementedError, a compression that is unknown, is one too
)


@dataclass(frozen=True)
class Code:
    """Unpacked code: a package's, or that of a function's layers together.

    Attributes:
        root: what is /var/task on AWS, or /opt.
        notes: what the log should say of it: which compiled packages were replaced.
    """

    root: Path
    notes: tuple[str, ...]


class CodeStore:
    """The unpacked packages, each kept while it is used.

    Args:
        folder: where they are unpacked to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._held: dict[str, tuple[Code, int]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def hold(self, sha256: str, *zip_paths: Path) -> Code:
        """The code of that hash, unpacked now if it was not; call `release` when done.

        Args:
            zip_paths: what it comes in; of several, each is laid over those before it.

        Raises:
            InvalidPackage: one is no zip, or too large, or would write outside its folder.
            StorageFull: the disk is.
        """
        with self._lock:
            code, users = self._held.get(sha256, (None, 0))
            if code is None:
                name = hashlib.sha256(sha256.encode()).hexdigest()[:16]
                code = unpack(self._folder / name, *zip_paths)
            self._held[sha256] = (code, users + 1)
            return code

    def code(self, sha256: str) -> Code:
        """The code of that hash, which someone holds."""
        return self._held[sha256][0]

    def release(self, sha256: str) -> None:
        """One user less; the last one's leaving removes the folder."""
        with self._lock:
            code, users = self._held[sha256]
            if users > 1:
                self._held[sha256] = (code, users - 1)
                return
            del self._held[sha256]
            remove_tree(code.root)


def unzipped_bytes(zip_path: Path) -> int:
    """The size of a sound zip's files, as AWS's limits count it."""
    with zipfile.ZipFile(zip_path) as archive:
        return _size(archive)


def check_package(zip_path: Path) -> int:
    """Read a zip to its end, as `unpack` would, and write nothing: the bytes it would take.

    Raises:
        InvalidPackage: it could not be unpacked.
    """
    try:
        with zipfile.ZipFile(zip_path) as archive:
            _check(archive)
            broken = archive.testzip()
            sizes = [member.file_size for member in archive.infolist()]
    except _UNREADABLE as error:
        raise InvalidPackage(_NO_ZIP) from error
    if broken is not None:
        raise InvalidPackage(_NO_ZIP)
    return sum((size // _BLOCK + 2) * _BLOCK for size in sizes)  # one more for its name


def unpack(root: Path, *zip_paths: Path) -> Code:
    """Unpack zips, one over the other, into a new folder and make it read-only; all or nothing."""
    try:
        root.mkdir()
        for zip_path in zip_paths:
            with zipfile.ZipFile(zip_path) as archive:
                _check(archive)
                for member in archive.infolist():
                    _extract(archive, member, root)
        notes = [note for folder in _import_roots(root) for note in stand_in(folder)]
    except OSError as error:
        remove_tree(root)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"No space left in {root.parent} to unpack a function") from error
        raise InvalidPackage(_NO_ZIP) from error  # such as a file where a folder must be
    except _UNREADABLE as error:
        remove_tree(root)
        raise InvalidPackage(_NO_ZIP) from error
    except InvalidPackage:
        remove_tree(root)
        raise
    for folder, _, _ in os.walk(root):
        os.chmod(folder, 0o555)
    return Code(root, tuple(notes))


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, root: Path) -> None:
    if member.is_dir():
        archive.extract(member, root)
    else:
        (root / member.filename).unlink(missing_ok=True)  # of a layer below, and read-only
        path = archive.extract(member, root)
        executable = (member.external_attr >> 16) & 0o111
        os.chmod(path, 0o444 | executable)


def _import_roots(root: Path) -> list[Path]:
    """Where distributions may lie: at the top of a package, and in a layer's two places."""
    return [root, root / "python", *sorted(root.glob("python/lib/python3.*/site-packages"))]


def _check(archive: zipfile.ZipFile) -> None:
    if _size(archive) > MAX_UNZIPPED_BYTES:
        limit = f"Unzipped size must be smaller than {MAX_UNZIPPED_BYTES} bytes"
        raise InvalidPackage(limit)
    files = {PurePosixPath(each.filename) for each in archive.infolist() if not each.is_dir()}
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if not files.isdisjoint(path.parents):  # below a file: it could not be unpacked
            raise InvalidPackage(_NO_ZIP)
        if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(member.external_attr >> 16):
            raise InvalidPackage(_NO_ZIP)


def _size(archive: zipfile.ZipFile) -> int:
    return sum(member.file_size for member in archive.infolist())
