"""A real chalice local: started, asked, reloaded, stopped, and never left behind."""

import os
import select
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.errors import UnknownName, WorkbookError
from workbook.lessons import local_server, projects

SERVICE = Path(__file__).with_name("first_service")


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex((local_server.HOST, port)) == 0


@pytest.fixture(scope="module")
def server():
    with local_server.start(projects.throwaway(SERVICE)) as running:
        yield running


def test_it_answers_over_http(server):
    answer = server.get("/items/item_2")
    assert 200 == answer.status
    assert {"item_id": "item_2", "name": "Paper filters", "stock": 0} == answer.json
    assert "application/json" == answer.headers["content-type"]


def test_an_answer_shows_its_status_and_body(server):
    assert '404 {"Code":"NotFoundError","Message":"No item item_9"}' == repr(
        server.get("/items/item_9")
    )


def test_a_path_without_a_route_is_answered_as_aws_does(server):
    assert (403, {"message": "Missing Authentication Token"}) == (
        server.get("/prices").status,
        server.get("/prices").json,
    )


def test_two_servers_stand_side_by_side(server):
    with local_server.start(projects.throwaway(SERVICE)) as other:
        assert server.port != other.port
        assert 200 == server.get("/items").status == other.get("/items").status


@pytest.mark.slow
def test_it_serves_the_change_then_says_why_it_cannot_then_serves_again():
    with local_server.start(projects.throwaway(SERVICE)) as server:
        app = server.folder / "app.py"
        with server.reloading():
            projects.edit(app, '"/items"', '"/goods"')
        assert 200 == server.get("/goods").status
        with (
            pytest.raises(WorkbookError, match=r"NameError: .*Chalise.*\(app.py, line \d+\)"),
            server.reloading(),
        ):
            projects.edit(app, "= Chalice(", "= Chalise(")
        with pytest.raises(WorkbookError, match="Nobody answers"):
            server.get("/goods")
        with server.reloading():
            projects.edit(app, "= Chalise(", "= Chalice(")
        assert 200 == server.get("/goods").status


def test_a_result_that_json_cannot_hold_is_named():
    project = projects.throwaway(SERVICE)
    projects.edit(project / "app.py", '{"items": inventory.all_items()}', "{1, 2}")
    with (
        local_server.start(project) as server,
        pytest.raises(WorkbookError, match="set is not JSON serializable"),
    ):
        server.get("/items")


def test_an_app_that_does_not_import_is_one_sentence_and_leaves_no_server(monkeypatch):
    """Also in a kernel, which asks for coloured tracebacks; Python gives them from 3.13 on."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    project = projects.throwaway(SERVICE)
    projects.edit(project / "app.py", "from chalicelib import inventory", "import inventory")
    with pytest.raises(WorkbookError) as refused:
        local_server.start(project)
    assert (
        "chalice local cannot serve first_service: "
        "ModuleNotFoundError: No module named 'inventory' (app.py, line 10)"
    ) == refused.value.problem


def test_a_folder_without_an_app_is_refused_with_its_name(tmp_path):
    with pytest.raises(UnknownName, match=tmp_path.name):
        local_server.start(tmp_path)


def test_nobody_listens_after_stop_and_stopping_twice_is_fine():
    server = local_server.start(projects.throwaway(SERVICE))
    assert listening(server.port)
    server.stop()
    server.stop()
    assert not listening(server.port)
    assert "has stopped" in repr(server)
    with pytest.raises(WorkbookError, match="Nobody answers"):
        server.get("/items")


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of a stranger's end")
def test_it_ends_when_its_notebook_is_killed():
    code = (
        "import os, sys\n"
        "from workbook.lessons import local_server, projects\n"
        f"server = local_server.start(projects.throwaway({str(SERVICE)!r}))\n"
        "print(server.port, server._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code], check=False, stdout=subprocess.PIPE, text=True
    )
    port, supervisor = map(int, killed.stdout.split())
    assert -9 == killed.returncode
    _wait_until_gone(supervisor)
    assert not listening(port)


def _wait_until_gone(pid):
    """Its supervisor ends last. It is no child of ours: a pidfd becomes readable at its end."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    assert select.select([watched], [], [], 10)[0]
    os.close(watched)
