"""What a learner meets in JupyterLab, done in a browser: opening, running, typing, clicking."""

from __future__ import annotations

import json
from time import monotonic

import psutil
import pytest

from workbook import settings
from workbook.check import Progress

CHAPTERS = sorted(path.name for path in (settings.root() / "notebooks").glob("[0-9]*.ipynb"))
EXERCISES = "exercises/00_start-here.ipynb"

PATIENCE_SECONDS = 300  # a machine may be busy with other tests

pytestmark = pytest.mark.slow


def ready(page):
    """Wait for the kernel: the notebook's own indicator shows idle before there is one."""
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()


def choose(page, menu, entry):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_text(entry, exact=True).click()


def opened(page, lab, path):
    """The notebook's panel, once it is in front and its kernel waits."""
    choose(page, "File", "Open from Path…")
    page.get_by_role("dialog").get_by_role("textbox").fill(path)
    page.keyboard.press("Enter")
    page.locator(".lm-DockPanel-tabBar .lm-mod-current", has_text=path.split("/")[1]).wait_for()
    until(page, lambda: lab.has_kernel(path))
    ready(page)
    return front(page)


def until(page, condition):
    """Wait until the condition holds, and let the page go on meanwhile."""
    end = monotonic() + PATIENCE_SECONDS
    while not condition():
        assert monotonic() < end, "what was waited for did not come"
        page.wait_for_timeout(300)


def front(page):
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")


def shown(page, words):
    """Wait until these words can be seen in an output."""
    front(page).locator(".jp-OutputArea-output", has_text=words).first.wait_for()


def test_the_lab_command_opens_on_the_start_chapter(window):
    ready(window)
    current = window.locator(".lm-DockPanel-tabBar .lm-mod-current")
    assert "00_start-here.ipynb" == current.inner_text().strip()
    assert window.get_by_role("heading", name="Start here").first.is_visible()
    listed = window.locator(".jp-DirListing-item").all_inner_texts()
    assert CHAPTERS == [name.strip() for name in listed]


def test_a_chapter_on_the_map_is_a_link_that_opens_it_beside(window):
    """Before anything was run: what came with the notebook is trusted, its links included."""
    ready(window)
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


@pytest.mark.parametrize("name", CHAPTERS[::-1])  # from the last on: none needs an earlier one
def test_run_all_leaves_no_error(window, lab, name):
    path = f"notebooks/{name}"
    opened(window, lab, path)
    choose(window, "Edit", "Clear Outputs of All Cells")
    until(window, lambda: not any(cell["outputs"] for cell in saved(window, lab, path)))
    choose(window, "Run", "Run All Cells")
    until(
        window,
        lambda: (
            lab.has_kernel(path)
            and all(cell["execution_count"] for cell in saved(window, lab, path))
        ),
    )
    raised = [
        cell["source"]
        for cell in lab.read(path)
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
        if "raises-exception" not in cell["metadata"].get("tags", [])
    ]
    assert [] == raised
    assert 0 == window.get_by_text("Error displaying widget").count()
    shut_down(window, lab, path)


def shut_down(page, lab, path):
    """Close the notebook in front with its kernel: sixteen chapters' would fill a small machine."""
    choose(page, "File", "Close and Shut Down Notebook…")
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()
    page.locator(".lm-TabBar-tabLabel", has_text=path.split("/")[1]).first.wait_for(state="hidden")


def saved(page, lab, path):
    """The notebook's code cells, as saved since last time; it is asked to be saved once more."""
    page.keyboard.press("Control+s")
    return lab.read(path)


def test_the_board_shows_what_another_notebook_did_when_it_is_asked(window, lab):
    """Each notebook has its own kernel: its board follows its own checks, and the button the rest."""
    panel = opened(window, lab, EXERCISES)
    choose(window, "Run", "Run All Cells")
    board = panel.locator(".wb-board", has_text="of 3 exercises passed").last
    button = panel.get_by_role("button", name="Refresh", exact=True).last
    button.wait_for()
    mended = board.locator("tr", has_text="Mend the stock-take")
    assert "not attempted" in mended.inner_text()
    elsewhere = Progress(lab.workspace / "progress.json")
    elsewhere.record("mend-the-stock-take", "passed")
    button.click()
    mended.get_by_text("✔ passed").wait_for()


def test_with_the_keyboard_alone_an_exercise_fails_passes_and_the_board_follows(fresh_window, lab):
    """Not attempted, failed, passed, as code is typed; and nothing is clicked from first to last."""
    page = fresh_window
    (lab.workspace / "progress.json").unlink(missing_ok=True)
    page.goto(lab.at(EXERCISES))
    ready(page)
    cells = json.loads((lab.workspace / EXERCISES).read_text())["cells"]
    answer, check, board = (
        next(n for n, cell in enumerate(cells) if cell["id"] == name)
        for name in ("low-answer", "low-check", "closing-board")
    )
    page.keyboard.press("Escape")
    go(page, "Shift+Enter", check + 1)
    shown(page, "not attempted: Find what runs low")
    go(page, "Shift+Enter", board - check)
    shown(page, "0 of 3 exercises passed")

    at = board + 1
    for compared, verdict in (("<", "failed"), ("<=", "passed")):
        go(page, "ArrowUp", at - answer)
        page.keyboard.press("Enter")
        page.keyboard.press("Control+a")
        page.keyboard.type(
            "def low_stock(inventory, at_most):\n"  # the editor indents what follows
            f'return [i["name"] for i in inventory.values() if i["stock"] {compared} at_most]'
        )
        go(page, "Shift+Enter", check - answer + 1)
        shown(page, f"{verdict}: Find what runs low")
        at = check + 1
    # The board's cell was run before the first attempt, and not since.
    go(page, "ArrowDown", board - at)
    shown(page, "1 of 3 exercises passed")
    assert "passed" == Progress(lab.workspace / "progress.json").status("low-stock")


def go(page, key, times):
    for _ in range(times):
        page.keyboard.press(key)


def test_nothing_has_left_this_machine(lab, traffic, window):
    """Last of all: what every page before has asked for, and whom the servers talk to."""
    assert len(traffic.asked) > 50
    assert [] == traffic.outside
    talked_to = {
        connection.raddr.ip
        for process in lab.family()
        for connection in connections(process)
        if connection.raddr
    }
    assert talked_to <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


def connections(process):
    try:
        return process.net_connections("inet")
    except psutil.NoSuchProcess:
        return []
