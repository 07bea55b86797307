"""Building: exercises follow their masters, and unchanged notebooks keep their bytes."""

import shutil

import nbformat
import pytest

from workbook import settings
from workbook.authoring import build, master
from workbook.authoring.running import as_text
from workbook.errors import NotebookError, UnknownName

ANSWER = "### BEGIN SOLUTION\nstock = 2 + 3\n### BEGIN STARTER\n# stock = ...\n### END SOLUTION"


def code(ident, source, **marks):
    return nbformat.v4.new_code_cell(
        source, id=ident, metadata={"workbook": marks} if marks else {}
    )


def prose(ident, source, **marks):
    return nbformat.v4.new_markdown_cell(source, id=ident, metadata={"workbook": marks})


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A small repository with one master."""
    cells = [
        code("imports", "import math"),
        prose("task", "Count the stock.", exercise="count", role="task"),
        code("answer", ANSWER, exercise="count", role="answer"),
        code("check", "stock", exercise="count", role="check"),
        prose("why", "Adding is enough.", exercise="count", role="why"),
    ]
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"workbook": {"chapter": "shop", "kind": "solutions", "minutes": 5}}
    )
    folder = tmp_path_factory.mktemp("written")
    (folder / "solutions").mkdir()
    (folder / "notebooks").mkdir()
    (folder / "solutions" / "01_shop.ipynb").write_text(as_text(notebook))
    return folder


@pytest.fixture(scope="module")
def once_built(written, tmp_path_factory):
    """That repository after one build, which costs two kernels."""
    folder = tmp_path_factory.mktemp("built") / "repository"
    shutil.copytree(written, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "root", lambda: folder)
        assert 0 == build.run(check=False)
    return folder


@pytest.fixture
def root(written, tmp_path, monkeypatch):
    """A copy of the repository, before any build."""
    return at_home(written, tmp_path, monkeypatch)


@pytest.fixture
def built(once_built, tmp_path, monkeypatch):
    """A copy of the repository, built."""
    return at_home(once_built, tmp_path, monkeypatch)


def at_home(source, tmp_path, monkeypatch):
    """A copy of that repository, in which `build` works."""
    folder = tmp_path / "repository"
    shutil.copytree(source, folder)
    monkeypatch.setattr(settings, "root", lambda: folder)
    return folder


def bytes_of(root):
    return {path: path.read_bytes() for path in build.notebooks(root)}


def edit(path, cell_id, source):
    notebook = master.read(path)
    next(cell for cell in notebook.cells if cell.id == cell_id).source = source
    path.write_text(as_text(notebook))


def test_the_exercise_has_the_starter_and_not_the_explanation(built):
    made = master.read(built / "exercises" / "01_shop.ipynb")
    assert ["imports", "task", "answer", "check"] == [cell.id for cell in made.cells]
    assert "stock = ..." == made.cells[2].source


def test_outputs_come_from_running_each_notebook(built):
    solved = master.read(built / "solutions" / "01_shop.ipynb")
    unsolved = master.read(built / "exercises" / "01_shop.ipynb")
    assert "5" == solved.cells[3].outputs[0].data["text/plain"]
    assert "Ellipsis" == unsolved.cells[3].outputs[0].data["text/plain"]


def test_building_again_keeps_every_byte(built):
    before = bytes_of(built)
    build.run(check=False)
    assert before == bytes_of(built)


def test_only_those_that_are_named_are_built(built, capsys):
    build.run(check=False, only=["01"])
    assert "solutions/01_shop.ipynb" in capsys.readouterr().out
    with pytest.raises(UnknownName, match="begins with '02'") as refused:
        build.run(check=False, only=["01", "02"])
    assert "01_shop.ipynb" in refused.value.fix


def test_check_writes_nothing_and_fails_on_drift(built, capsys):
    edit(built / "exercises" / "01_shop.ipynb", "answer", "stock = 7")
    before = bytes_of(built)
    assert 1 == build.run(check=True)
    assert before == bytes_of(built)
    assert "drifted   exercises/01_shop.ipynb" in capsys.readouterr().out


def test_check_passes_on_what_was_built(built):
    assert 0 == build.run(check=True)


def test_drift_names_an_edited_exercise(built):
    edit(built / "exercises" / "01_shop.ipynb", "answer", "stock = 7")
    assert "exercises/01_shop.ipynb differs from what its master makes." in build.drift(built)


def test_drift_names_outputs_older_than_their_code(built):
    edit(built / "solutions" / "01_shop.ipynb", "imports", "import cmath")
    assert any("edited after its outputs were made" in line for line in build.drift(built))


def test_drift_names_a_stray_and_a_missing_exercise(built):
    (built / "exercises" / "01_shop.ipynb").rename(built / "exercises" / "09_old.ipynb")
    assert {
        "exercises/01_shop.ipynb was never built.",
        "exercises/09_old.ipynb has no master in solutions/.",
    } <= set(build.drift(built))


def test_nothing_has_drifted_after_a_build(built):
    assert [] == build.drift(built)


def test_a_measured_cell_keeps_its_committed_output(built):
    path = built / "solutions" / "01_shop.ipynb"
    notebook = master.read(path)
    cell = code("measured", "import uuid\nuuid.uuid4()")
    cell.metadata["tags"] = ["nbval-ignore-output"]
    notebook.cells.append(cell)
    path.write_text(as_text(notebook))
    build.run(check=False)
    before = path.read_bytes()
    build.run(check=False)
    assert before == path.read_bytes()


def test_a_cell_that_raises_stops_the_build_and_is_named(root):
    edit(root / "solutions" / "01_shop.ipynb", "imports", "1 / 0")
    with pytest.raises(NotebookError, match="ZeroDivisionError"):
        build.run(check=False)


def test_a_malformed_region_names_notebook_and_cell(root):
    edit(root / "solutions" / "01_shop.ipynb", "answer", "### BEGIN SOLUTION")
    with pytest.raises(NotebookError, match=r"solutions/01_shop.ipynb: Cell answer: Line 1"):
        build.drift(root)


def test_a_file_that_is_no_notebook_is_one_sentence(root):
    (root / "solutions" / "01_shop.ipynb").write_text("<<<<<<< HEAD")
    with pytest.raises(NotebookError, match="01_shop.ipynb is not a notebook"):
        build.drift(root)


def test_an_exercise_without_a_check_is_refused(root):
    notebook = master.read(root / "solutions" / "01_shop.ipynb")
    del notebook.cells[3]
    with pytest.raises(NotebookError, match="count has no cell with the role check"):
        master.exercises(notebook)
