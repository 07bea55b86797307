"""The picture of execution environments, and the live board over it."""

import re
import threading
import weakref

import pytest

from workbook.errors import WorkbookError
from workbook.panels.environments import picture
from workbook.panels.environments_board import environments_board


class Cloud:
    """Two environments of a shop, one of something else."""

    def __init__(self):
        self.states = {"a": "busy", "b": "crashed"}
        self.served = [("a", True, None), ("a", False, None), ("b", True, "Unhandled")]

    def environments(self):
        shop = [{"id": one, "function": "shop-dev", "state": s} for one, s in self.states.items()]
        return [{"id": "x", "function": "bakery", "state": "idle"}, *shop]

    def invocations(self):
        return [
            {"environment_id": one, "cold": cold, "function_error": error}
            for one, cold, error in self.served
        ]


def text_of(html):
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)


@pytest.fixture
def cloud():
    return Cloud()


def test_the_words_tell_state_and_history_of_each_environment(cloud):
    assert repr(picture(cloud, "shop")).splitlines() == [
        "shop: 1 environment (1 busy); gone: 1 crashed.",
        "   1  busy        cold, warm, now",
        "   2  crashed     failed",
    ]


def test_the_html_tells_the_same(cloud):
    shown = " ".join(text_of(picture(cloud, "shop")._repr_html_()).split())
    for part in ("1 busy cold warm now", "2 crashed failed", "gone: 1 crashed."):
        assert part in shown


def test_the_numbers_of_one_function_do_not_depend_on_others(cloud):
    assert [1, 2] == [row.number for row in picture(cloud, "shop").rows]
    assert [1] == [row.number for row in picture(cloud, "bakery").rows]


def test_nothing_deployed_is_an_empty_picture(cloud):
    assert "tea: no environment; gone: none." == repr(picture(cloud, "tea"))
    assert "<table>" not in picture(cloud, "tea")._repr_html_()


def test_long_histories_and_old_endings_are_counted_not_shown(cloud):
    cloud.states = {f"{n}": "reaped" for n in range(10)} | {"a": "idle"}
    cloud.served = [("a", True, None), *[("a", False, None)] * 11]
    words = repr(picture(cloud, "shop"))
    assert "Not shown: 1 to 4." in words
    assert "cold, 4 more, warm" in words
    assert " 11  idle, warm" in words


def test_what_a_name_holds_is_escaped(cloud):
    assert "<script>" not in picture(cloud, "<script>")._repr_html_()


def pressed(board, words):
    """Press a button, and wait until the board has said how it ended."""
    (button,) = [one for one in board.buttons if one.description == words]
    button.click()
    board._acting.join(timeout=30)
    return board


def test_a_press_acts_and_the_board_shows_what_came_of_it(cloud):
    board = environments_board(cloud, "shop", {"Crash": lambda: cloud.states.update(a="crashed")})
    assert "1 busy" in board._picture.value
    pressed(board, "Crash")
    assert "gone: 2 crashed" in board._picture.value
    assert "Crash: done." in board._says.value
    assert not board._working.locked()


def test_what_an_action_returns_is_shown(cloud):
    board = environments_board(cloud, "shop", {"One visit": lambda: "200 <ok>"})
    assert "One visit: 200 &lt;ok&gt;" in pressed(board, "One visit")._says.value


def test_the_board_follows_while_an_action_runs(cloud):
    seen = threading.Event()

    def act():
        cloud.states["a"] = "idle"
        assert seen.wait(30)

    board = environments_board(cloud, "shop", {"One request": act})
    board._picture.observe(lambda change: seen.set(), "value")
    pressed(board, "One request")
    assert "One request: done." in board._says.value


def test_a_press_while_another_is_under_way_is_not_taken(cloud):
    going, calls = threading.Event(), []
    board = environments_board(cloud, "shop", {"Wait": lambda: (calls.append(1), going.wait(30))})
    board.buttons[0].click()
    board.buttons[0].click()
    going.set()
    assert board._working.acquire(timeout=30)
    assert [1] == calls


def test_an_action_that_fails_says_so_on_the_board(cloud):
    def refuse():
        raise WorkbookError("The supplier is closed.", "Open it.")

    board = environments_board(cloud, "shop", {"Ask": refuse, "Break": lambda: 1 / 0})
    assert "The supplier is closed." in pressed(board, "Ask")._says.value
    assert "ZeroDivisionError" in pressed(board, "Break")._says.value


def test_a_cloud_that_is_gone_is_one_sentence_on_the_board(cloud):
    board = environments_board(cloud, "shop")
    cloud.environments = None
    assert "does not answer any more" in pressed(board, "Look again")._says.value


def test_a_board_does_not_keep_its_cloud_alive():
    cloud = Cloud()
    board, gone = environments_board(cloud, "shop"), weakref.ref(cloud)
    del cloud
    assert gone() is None
    assert "does not answer any more" in pressed(board, "Look again")._says.value
