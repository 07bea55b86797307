"""A learner's copies: refreshed where untouched, and never overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbook import workspace

CHAPTER = "notebooks/02_routes.ipynb"
NEWER = "notebooks/02_routes.new.ipynb"


def notebook(source: str, output: str = "") -> str:
    cell = {"cell_type": "code", "source": [source], "outputs": [output], "metadata": {}}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


class Desk:
    """A repository, the workspace laid from it, and the update between them."""

    def __init__(self, folder: Path) -> None:
        self.source, self.workspace = folder / "repository", folder / "workspace"
        self.manifest = self.workspace / ".workbook" / "manifest.json"

    def offer(self, name: str, content: str) -> None:
        workspace.replace(self.source / name, content.encode())

    def write(self, name: str, content: str) -> None:
        workspace.replace(self.workspace / name, content.encode())

    def read(self, name: str) -> str:
        return (self.workspace / name).read_text()

    def update(self) -> workspace.Update:
        return workspace.lay_out(self.source, self.workspace, self.manifest)


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.offer(CHAPTER, notebook("one"))
    desk.offer("chalice_app/app.py", "app = 1\n")
    desk.update()
    return desk


def test_chapters_and_the_service_are_laid(desk):
    assert (notebook("one"), "app = 1\n") == (desk.read(CHAPTER), desk.read("chalice_app/app.py"))


@pytest.mark.parametrize(
    "name", ["notebooks/.ipynb_checkpoints/a.ipynb", "chalice_app/__pycache__/app.pyc", "README.md"]
)
def test_what_is_no_ones_work_is_not_laid(desk, name):
    desk.offer(name, "x")
    desk.update()
    assert not (desk.workspace / name).exists()


def test_nothing_new_changes_nothing_and_says_nothing(desk):
    assert "" == str(desk.update())


def test_an_untouched_file_is_refreshed(desk):
    desk.offer(CHAPTER, notebook("two"))
    update = desk.update()
    assert ([CHAPTER], notebook("two")) == (update.refreshed, desk.read(CHAPTER))
    assert CHAPTER in str(update)


def test_running_a_notebook_does_not_touch_it(desk):
    desk.write(CHAPTER, notebook("one", output="a learner ran this"))
    desk.offer(CHAPTER, notebook("two"))
    desk.update()
    assert notebook("two") == desk.read(CHAPTER)


def test_what_a_learner_ran_keeps_its_outputs_while_nothing_is_new(desk):
    desk.write(CHAPTER, notebook("one", output="a learner ran this"))
    desk.update()
    assert notebook("one", output="a learner ran this") == desk.read(CHAPTER)


def test_an_edited_file_is_kept_and_the_newer_version_laid_beside_it(desk):
    desk.write(CHAPTER, notebook("mine"))
    desk.offer(CHAPTER, notebook("two"))
    update = desk.update()
    assert (notebook("mine"), notebook("two")) == (desk.read(CHAPTER), desk.read(NEWER))
    assert {CHAPTER: NEWER} == update.beside
    assert NEWER in str(update)


def test_a_newer_version_is_laid_beside_once(desk):
    desk.write(CHAPTER, notebook("mine"))
    desk.offer(CHAPTER, notebook("two"))
    desk.update()
    (desk.workspace / NEWER).unlink()
    assert "" == str(desk.update())


def test_new_outputs_alone_are_not_worth_a_second_file(desk):
    desk.write(CHAPTER, notebook("mine"))
    desk.offer(CHAPTER, notebook("one", output="new"))
    desk.update()
    assert not (desk.workspace / NEWER).exists()


def test_a_newer_version_that_was_worked_in_is_kept_too(desk):
    desk.write(CHAPTER, notebook("mine"))
    desk.offer(CHAPTER, notebook("two"))
    desk.update()
    desk.write(NEWER, notebook("mine again"))
    desk.offer(CHAPTER, notebook("three"))
    update = desk.update()
    assert notebook("mine again") == desk.read(NEWER)
    assert notebook("three") == desk.read(update.beside[CHAPTER])


def test_a_newer_version_that_was_not_worked_in_makes_way_for_the_next(desk):
    desk.write(CHAPTER, notebook("mine"))
    for source in ("two", "three"):
        desk.offer(CHAPTER, notebook(source))
        desk.update()
    assert notebook("three") == desk.read(NEWER)


def test_a_file_of_the_learners_own_under_a_new_name_of_ours_is_kept(desk):
    desk.write("notebooks/03_new.ipynb", notebook("theirs"))
    desk.offer("notebooks/03_new.ipynb", notebook("ours"))
    desk.update()
    assert notebook("theirs") == desk.read("notebooks/03_new.ipynb")
    assert notebook("ours") == desk.read("notebooks/03_new.new.ipynb")


def test_deleting_a_file_asks_for_a_fresh_copy(desk):
    (desk.workspace / CHAPTER).unlink()
    desk.update()
    assert notebook("one") == desk.read(CHAPTER)


def test_what_is_no_longer_offered_goes_when_untouched(desk):
    (desk.source / CHAPTER).unlink()
    assert [CHAPTER] == desk.update().removed
    assert not (desk.workspace / CHAPTER).exists()


def test_what_is_no_longer_offered_stays_when_touched(desk):
    desk.write(CHAPTER, notebook("mine"))
    (desk.source / CHAPTER).unlink()
    desk.update()
    assert notebook("mine") == desk.read(CHAPTER)


def test_an_update_interrupted_between_two_files_takes_nothing_of_its_own_for_an_edit(
    desk, monkeypatch
):
    """Even when yet another version comes before it is gone on with."""
    desk.offer("chalice_app/app.py", "app = 2\n")
    desk.offer(CHAPTER, notebook("two"))
    replace = workspace.replace

    def dies_at_the_second(place, content):
        if place.name == "app.py":
            raise KeyboardInterrupt
        replace(place, content)

    monkeypatch.setattr(workspace, "replace", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        desk.update()
    monkeypatch.undo()
    assert (notebook("two"), "app = 1\n") == (desk.read(CHAPTER), desk.read("chalice_app/app.py"))
    desk.offer(CHAPTER, notebook("three"))
    update = desk.update()
    assert ({}, notebook("three")) == (update.beside, desk.read(CHAPTER))
    assert "app = 2\n" == desk.read("chalice_app/app.py")


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"files": 3, "beside": {}}'])
def test_with_a_spoilt_manifest_nothing_of_the_learners_is_lost(desk, spoilt):
    desk.write(CHAPTER, notebook("mine"))
    desk.manifest.write_text(spoilt)
    desk.offer(CHAPTER, notebook("two"))
    desk.update()
    assert (notebook("mine"), notebook("two")) == (desk.read(CHAPTER), desk.read(NEWER))


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    place = tmp_path / "a.ipynb"
    workspace.replace(place, b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        workspace.replace(place, b"new")
    assert b"old" == place.read_bytes()
