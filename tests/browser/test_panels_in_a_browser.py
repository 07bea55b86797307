"""The panels in JupyterLab: used by keyboard alone, in a wide window and in a narrow one."""

from __future__ import annotations

import nbformat
import pytest
from lab_pages import front, in_a_window_of_its_own, press, run_all, until

pytestmark = pytest.mark.slow

NOTEBOOK = "panels.ipynb"
CONSOLE = """
from chalice import Chalice
from workbook.panels.request_console import request_console

app = Chalice(app_name="shop")

@app.route("/items/{name}", methods=["GET", "PUT"])
def item(name):
    return {app.current_request.method: name, "a long value": "tea " * 60}

request_console(app, "GET", "/items/pot")
"""
INSPECTOR = """
from itertools import count
from workbook.panels.event_inspector import event_inspector

sent = count(1)
EVENTS = {"a queue": {"Records": [{"body": "tea"}]}, "a topic": {"Records": [{"Sns": "cup " * 60}]}}
event_inspector(EVENTS, lambda event: f"{sorted(event['Records'][0])}, number {next(sent)}")
"""
BILL = """
from workbook.panels.bill import bill_slider

bill_slider(1_000_000, 100, 256)
"""
BOARD = """
import subprocess
from pathlib import Path
from workbook import LocalCloud
from workbook.lessons import projects
from workbook.panels.environments_board import environments_board

APP = '''
import os
from chalice import Chalice
app = Chalice(app_name="shop")
visits = 0
@app.route("/visit")
def visit():
    global visits
    visits += 1
    return {"visit": visits}
@app.route("/crash")
def crash():
    os._exit(1)
'''
projects.work_in_scratch_folder()
(projects.new("shop") / "app.py").write_text(APP)
cloud = LocalCloud.start(seed=1)
subprocess.run(["chalice", "deploy"], cwd="shop", check=True, capture_output=True)
shop = cloud.api("shop")
actions = {
    "One visit": lambda: shop.get("/visit").json()["visit"],
    "Crash": lambda: shop.get("/crash").status_code,
    "Take it down": lambda: cloud.client("lambda").delete_function(FunctionName="shop-dev") and None,
}
environments_board(cloud, "shop", actions)
"""
MAP = """
from workbook.panels.deployment_map import deployment_map

deployment_map(cloud.client, "shop-dev")
"""
PICTURES = """
from IPython.display import display
from workbook.panels.deliveries import Deliveries, Delivery
from workbook.panels.noticed import Noticed
from workbook.panels.pyramid import Layer, Pyramid
from workbook.panels.queue_levels import Level, QueueLevels
from workbook.panels.table_change import table_change

layers = "views", "the service in this process", "the deployed service"
display(
    QueueLevels((Level("orders", 3, 40), Level("orders-dead", 0, 0))),
    Noticed(layers, {"a permission is missing": frozenset(layers[2:])}),
    Pyramid(tuple(Layer(each, "that its logic is right", "1.2 s", 3) for each in layers)),
    Deliveries("store", (Delivery(("one", "two"), "ValueError: no such photo"),)),
    table_change(
        {"table": "stock", "key": ["id"], "items": [{"id": "milk", "stock": 1}]},
        {"table": "stock", "key": ["id"], "items": [{"id": "milk", "stock": 2}]},
    ),
)
"""
CELLS = [CONSOLE, INSPECTOR, BILL, BOARD, MAP, PICTURES]
# What can be worked, and is therefore to have a name that is read out.
WORKED = "button, input, select, textarea, [role=slider]"


@pytest.fixture(scope="module")
def page(browser, lab):
    """A notebook with the panels, run; the tests go through it from the first cell to the last."""
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in CELLS]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, lab.workspace / NOTEBOOK)
    page = browser.new_page()
    in_a_window_of_its_own(page, lab, NOTEBOOK)
    ran = run_all(page, lab, NOTEBOOK)
    assert [] == [each for cell in ran for each in cell["outputs"] if "ename" in each]
    yield page
    page.close()


def panel(page, source):
    """The output of a cell, with the cell selected, as the arrow keys select it."""
    number = CELLS.index(source)
    front(page).locator(".jp-Notebook").focus()
    page.keyboard.press("Escape")
    press(page, "ArrowUp", len(CELLS))
    press(page, "ArrowDown", number)
    cell = front(page).locator(".jp-CodeCell").nth(number)
    until(page, lambda: cell.evaluate("each => each.classList.contains('jp-mod-active')"))
    return cell.locator(".jp-OutputArea-output").last


def go_to(page, wanted):
    """Press Tab until that is in focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError("the keyboard does not get there")


def button(panel, name):
    return panel.get_by_role("button", name=name)


def test_a_request_is_written_and_sent(page):
    console = panel(page, CONSOLE)
    go_to(page, button(console, "PUT"))
    page.keyboard.press("Space")
    button(console, "● PUT").wait_for()
    go_to(page, console.get_by_label("Path", exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type("/items/cup")
    go_to(page, button(console, "Send"))
    page.keyboard.press("Enter")
    console.get_by_text('"PUT": "cup"').wait_for()
    console.get_by_text("Before that, newest first").wait_for()


def test_an_event_is_chosen_read_and_sent_and_sent_again(page):
    inspector = panel(page, INSPECTOR)
    go_to(page, button(inspector, "a topic"))
    page.keyboard.press("Enter")
    button(inspector, "● a topic").wait_for()
    button(inspector, "○ a queue").wait_for()
    inspector.locator("pre", has_text="Sns").wait_for()
    go_to(page, button(inspector, "Send it"))
    for number in (1, 2):  # the button keeps the focus
        page.keyboard.press("Enter")
        inspector.get_by_text(f"['Sns'], number {number}").wait_for()


@pytest.mark.parametrize("key", ["ArrowRight", "ArrowUp", "End"])
def test_a_slider_moves_and_the_bill_with_it(page, key):
    bill = panel(page, BILL)
    go_to(page, bill.get_by_role("slider").first)
    page.keyboard.press("Home")
    words = bill.locator(".wb-bill > p")
    words.get_by_text("1,000 requests").wait_for()
    page.keyboard.press(key)
    words.get_by_text("50,000,000 requests" if key == "End" else "2,000 requests").wait_for()


def test_environments_come_and_go_as_their_board_is_worked(page):
    board = panel(page, BOARD)
    board.get_by_text("shop: no environment").first.wait_for()
    go_to(page, button(board, "One visit"))
    for number, marks in enumerate(("cold", "cold warm", "cold warm warm"), 1):
        page.keyboard.press("Enter")  # the button keeps the focus
        board.locator("tr.idle", has_text=marks).wait_for()
        board.get_by_text(f"One visit: {number}").wait_for()
    go_to(page, button(board, "Crash"))
    page.keyboard.press("Space")
    board.get_by_text("Crash: 502").wait_for()
    board.locator("tr.gone", has_text="crashed").wait_for()


def test_the_deployment_map_changes_when_it_looks_again(page):
    drawn = panel(page, MAP)
    drawn.get_by_role("row", name="REST API api_handler").wait_for()
    go_to(page, button(drawn, "Look again"))
    page.keyboard.press("Enter")
    drawn.get_by_role("status").get_by_text("It is as it was.").wait_for()
    board = panel(page, BOARD)
    go_to(page, button(board, "Take it down"))
    page.keyboard.press("Enter")
    board.get_by_text("Take it down: done.").wait_for()
    go_to(page, button(drawn, "Look again"))
    page.keyboard.press("Enter")
    drawn.get_by_role("status").get_by_text("It has changed.").wait_for()
    drawn.get_by_text("nothing is deployed").wait_for()


def test_what_can_be_worked_has_a_name(page):
    for source in CELLS:
        for each in panel(page, source).locator(WORKED).all():
            assert each.evaluate("""each => each.getAttribute('role') == 'slider'
                || each.textContent.trim() || each.labels?.length"""), each.evaluate(
                "e => e.outerHTML"
            )


def test_panels_fit_a_wide_window_and_a_narrow_one(page):
    page.get_by_role("tab", name="File Browser").first.click()  # its place goes to the notebook
    for width in (1400, 620):
        page.set_viewport_size({"width": width, "height": 1000})
        outputs = front(page).locator(".jp-OutputArea-output")
        assert outputs.count() >= len(CELLS)
        for each in outputs.all():
            inside, room = each.evaluate("each => [each.scrollWidth, each.clientWidth]")
            assert 0 < inside <= room, f"{each.inner_text()[:60]} does not fit {width} pixels"
