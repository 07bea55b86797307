"""The panels in JupyterLab: used by keyboard, in a wide window and in a narrow one."""

from __future__ import annotations

import nbformat
import pytest

pytestmark = pytest.mark.slow

NOTEBOOK = "panels.ipynb"
CONSOLE = """
from chalice import Chalice
from workbook.panels.request_console import request_console

app = Chalice(app_name="shop")

@app.route("/items/{name}")
def item(name):
    return {"name": name, "a long value": "tea " * 60}

request_console(app, "GET", "/items/pot")
"""
INSPECTOR = """
from workbook.panels.event_inspector import event_inspector

EVENTS = {"a queue": {"Records": [{"body": "tea"}]}, "a topic": {"Records": [{"Sns": "cup " * 60}]}}
event_inspector(EVENTS, lambda event: f"{sorted(event['Records'][0])} arrived")
"""
BILL = """
from workbook.panels.bill import bill_slider

bill_slider(1_000_000, 100, 256)
"""


@pytest.fixture
def page(fresh_window, lab):
    """A notebook with three panels, run."""
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in (CONSOLE, INSPECTOR, BILL)]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, lab.workspace / NOTEBOOK)
    fresh_window.set_default_timeout(60_000)
    fresh_window.goto(lab.at(NOTEBOOK))
    fresh_window.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    fresh_window.get_by_role("menuitem", name="Run", exact=True).click()
    fresh_window.get_by_text("Run All Cells", exact=True).click()
    fresh_window.get_by_role("slider").first.wait_for()
    return fresh_window


def tabbed_to(page, wanted):
    """Press Tab until that is in focus."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError("the keyboard does not get there")


def test_panels_are_used_by_keyboard_and_fit_a_narrow_window(page):
    path = page.get_by_label("Path", exact=True)
    path.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("/items/cup")
    tabbed_to(page, page.get_by_role("button", name="Send", exact=True))
    page.keyboard.press("Enter")
    page.locator(".jp-OutputArea-output", has_text='"name": "cup"').first.wait_for()
    page.get_by_text("Before that, newest first").wait_for()

    page.get_by_label("Source", exact=True).select_option("a topic")
    page.locator(".wb-event", has_text="Sns").wait_for()
    tabbed_to(page, page.get_by_role("button", name="Send it"))
    page.keyboard.press("Enter")
    page.locator(".wb-event", has_text="['Sns'] arrived").wait_for()

    requests = page.get_by_role("slider").first
    before = page.locator(".jp-OutputArea-output", has=requests).inner_text()
    requests.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => [...document.querySelectorAll('.jp-OutputArea-output')].every("
        "each => each.innerText !== before)",
        arg=before,
    )

    page.get_by_role("tab", name="File Browser").first.click()  # its place goes to the notebook
    for width in (1400, 620):
        page.set_viewport_size({"width": width, "height": 1000})
        for panel in page.locator(".jp-OutputArea-output:visible").all():
            inside, room = panel.evaluate("each => [each.scrollWidth, each.clientWidth]")
            assert inside <= room, f"{panel.inner_text()[:60]} does not fit {width} pixels"
