"""`python3 -m workbook reset NAME`: which file is meant, and what is said."""

from __future__ import annotations

import json

import pytest

from workbook import commands, settings
from workbook.commands import reset
from workbook.errors import UnknownName

OFFERED = [
    "notebooks/02_routes-and-decorators.ipynb",
    "notebooks/04_state-in-dynamodb.ipynb",
    "exercises/02_routes-and-decorators.ipynb",
    "chalice_app/app.py",
    "chalice_app/chalicelib/inventory.py",
]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("exercises/02_routes-and-decorators.ipynb", OFFERED[2:3]),
        ("exercises/02_routes-and-decorators", OFFERED[2:3]),
        ("exercises/02", OFFERED[2:3]),
        ("04_state-in-dynamodb", OFFERED[1:2]),
        ("04", OFFERED[1:2]),
        ("app.py", OFFERED[3:4]),
        ("chalice_app", OFFERED[3:]),
    ],
)
def test_a_name_is_as_much_as_says_which_file_is_meant(name, meant):
    assert meant == reset.meant(name, OFFERED)


@pytest.mark.parametrize("name", ["02", "02_routes-and-decorators"])
def test_a_name_of_several_files_is_answered_with_all_of_them(name):
    with pytest.raises(UnknownName) as refused:
        reset.meant(name, OFFERED)
    assert f"2 files of the workbook are called {name}" in refused.value.problem
    assert all(each in refused.value.problem for each in (OFFERED[0], OFFERED[2]))


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("exercises/02_routes_and_decorators.ipynb", OFFERED[2]),
        ("04_state-in-dynamo", OFFERED[1]),
        ("chalice_app/ap.py", OFFERED[3]),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name, nearest):
    with pytest.raises(UnknownName) as refused:
        reset.meant(name, OFFERED)
    assert (f"The workbook has no file {name}.", f"Did you mean {nearest}?") == refused.value.args


@pytest.mark.parametrize("name", ["zzz", "", ".", ".."])
def test_a_name_like_no_other_is_answered_with_the_folders(name):
    with pytest.raises(UnknownName) as refused:
        reset.meant(name, OFFERED)
    assert "There are: chalice_app, exercises, notebooks." == refused.value.fix


def test_without_a_name_it_is_a_usage_error():
    with pytest.raises(SystemExit) as ended:
        commands.parse(["reset"])
    assert 2 == ended.value.code


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """The repository's own files, laid into a workspace of this test's."""
    folder = tmp_path / "workspace"
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(folder))
    return folder


def run(*argv):
    command, options = commands.parse(["reset", *argv])
    return command.run(options)


def test_a_file_is_laid_afresh_the_backup_named_and_the_notebook_trusted(desk, capsys):
    from nbformat import read, sign

    name = "exercises/02_routes-and-decorators.ipynb"
    place = desk / name
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    assert 0 == run(str(place))  # as the shell completes it
    said = capsys.readouterr().out
    assert "Yours is kept: exercises/02_routes-and-decorators.backup-1.ipynb" in said
    assert "mine" == place.with_suffix(".backup-1.ipynb").read_text()
    assert json.loads(place.read_text()) == json.loads((settings.root() / name).read_text())
    notary = sign.NotebookNotary(data_dir=str(desk / ".workbook" / "jupyter" / "data"))
    assert notary.check_signature(read(place, as_version=4))


def test_what_is_as_it_was_laid_is_said_to_be_so(desk, capsys):
    run("chalice_app/app.py")
    assert 0 == run("chalice_app/app.py")
    assert "chalice_app/app.py is as the workbook has it.\n" * 2 == capsys.readouterr().out


def test_a_whole_folder_is_laid_afresh(desk, capsys):
    run("chalice_app")
    assert (desk / "chalice_app" / "app.py").exists()
    assert (desk / "chalice_app" / ".chalice" / "config.json").exists()


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(desk, tmp_path, monkeypatch):
    (tmp_path / "in-the-way").touch()
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path / "in-the-way" / "workspace"))
    with pytest.raises(Exception, match="could not be laid afresh") as refused:
        run("chalice_app/app.py")
    assert 2 == len(str(refused.value).splitlines())
