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

    def update(self, **how) -> workspace.Update:
        return workspace.lay_out(self.source, self.workspace, self.manifest, **how)

    def restore(self, name: str) -> str | None:
        return workspace.restore(self.source, self.workspace, self.manifest, name)

    def renumber(self, old: str, new: str) -> None:
        (self.source / old).rename(self.source / new)


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


def test_what_is_no_longer_offered_stays_when_touched_and_is_named(desk):
    desk.write(CHAPTER, notebook("mine"))
    (desk.source / CHAPTER).unlink()
    assert f"Kept {CHAPTER}" in str(desk.update())
    assert notebook("mine") == desk.read(CHAPTER)
    assert "" == str(desk.update())


def test_what_is_new_is_named_but_for_the_first_time_when_all_is(desk, tmp_path):
    desk.offer("notebooks/03_next.ipynb", notebook("next"))
    assert "New in your workspace: notebooks/03_next.ipynb." == str(desk.update())
    first = workspace.lay_out(desk.source, tmp_path / "other", tmp_path / "other.json")
    assert "" == str(first)


RENUMBERED = "notebooks/03_routes.ipynb"


def test_a_renumbered_notebook_that_was_touched_goes_along_under_its_new_name(desk):
    """So that what links to the new name leads to the learner's work."""
    desk.write(CHAPTER, notebook("mine"))
    desk.renumber(CHAPTER, RENUMBERED)
    update = desk.update()
    assert (notebook("mine"), {}) == (desk.read(RENUMBERED), update.beside)
    assert not (desk.workspace / CHAPTER).exists()
    assert f"Moved {CHAPTER}" in str(update)
    assert "" == str(desk.update())


def test_a_renumbered_notebook_with_new_work_in_it_is_laid_beside_the_learners(desk):
    desk.write(CHAPTER, notebook("mine"))
    desk.renumber(CHAPTER, RENUMBERED)
    desk.offer(RENUMBERED, notebook("two"))
    beside = desk.update().beside[RENUMBERED]
    assert (notebook("mine"), notebook("two")) == (desk.read(RENUMBERED), desk.read(beside))


def test_a_renumbered_notebook_that_was_not_touched_is_replaced_by_the_new_one(desk):
    desk.renumber(CHAPTER, RENUMBERED)
    update = desk.update()
    assert ([RENUMBERED], [CHAPTER], {}) == (update.laid, update.removed, update.moved)


def test_numbers_that_change_places_lose_nothing(desk):
    other = "notebooks/03_tables.ipynb"
    desk.offer(other, notebook("tables"))
    desk.update()
    desk.write(CHAPTER, notebook("mine"))
    desk.write(other, notebook("mine too"))
    desk.renumber(CHAPTER, RENUMBERED)
    desk.renumber(other, "notebooks/02_tables.ipynb")
    desk.update()
    assert notebook("mine") == desk.read(RENUMBERED)
    assert notebook("mine too") == desk.read("notebooks/02_tables.ipynb")


def test_a_learners_own_file_under_the_new_number_is_not_moved_over(desk):
    desk.write(CHAPTER, notebook("mine"))
    desk.write(RENUMBERED, notebook("theirs"))
    desk.renumber(CHAPTER, RENUMBERED)
    desk.update()
    assert (notebook("mine"), notebook("theirs")) == (desk.read(CHAPTER), desk.read(RENUMBERED))


SOLVED = "solutions/02_routes.ipynb"


def test_solutions_are_out_of_sight_until_they_are_wanted(desk):
    desk.offer(SOLVED, notebook("solved"))
    desk.update()
    assert not (desk.workspace / "solutions").exists()
    desk.update(with_solutions=True)
    assert notebook("solved") == desk.read(SOLVED)


def test_solutions_once_wanted_stay_and_are_kept_up_to_date(desk):
    desk.offer(SOLVED, notebook("solved"))
    desk.update(with_solutions=True)
    desk.offer(SOLVED, notebook("solved better"))
    assert ([SOLVED], []) == (desk.update().refreshed, desk.update().removed)


def test_a_folder_that_cannot_be_written_stops_the_update_and_loses_nothing(desk, monkeypatch):
    """Root may write anywhere, so the folder's refusal is imitated where files are written."""
    desk.write("chalice_app/app.py", "app = 'mine'\n")
    desk.offer("chalice_app/app.py", "app = 2\n")
    desk.offer(CHAPTER, notebook("two"))
    write = Path.write_bytes

    def read_only(place, content):
        if place.parent.name == "chalice_app":
            raise PermissionError(13, "Permission denied", str(place))
        return write(place, content)

    monkeypatch.setattr(Path, "write_bytes", read_only)
    with pytest.raises(PermissionError):
        desk.update()
    assert "app = 'mine'\n" == desk.read("chalice_app/app.py")
    monkeypatch.undo()
    update = desk.update()
    assert ("app = 'mine'\n", notebook("two")) == (
        desk.read("chalice_app/app.py"),
        desk.read(CHAPTER),
    )
    assert "app = 2\n" == desk.read(update.beside["chalice_app/app.py"])


def test_a_restored_file_is_as_offered_and_the_learners_is_a_backup(desk):
    desk.write(CHAPTER, notebook("mine"))
    kept = desk.restore(CHAPTER)
    assert "notebooks/02_routes.backup-1.ipynb" == kept
    assert (notebook("one"), notebook("mine")) == (desk.read(CHAPTER), desk.read(kept))


def test_no_backup_replaces_another(desk):
    for mine in ("first", "second"):
        desk.write(CHAPTER, notebook(mine))
        kept = desk.restore(CHAPTER)
    assert notebook("second") == desk.read(kept)
    assert notebook("first") == desk.read("notebooks/02_routes.backup-1.ipynb")


def test_a_restored_file_counts_as_untouched_again(desk):
    desk.write(CHAPTER, notebook("mine"))
    desk.restore(CHAPTER)
    desk.offer(CHAPTER, notebook("two"))
    assert [CHAPTER] == desk.update().refreshed


@pytest.mark.parametrize("gone", [True, False])
def test_restoring_what_is_missing_or_unchanged_keeps_no_backup(desk, gone):
    if gone:
        (desk.workspace / CHAPTER).unlink()
    assert None is desk.restore(CHAPTER)
    assert notebook("one") == desk.read(CHAPTER)


def test_a_restore_that_dies_half_way_has_lost_nothing(desk, monkeypatch):
    desk.write(CHAPTER, notebook("mine"))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workspace, "replace", full)
    with pytest.raises(OSError, match="No space"):
        desk.restore(CHAPTER)
    monkeypatch.undo()
    desk.update()
    assert notebook("mine") == desk.read("notebooks/02_routes.backup-1.ipynb")
    assert notebook("one") == desk.read(CHAPTER)


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
    assert [place] == list(tmp_path.iterdir())
