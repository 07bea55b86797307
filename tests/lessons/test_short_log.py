"""What an app logs in a notebook: the failing line and the error, whatever the Python version."""

from chalice import Chalice
from chalice.test import Client

from workbook.lessons.short_log import short_log


def test_a_traceback_becomes_two_lines(capsys):
    app = Chalice(app_name="short-log")

    @app.route("/items/{item_id}")
    def read_item(item_id):
        return {}[item_id]

    short_log(app)
    with Client(app) as client:
        assert 500 == client.http.get("/items/item_9").status_code
    assert [
        "short-log - ERROR - Caught exception for path /items/{item_id}",
        "  … in read_item: return {}[item_id]",
        "KeyError: 'item_9'",
    ] == capsys.readouterr().out.splitlines()


def test_asking_twice_logs_once(capsys):
    app = Chalice(app_name="short-log-twice")
    short_log(app)
    short_log(app)
    app.log.error("once")
    assert ["short-log-twice - ERROR - once"] == capsys.readouterr().out.splitlines()


def test_a_log_that_was_switched_off_speaks_again(capsys):
    app = Chalice(app_name="short-log-off")
    app.log.disabled = True
    short_log(app)
    app.log.error("heard")
    assert ["short-log-off - ERROR - heard"] == capsys.readouterr().out.splitlines()
