"""A server's process: started when it says its port, asked, lost, and never left behind."""

import pytest

from workbook.errors import UnknownName, WorkbookError
from workbook.lessons import wsgi_server

PROGRAM = """
import os
from wsgiref.simple_server import make_server


def answer(environ, start_response):
    if environ["PATH_INFO"] == "/crash":
        os._exit(1)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [os.environ["SHOP"].encode()]


with make_server("127.0.0.1", 0, answer) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
"""


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "server.py"
    file.write_text(PROGRAM)
    return file


def test_it_answers_with_the_variables_it_was_given(program):
    with wsgi_server.start(program, {"SHOP": "coffee"}) as server:
        answer = server.get("/")
        assert (200, "coffee") == (answer.status_code, answer.text)
        assert [200] == [one.status_code for one in server.begin(1, "GET", "/").answers()]


def test_a_process_that_ends_hangs_up_and_then_nobody_answers(program):
    with wsgi_server.start(program, {"SHOP": "coffee"}) as server:
        server.get("/")
        with pytest.raises(WorkbookError, match="hung up on GET /crash"):
            server.get("/crash")
        with pytest.raises(WorkbookError, match="Nobody answers GET /"):
            server.get("/")


def test_a_stopped_server_is_gone(program):
    server = wsgi_server.start(program, {"SHOP": "coffee"})
    assert server.alive()
    server.stop()
    server.stop()
    assert "gone" in repr(server)


def test_a_program_that_does_not_start_says_why(program):
    program.write_text("import nothing_of_this_name")
    with pytest.raises(WorkbookError, match="No module named 'nothing_of_this_name'"):
        wsgi_server.start(program)


def test_a_program_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnknownName, match=r"no server\.py"):
        wsgi_server.start(tmp_path / "server.py")


APP = """
import os
from chalice import Chalice

app = Chalice(app_name="shop")


@app.route("/visit")
def visit():
    return {"shop": os.environ["SHOP"]}
"""


def test_the_views_of_a_project_are_served_as_they_are(tmp_path):
    (tmp_path / "app.py").write_text(APP)
    with wsgi_server.serve(tmp_path, SHOP="coffee") as server:
        assert {"shop": "coffee"} == server.get("/visit").json()


def test_a_folder_without_an_app_is_refused(tmp_path):
    with pytest.raises(UnknownName, match="no app.py"):
        wsgi_server.serve(tmp_path)
