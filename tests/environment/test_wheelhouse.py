"""The wheelhouse: filled by hash for two platforms, mended when interrupted, used by Chalice."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from chalice.deploy.packager import DependencyBuilder
from chalice.utils import OSUtils
from packaging.tags import sys_tags

from workbook import settings
from workbook.environment import failures, watching, wheelhouse
from workbook.environment.wheelhouse import Wheelhouse
from workbook.errors import SetUpError

# The most special tag of this machine, which pip prefers.
HOST = str(next(tag for tag in sys_tags() if not tag.platform.startswith("linux")))
LAMBDA = f"cp3{sys.version_info.minor}-cp3{sys.version_info.minor}-manylinux_2_17_x86_64"
TEA, LEAF = "tea_shop-1.2", "leaf-3.0"
WHEELS = {
    f"{TEA}-py3-none-any.whl": "Requires-Dist: leaf\n",
    f"{LEAF}-{HOST}.whl": "",
    f"{LEAF}-{LAMBDA}.whl": "",
}


def write_wheel(folder: Path, name: str, more: str = "") -> str:
    """A wheel whose one module holds its own file name; its hash."""
    distribution, version, tag = name.removesuffix(".whl").split("-", 2)
    about = f"{distribution}-{version}.dist-info"
    files = {
        f"{distribution}.py": f"BUILT_FOR = {tag!r}\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n{more}",
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
    }
    with zipfile.ZipFile(folder / name, "w") as wheel:
        for path, text in {**files, f"{about}/RECORD": ""}.items():
            wheel.writestr(path, text)
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wheelhouse:
    """A wheelhouse to fill, and the place its wheels come from, which needs no network."""
    source = tmp_path / "an index"
    source.mkdir()
    hashes = {name: write_wheel(source, name, more) for name, more in WHEELS.items()}
    lock = "".join(
        f"{name}=={version} \\\n"
        + " \\\n".join(f"    --hash=sha256:{hashes[wheel]}" for wheel in WHEELS if start in wheel)
        + "\n"
        for name, version, start in (("leaf", "3.0", LEAF), ("tea-shop", "1.2", TEA))
    )
    (tmp_path / "lock.txt").write_text(lock)
    (tmp_path / "requirements.txt").write_text("# what it needs\ntea-shop==1.2\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", source.as_uri())
    return Wheelhouse(
        tmp_path / "wheel house", tmp_path / "requirements.txt", tmp_path / "lock.txt"
    )


def wheels(shelf: Wheelhouse) -> set[str]:
    return {path.name for path in shelf.folder.glob("*.whl")}


def refuse(*_: object, **__: object) -> None:
    raise AssertionError("a program was started")


def test_what_is_required_and_what_that_needs_is_fetched_for_this_machine_and_for_lambda(
    shelf: Wheelhouse, capfd: pytest.CaptureFixture[str]
) -> None:
    shelf.fill()
    assert set(WHEELS) == wheels(shelf)
    assert shelf.is_whole()
    said = capfd.readouterr().out
    assert "Fetching the wheels" in said and "fetching leaf" in said


def test_a_second_start_starts_no_program(
    shelf: Wheelhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.fill()
    monkeypatch.setattr(watching, "run", refuse)
    monkeypatch.setattr(wheelhouse.locking, "alone", refuse)
    shelf.fill()


def test_a_wheel_that_is_not_the_locks_is_refused_and_nothing_is_taken(shelf: Wheelhouse) -> None:
    shelf.lock.write_text(re.sub("sha256:[0-9a-f]+", f"sha256:{'0' * 64}", shelf.lock.read_text()))
    with pytest.raises(SetUpError, match="hash differs"):
        shelf.fill()
    assert (set(), False) == (wheels(shelf), shelf.is_whole())


def test_without_a_network_it_is_one_sentence_and_what_was_there_stays(
    shelf: Wheelhouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shelf.fill()
    shelf.requirements.write_text("tea-shop\n")
    monkeypatch.setenv("PIP_FIND_LINKS", (tmp_path / "nothing").as_uri())
    with pytest.raises(failures.NoNetwork) as raised:
        shelf.fill()
    assert 1 == len(raised.value.problem.splitlines())
    assert "the wheels that a deployed service needs" in raised.value.problem
    assert "All else works" in raised.value.fix
    assert set(WHEELS) == wheels(shelf)


@pytest.mark.parametrize("name", ["a wheel", "the stamp", "half a wheel"])
def test_what_is_missing_or_cut_short_is_fetched_again(shelf: Wheelhouse, name: str) -> None:
    shelf.fill()
    if name == "the stamp":
        (shelf.folder / wheelhouse.STAMP).unlink()
    else:
        wheel = next(shelf.folder.glob("leaf*"))
        wheel.unlink() if name == "a wheel" else os.truncate(wheel, 100)
    assert not shelf.is_whole()
    shelf.fill()
    assert (set(WHEELS), True) == (wheels(shelf), shelf.is_whole())


def test_a_fetch_that_was_interrupted_is_begun_again(
    shelf: Wheelhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = watching.run

    def interrupted(command: list[str], **how: object) -> tuple[int, str]:
        run(command, **how)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        shelf.fill()
    assert (False, set()) == (shelf.is_whole(), wheels(shelf))
    (shelf.folder / wheelhouse.FETCHING / "stray.whl").touch()
    monkeypatch.setattr(watching, "run", run)
    shelf.fill()
    assert (set(WHEELS), True) == (wheels(shelf), shelf.is_whole())


def test_a_lock_that_changed_elsewhere_costs_nothing_and_a_newer_pin_is_fetched(
    shelf: Wheelhouse,
) -> None:
    shelf.fill()
    pinned = shelf.lock.read_text()
    shelf.lock.write_text(f"another==1.0 \\\n    --hash=sha256:{'0' * 64}\n{pinned}")
    assert shelf.is_whole()
    shelf.lock.write_text(pinned.replace("leaf==3.0", "leaf==3.1"))
    assert not shelf.is_whole()


def test_wheels_of_an_older_lock_go(shelf: Wheelhouse) -> None:
    shelf.folder.mkdir()
    (shelf.folder / "leaf-2.0-py3-none-any.whl").touch()
    shelf.fill()
    assert set(WHEELS) == wheels(shelf)


@pytest.mark.parametrize("text", ["", "# nothing yet\n\n", None])
def test_where_nothing_is_required_nothing_is_made(shelf: Wheelhouse, text: str | None) -> None:
    shelf.requirements.unlink() if text is None else shelf.requirements.write_text(text)
    shelf.fill()
    assert not shelf.folder.exists()


def test_a_requirement_that_the_lock_does_not_pin_is_named(shelf: Wheelhouse) -> None:
    shelf.requirements.write_text("tea-shop\ncake>=2\n")
    with pytest.raises(SetUpError, match="asks for cake, which the lock does not pin"):
        shelf.fill()


def test_a_folder_that_cannot_be_written_is_named(shelf: Wheelhouse, tmp_path: Path) -> None:
    (tmp_path / "wheel house").touch()
    with pytest.raises(SetUpError, match="could not be written") as raised:
        shelf.fill()
    assert "WORKBOOK_WHEELHOUSE" in raised.value.fix


def test_it_is_known_what_is_not_in_it(shelf: Wheelhouse) -> None:
    shelf.fill()
    asked = ["tea_shop", "Leaf>=1", "requests==2", "-r more.txt", "cake"]
    assert ["requests==2", "cake"] == [each for each in asked if shelf.lacks(each)]


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_pip_is_told_of_lambda_what_chalice_tells_it(minor: int) -> None:
    expected = DependencyBuilder(OSUtils())._get_pip_platforms(f"cp3{minor}")
    assert expected == wheelhouse.lambda_platforms(minor)


def variables(shelf: Wheelhouse, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("WORKBOOK_WHEELHOUSE", str(shelf.folder))
    return settings.variables_for_learning()


def test_learners_are_pointed_at_it_only_when_it_is_whole(
    shelf: Wheelhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert os.environ["PIP_FIND_LINKS"] == variables(shelf, monkeypatch)["PIP_FIND_LINKS"]
    shelf.fill()
    given = variables(shelf, monkeypatch)
    assert (shelf.folder.as_uri(), "1") == (given["PIP_FIND_LINKS"], given["PIP_NO_INDEX"])


def test_installing_from_within_jupyterlab_is_not_held_to_it(
    shelf: Wheelhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.fill()
    for name, value in variables(shelf, monkeypatch).items():
        monkeypatch.setenv(name, value)
    seen = settings.variables_for_installing()
    assert [] == [name for name in seen if name in settings.variables_for_packaging()]


@pytest.fixture
def package(
    shelf: Wheelhouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[subprocess.CompletedProcess[str], Path]]:
    """Runs `chalice package` on an app with these requirements, as a learner's terminal would."""
    shelf.fill()
    project = tmp_path / "project"
    (project / ".chalice").mkdir(parents=True)
    (project / "app.py").write_text(
        'from chalice import Chalice\n\napp = Chalice("tea")\n\n\n'
        '@app.route("/")\ndef index():\n    return {}\n'
    )
    (project / ".chalice" / "config.json").write_text(
        json.dumps({"version": "2.0", "app_name": "tea"})
    )

    def run(requirements: str) -> tuple[subprocess.CompletedProcess[str], Path]:
        (project / "requirements.txt").write_text(requirements)
        done = subprocess.run(
            [str(Path(sys.executable).with_name("chalice")), "package", str(tmp_path / "out")],
            cwd=project,
            env=variables(shelf, monkeypatch),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return done, tmp_path / "out" / "deployment.zip"

    return run


def test_chalice_packages_from_it_what_lambda_can_run(package) -> None:
    done, archive = package("tea-shop\n")
    assert 0 == done.returncode, done.stderr
    with zipfile.ZipFile(archive) as packed:
        assert {"tea_shop.py", "leaf.py", "app.py"} <= set(packed.namelist())
        built_for = packed.read("leaf.py").decode()
    fits = DependencyBuilder(OSUtils())._is_compatible_wheel_filename
    tag = built_for.split("'")[1]
    assert fits(f"cp3{sys.version_info.minor}", f"leaf-3.0-{tag}.whl")


def test_what_is_not_in_it_is_named_by_chalices_last_line(package) -> None:
    done, _ = package("tea-shop\nrequests\n")
    last = done.stderr.strip().splitlines()[-1]
    assert "Could not satisfy the requirement: requests" in last


def test_each_python_has_its_own_so_that_two_environments_do_not_undo_each_others(monkeypatch):
    monkeypatch.delenv("WORKBOOK_WHEELHOUSE", raising=False)
    here = settings.wheelhouse()
    monkeypatch.setattr(settings.sys, "version_info", (3, 99, 0))
    assert (here.parent, True) == (settings.wheelhouse().parent, here != settings.wheelhouse())
