"""Throwaway projects: copies that leave their original alone, and vanish."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from chalice.test import Client

from workbook.errors import UnknownName, WorkbookError
from workbook.lessons import projects

SERVICE = Path(__file__).with_name("first_service")

MAKES_A_FOLDER = (
    "from workbook.lessons import projects; print(projects.scratch_folder(), flush=True)"
)


def in_a_process_of_its_own(code, **options):
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, **options
    )


def test_a_copy_can_be_edited_without_touching_its_original():
    original = (SERVICE / "app.py").read_text()
    copy = projects.throwaway(SERVICE)
    projects.edit(copy / "app.py", "No item", "We do not sell")
    assert original == (SERVICE / "app.py").read_text()
    assert "We do not sell" in (copy / "app.py").read_text()


def test_two_copies_are_two():
    assert projects.throwaway(SERVICE) != projects.throwaway(SERVICE)


def test_a_copy_leaves_behind_what_deploying_wrote(tmp_path):
    (tmp_path / ".chalice" / "deployed").mkdir(parents=True)
    (tmp_path / ".chalice" / "deployed" / "dev.json").write_text("{}")
    (tmp_path / ".chalice" / "config.json").write_text("{}")
    copy = projects.throwaway(tmp_path)
    assert ["config.json"] == [each.name for each in (copy / ".chalice").iterdir()]


def test_a_new_project_holds_its_configuration_alone_each_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (projects.new("shop") / "app.py").touch()
    folder = projects.new("shop", SUPPLIER="http://127.0.0.1:1")
    assert [".chalice", "requirements.txt"] == sorted(each.name for each in folder.iterdir())
    config = json.loads((folder / ".chalice" / "config.json").read_text())
    assert "shop" == config["app_name"]
    assert {"SUPPLIER": "http://127.0.0.1:1"} == config["stages"]["dev"]["environment_variables"]


def test_a_folder_without_a_project_is_refused_with_its_name(tmp_path):
    with pytest.raises(UnknownName, match=tmp_path.name):
        projects.throwaway(tmp_path)


def test_folders_vanish_when_their_process_ends():
    process = in_a_process_of_its_own(MAKES_A_FOLDER)
    folder = process.communicate()[0].strip()
    assert folder
    assert not Path(folder).exists()


def test_folders_of_a_killed_process_are_swept_away_by_the_next():
    process = in_a_process_of_its_own(f"{MAKES_A_FOLDER}; input()", stdin=subprocess.PIPE)
    folder = Path(process.stdout.readline().strip())
    assert folder.is_dir()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    projects.scratch_folder()
    assert not folder.exists()


def test_folders_of_the_living_are_not_swept_away():
    first = projects.scratch_folder()
    projects.scratch_folder()
    assert first.is_dir()


def test_working_in_a_scratch_folder_finds_the_commands_of_this_environment(monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.chdir("/")
    projects.work_in_scratch_folder()
    assert [] == os.listdir()
    assert os.environ["PATH"].endswith("/usr/bin")
    assert (Path(os.environ["PATH"].split(os.pathsep)[0]) / "chalice").exists()


@pytest.mark.parametrize(("text", "times"), [("none", 0), ("two two", 2)])
def test_an_edit_that_is_not_unique_changes_nothing(tmp_path, text, times):
    file = tmp_path / "app.py"
    file.write_text(text)
    with pytest.raises(WorkbookError, match=f"{times} times"):
        projects.edit(file, "two", "three")
    assert text == file.read_text()


def test_an_app_is_loaded_anew_after_an_edit_and_leaves_no_module_behind():
    imported = projects_modules()
    copy = projects.throwaway(SERVICE)
    before = projects.load_app(copy)
    projects.edit(copy / "app.py", '"/items"', '"/goods"')
    after = projects.load_app(copy)
    assert "/items" in before.routes
    assert "/goods" in after.routes
    assert imported == projects_modules()


def projects_modules():
    """What is imported under a project's names; the service's own tests import it too."""
    names = ("app", "chalicelib")
    return {name: one for name, one in sys.modules.items() if name.split(".")[0] in names}


def test_an_app_py_without_an_app_is_refused(tmp_path):
    (tmp_path / "app.py").write_text("app = 'inventory-service'")
    with pytest.raises(UnknownName, match="no Chalice app named app"):
        projects.load_app(tmp_path)


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/items/item_2", 200, {"item_id": "item_2", "name": "Paper filters", "stock": 0}),
        ("/items/item_9", 404, {"Code": "NotFoundError", "Message": "No item item_9"}),
    ],
)
def test_the_inventory_service_reads_one_item(path, status, body):
    with Client(projects.load_app(SERVICE)) as client:
        answer = client.http.get(path)
    assert (status, body) == (answer.status_code, answer.json_body)


def test_the_inventory_service_lists_every_item():
    with Client(projects.load_app(SERVICE)) as client:
        answer = client.http.get("/items")
    ids = [item["item_id"] for item in answer.json_body["items"]]
    assert ["item_1", "item_2", "item_3"] == ids
