"""What a learner meets in JupyterLab, done in a browser: opening, running, typing, clicking.

Every chapter is run in `test_chapters_in_a_browser`, the panels in `test_panels_in_a_browser`.
"""

from __future__ import annotations

import json

import pytest
from lab_pages import choose, front, in_a_window_of_its_own, opened, press, ready, shown, until

from workbook import settings
from workbook.check import Progress

CHAPTERS = sorted(path.name for path in (settings.root() / "notebooks").glob("[0-9]*.ipynb"))
START = f"notebooks/{CHAPTERS[0]}"
EXERCISES = "exercises/00_start-here.ipynb"

pytestmark = pytest.mark.slow


def test_the_lab_command_opens_on_the_start_chapter(window, lab):
    ready(window, lab, START)
    current = window.locator(".lm-DockPanel-tabBar .lm-mod-current")
    assert "00_start-here.ipynb" == current.inner_text().strip()
    assert window.get_by_role("heading", name="Start here").first.is_visible()
    listed = window.locator(".jp-DirListing-item").all_inner_texts()
    assert CHAPTERS == [name.strip() for name in listed]


def test_a_chapter_on_the_map_is_a_link_that_opens_it_beside(window, lab):
    """Before anything was run: what came with the notebook is trusted, its links included."""
    ready(window, lab, START)
    last = CHAPTERS[-1]
    link = front(window).locator(f'.wb-map a:has-text("{last[:2]} ")')
    page_by_page = front(window).locator(".jp-WindowedPanel-outer")

    def in_sight():  # only cells near what is seen are in the page
        page_by_page.evaluate("each => each.scrollBy(0, 600)")
        return link.count()

    until(window, in_sight)
    link.click()
    window.locator(".lm-DockPanel-tabBar .lm-mod-current", has_text=last).wait_for()
    assert window.locator(".lm-TabBar-tabLabel", has_text="00_start-here.ipynb").count()


def test_with_the_keyboard_alone_an_exercise_fails_passes_and_the_board_follows(fresh_window, lab):
    """Not attempted, failed, passed, as code is typed; and nothing is clicked from first to last."""
    page = fresh_window
    (lab.workspace / "progress.json").unlink(missing_ok=True)
    in_a_window_of_its_own(page, lab, EXERCISES)
    cells = json.loads((lab.workspace / EXERCISES).read_text())["cells"]
    answer, check, board = (
        next(n for n, cell in enumerate(cells) if cell["id"] == name)
        for name in ("low-answer", "low-check", "closing-board")
    )
    page.keyboard.press("Escape")
    press(page, "Shift+Enter", check + 1)
    shown(page, "not attempted: Find what runs low")
    press(page, "Shift+Enter", board - check)
    shown(page, "0 of 3 exercises passed")

    at = board + 1
    for compared, verdict in (("<", "failed"), ("<=", "passed")):
        press(page, "ArrowUp", at - answer)
        page.keyboard.press("Enter")
        page.keyboard.press("Control+a")
        page.keyboard.type(
            "def low_stock(inventory, at_most):\n"  # the editor indents what follows
            f'return [i["name"] for i in inventory.values() if i["stock"] {compared} at_most]'
        )
        press(page, "Shift+Enter", check - answer + 1)
        shown(page, f"{verdict}: Find what runs low")
        at = check + 1
    # The board's cell was run before the first attempt, and not since.
    press(page, "ArrowDown", board - at)
    shown(page, "1 of 3 exercises passed")
    assert "passed" == Progress(lab.workspace / "progress.json").status("low-stock")


def test_the_board_shows_what_another_notebook_did_when_it_is_asked(window, lab):
    """Each notebook has its own kernel: its board follows its own checks, and the button the rest."""
    panel = opened(window, lab, EXERCISES)
    choose(window, "Run", "Run All Cells")
    board = panel.locator(".wb-board", has_text="of 3 exercises passed").last
    button = panel.get_by_role("button", name="Refresh", exact=True).last
    button.wait_for()
    mended = board.locator("tr", has_text="Mend the stock-take")
    mended.get_by_text("not attempted").wait_for()
    elsewhere = Progress(lab.workspace / "progress.json")
    elsewhere.record("mend-the-stock-take", "passed")
    button.click()
    mended.get_by_text("✔ passed").wait_for()


def test_nothing_has_left_this_machine(lab, traffic, window):
    """Last of all: what every page before has asked for, and whom the servers talk to."""
    assert len(traffic.asked) > 50
    assert [] == traffic.outside
    assert set() == lab.talks_to_outside()
