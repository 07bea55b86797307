"""Every relative link leads somewhere within the workspace, as it is laid for a learner."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from workbook import settings, workspace

MARKDOWN = re.compile(r"\]\(([^)\s]+)\)")
HTML = re.compile(r'(?:href|src)="([^"]+)"')
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#")


@pytest.fixture(scope="module", params=[False, True], ids=["as laid", "with solutions"])
def laid(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("laid") / "workspace"
    workspace.lay_out(
        settings.root(), folder, folder / "manifest.json", with_solutions=request.param
    )
    return folder


def links(notebook: Path) -> set[str]:
    """The relative links of a notebook: in its text, and in what its cells have shown."""
    found: set[str] = set()
    for cell in json.loads(notebook.read_text())["cells"]:
        if cell["cell_type"] == "markdown":
            text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", "".join(cell["source"]))
            found.update(MARKDOWN.findall(text), HTML.findall(text))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            found.update(HTML.findall("".join(data.get("text/html", ""))))
            found.update(MARKDOWN.findall("".join(data.get("text/markdown", ""))))
    return {unquote(link.partition("#")[0]) for link in found if not ELSEWHERE.match(link)}


def test_every_link_of_every_notebook_leads_to_a_file_of_the_workspace(laid):
    followed, broken = 0, []
    for notebook in sorted(laid.rglob("*.ipynb")):
        for link in links(notebook):
            target = (notebook.parent / link).resolve()
            followed += 1
            if not target.is_file() or not target.is_relative_to(laid.resolve()):
                broken.append(f"{notebook.relative_to(laid)} -> {link}")
    assert [] == broken
    assert followed


def test_what_is_laid_has_chapters_exercises_and_the_service_and_solutions_when_wanted(
    laid, request
):
    wanted = "with solutions" in request.node.name
    assert {"notebooks", "exercises", "chalice_app"} <= {path.name for path in laid.iterdir()}
    assert wanted == (laid / "solutions").exists()
