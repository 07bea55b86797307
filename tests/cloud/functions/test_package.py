"""Deployment packages: unpacked once, read-only, or refused in AWS's words."""

from __future__ import annotations

import errno
import os
import stat
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from workbook.cloud.functions import package
from workbook.cloud.functions.package import CodeStore, unpack
from workbook.cloud.functions.spec import InvalidPackage, StorageFull

NO_ZIP = "Could not unzip uploaded file. Please check your file, then try to upload again."


def zipped(path: Path, files: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_files_keep_their_content_and_their_execute_bit_and_nothing_is_writable(
    tmp_path: Path,
) -> None:
    path = zipped(tmp_path / "a.zip", {"app.py": "x = 1", "lib/data.txt": "data"})
    with zipfile.ZipFile(path, "a") as archive:
        tool = zipfile.ZipInfo("bin/tool")
        tool.external_attr = 0o755 << 16
        archive.writestr(tool, "#!/bin/sh")
    root = unpack(tmp_path / "code", path).root
    assert (root / "lib/data.txt").read_text() == "data"
    modes = {
        str(entry.relative_to(root)): stat.S_IMODE(entry.stat().st_mode)
        for entry in [root, *root.rglob("*")]
    }
    assert modes == {
        ".": 0o555,
        "app.py": 0o444,
        "lib": 0o555,
        "lib/data.txt": 0o444,
        "bin": 0o555,
        "bin/tool": 0o555,
    }


def test_code_is_unpacked_once_for_all_and_removed_with_its_last_user(tmp_path: Path) -> None:
    store = CodeStore(tmp_path / "code")
    path = zipped(tmp_path / "a.zip", {"app.py": ""})
    first = store.hold("sha/+=", path)
    path.unlink()
    assert store.hold("sha/+=", path) is first
    store.release("sha/+=")
    assert first.root.is_dir()
    store.release("sha/+=")
    assert not first.root.exists()


def garbled(path: Path) -> Path:
    data = bytearray(zipped(path, {"app.py": "x = 1\n" * 1000}).read_bytes())
    data[40:60] = bytes(20)
    path.write_bytes(data)
    return path


def text(path: Path) -> Path:
    path.write_text("no zip")
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def a_file_that_is_a_folder(path: Path) -> Path:
    return zipped(path, {"a": "file", "a/b": "below"})


def symbolic_link(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("passwords")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return path


@pytest.mark.parametrize(
    "make", [garbled, text, empty, a_file_that_is_a_folder, symbolic_link], ids=lambda f: f.__name__
)
def test_what_is_no_sound_zip_is_refused_and_leaves_nothing(tmp_path: Path, make: object) -> None:
    path = make(tmp_path / "broken.zip")  # type: ignore[operator]
    with pytest.raises(InvalidPackage, match=NO_ZIP):
        unpack(tmp_path / "code", path)
    assert not (tmp_path / "code").exists()


@pytest.mark.parametrize("name", ["../evil.py", "/tmp/evil.py", "a/../../evil.py", "..\\evil.py"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "evil.zip", {name: "x = 1"})
    (tmp_path / "sub").mkdir()
    with pytest.raises(InvalidPackage, match=NO_ZIP):
        unpack(tmp_path / "sub" / "code", path)
    assert list(tmp_path.rglob("evil.py")) == []


def test_more_than_250_mb_unzipped_is_refused_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "large.zip", {"a": "x" * 60, "b": "x" * 41})
    monkeypatch.setattr(package, "MAX_UNZIPPED_BYTES", 101)
    package.unpack(tmp_path / "just", path)
    monkeypatch.setattr(package, "MAX_UNZIPPED_BYTES", 100)
    with pytest.raises(InvalidPackage, match="must be smaller than 100 bytes"):
        unpack(tmp_path / "code", path)
    assert not (tmp_path / "code").exists()


def test_a_full_disk_is_told_apart_from_a_broken_zip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = zipped(tmp_path / "a.zip", {"app.py": ""})
    monkeypatch.setattr(zipfile.ZipFile, "extract", no_space)
    with pytest.raises(StorageFull, match="No space left"):
        unpack(tmp_path / "code", path)
    assert not (tmp_path / "code").exists()


def wheel(name: str, tag: str) -> dict[str, str]:
    info = f"{name}-1.0.dist-info"
    return {
        f"{name}/__init__.py": "packed = True",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
        f"{info}/RECORD": f"{name}/__init__.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n",
    }


OWN = f"cp{sys.version_info.major}{sys.version_info.minor}"
FOREIGN = (
    f"{OWN}-{OWN}-{'macosx_11_0_arm64' if sys.platform == 'linux' else 'manylinux_2_17_s390x'}"
)


def test_an_installed_distribution_stands_in_for_one_built_for_another_platform(
    tmp_path: Path,
) -> None:
    code = unpack(tmp_path / "code", zipped(tmp_path / "a.zip", wheel("urllib3", FOREIGN)))
    assert "packed" not in (code.root / "urllib3" / "__init__.py").read_text()
    (note,) = code.notes
    assert note.startswith("[workbook] urllib3 1.0 in the package is not built for this machine: ")
    assert note.endswith("installed here, stands in for it")


def test_a_foreign_distribution_that_is_not_installed_stays_and_is_named(tmp_path: Path) -> None:
    code = unpack(tmp_path / "code", zipped(tmp_path / "a.zip", wheel("nowhere", FOREIGN)))
    assert (code.root / "nowhere" / "__init__.py").read_text() == "packed = True"
    (note,) = code.notes
    assert note == (
        "[workbook] nowhere 1.0 in the package is not built for this machine,"
        " and none is installed to stand in for it"
    )


@pytest.mark.parametrize("tag", ["py3-none-any", "py2.py3-none-any", "cp37-none-any"])
def test_pure_distributions_stay_as_packed(tmp_path: Path, tag: str) -> None:
    code = unpack(tmp_path / "code", zipped(tmp_path / "a.zip", wheel("urllib3", tag)))
    assert (code.root / "urllib3" / "__init__.py").read_text() == "packed = True"
    assert code.notes == ()
