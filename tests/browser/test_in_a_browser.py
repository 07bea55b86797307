"""What a learner meets in JupyterLab, done in a browser: opening, running, typing, clicking."""

from __future__ import annotations

import json

import psutil
import pytest

from workbook import settings

CHAPTERS = sorted(path.name for path in (settings.root() / "notebooks").glob("[0-9]*.ipynb"))
EXERCISES = "exercises/00_start-here.ipynb"

pytestmark = pytest.mark.slow


def ready(page):
    """Wait for the kernel: the notebook's own indicator shows idle before there is one."""
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()


def opened(page, lab, path):
    page.goto(lab.at(path))
    ready(page)
    return page


def shown(page, words):
    """Wait until these words can be seen in an output."""
    page.locator(".jp-OutputArea-output", has_text=words).first.wait_for()


def unrun(lab, path):
    """Take every output out of a notebook, to see which of them come back."""
    place = lab.workspace / path
    notebook = json.loads(place.read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    place.write_text(json.dumps(notebook))


def once_all_were_run(page, lab, path):
    """The notebook's code cells as saved, once the last of them has been run."""
    while True:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(200)  # the file is what is waited for; the test's own limit ends it
        cells = lab.read(path)
        if all(cell["execution_count"] for cell in cells):
            return cells


def go(page, key, times):
    for _ in range(times):
        page.keyboard.press(key)


def test_the_lab_command_opens_on_the_start_chapter(page, lab):
    page.goto(lab.address)
    ready(page)
    current = page.locator(".lm-DockPanel-tabBar .lm-mod-current")
    assert "00_start-here.ipynb" == current.inner_text().strip()
    assert page.get_by_role("heading", name="Start here").first.is_visible()
    listed = page.locator(".jp-DirListing-item").all_inner_texts()
    assert CHAPTERS == [name.strip() for name in listed]


@pytest.mark.parametrize("name", CHAPTERS[::-1])  # from the last on: none needs an earlier one
def test_run_all_leaves_no_error(page, lab, name):
    path = f"notebooks/{name}"
    unrun(lab, path)
    opened(page, lab, path)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    raised = [
        cell["source"]
        for cell in once_all_were_run(page, lab, path)
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
        if "raises-exception" not in cell["metadata"].get("tags", [])
    ]
    assert [] == raised
    assert 0 == page.get_by_text("Error displaying widget").count()


def test_with_the_keyboard_alone_an_exercise_fails_passes_and_the_board_follows(page, lab):
    """Not attempted, failed, passed, as code is typed; and nothing is clicked from first to last."""
    opened(page, lab, EXERCISES)
    cells = json.loads((lab.workspace / EXERCISES).read_text())["cells"]
    answer = next(n for n, cell in enumerate(cells) if cell["id"] == "low-answer")
    check = next(n for n, cell in enumerate(cells) if cell["id"] == "low-check")
    board = next(n for n, cell in enumerate(cells) if cell["id"] == "closing-board")

    page.keyboard.press("Escape")
    go(page, "Shift+Enter", check + 1)
    shown(page, "not attempted: Find what runs low")
    go(page, "Shift+Enter", board - check)
    shown(page, "of 3 exercises passed")

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
    assert "passed" == progress(lab)["low-stock"]["status"]


def progress(lab):
    return json.loads((lab.workspace / "progress.json").read_text())["exercises"]


def test_the_board_shows_what_another_notebook_did_when_it_is_asked(page, lab):
    """Each notebook has its own kernel: its board follows its own checks, and the button the rest."""
    opened(page, lab, EXERCISES)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    go_to_end = page.locator(".jp-OutputArea-output", has_text="of 3 exercises passed").first
    go_to_end.wait_for()
    record = lab.workspace / "progress.json"
    kept = json.loads(record.read_text())
    kept["exercises"]["mend-the-stock-take"] = {"status": "passed", "attempts": 1}
    before = go_to_end.inner_text()
    record.write_text(json.dumps(kept))
    page.get_by_role("button", name="Refresh", exact=True).last.click()
    page.locator(".wb-board tr", has_text="Mend the stock-take").filter(
        has_text="passed"
    ).first.wait_for()
    assert before != go_to_end.inner_text()


def test_a_chapter_on_the_map_is_a_link_that_opens_it_beside(page, lab):
    opened(page, lab, "notebooks/00_start-here.ipynb")
    link = page.get_by_role("link", name=CHAPTERS[-1][:2]).first
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    link.scroll_into_view_if_needed()
    link.click()
    page.locator(".lm-TabBar-tabLabel", has_text=CHAPTERS[-1]).first.wait_for()
    assert page.locator(".lm-TabBar-tabLabel", has_text="00_start-here.ipynb").count()


def test_nothing_has_left_this_machine(lab, traffic):
    """Last of all: what every page before has asked for, and whom the servers talk to."""
    assert len(traffic.asked) > 100
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
