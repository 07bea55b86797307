"""Run All in JupyterLab, chapter by chapter: every cell runs, and no panel fails to show."""

from __future__ import annotations

import pytest
from lab_pages import opened, run_all, shut_down

from workbook import settings

CHAPTERS = sorted(path.name for path in (settings.root() / "notebooks").glob("[0-9]*.ipynb"))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(browser, lab):
    """One page for all chapters: JupyterLab's own start costs more than opening a notebook."""
    page = browser.new_page()
    page.goto(lab.at(""))
    yield page
    page.close()


@pytest.mark.parametrize("name", CHAPTERS[::-1])  # from the last on: none needs an earlier one
def test_run_all_leaves_no_error(page, lab, name):
    path = f"notebooks/{name}"
    opened(page, lab, path)
    raised = [
        cell["source"]
        for cell in run_all(page, lab, path)
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
        if "raises-exception" not in cell["metadata"].get("tags", [])
    ]
    assert [] == raised
    assert 0 == page.get_by_text("Error displaying widget").count()
    shut_down(page, path)


def test_nothing_has_left_this_machine(lab, traffic, page):
    """What every page before has asked for, and whom the servers talk to."""
    assert len(traffic.asked) > 50
    assert [] == traffic.outside
    assert set() == lab.talks_to_outside()
