"""Packages are kept by what they contain, also when several arrive at once."""

from __future__ import annotations

import io
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workbook.cloud import uploads
from workbook.cloud.uploads import Uploads


def a_package() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "x = 1\n")
    return packed.getvalue()


def test_the_same_package_sent_twice_in_one_moment_is_kept_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_are_written, check = threading.Barrier(2), uploads.check_package

    def together(part: Path) -> int:
        both_are_written.wait(timeout=30)
        size = check(part)
        both_are_written.wait(timeout=30)
        return size

    monkeypatch.setattr(uploads, "check_package", together)
    kept, content = Uploads(tmp_path / "kept"), a_package()
    with ThreadPoolExecutor(2) as threads:
        paths = list(threads.map(lambda _: kept.keep("digest", content), range(2)))
    assert paths == [kept.path("digest")] * 2
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["digest.zip"]
    assert kept.unzipped_bytes("digest") == 6
