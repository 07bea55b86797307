"""`python -m workbook build`: exercises from solutions, and every notebook's outputs refreshed.

    1 generate   solutions/NN.ipynb ──master──▶ exercises/NN.ipynb
    2 run        each notebook in a fresh kernel, as nbval does           (`running`)
    3 compare    with what is committed; write what differs, or, with --check, name it

A notebook whose content would be the same is not written, so it keeps its very bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from workbook import settings
from workbook.authoring import master
from workbook.authoring.master import Notebook
from workbook.authoring.running import as_text, run_notebook, sources_digest
from workbook.errors import NotebookError, UnknownName

FIX = "Run python3 -m workbook build, look at the difference, and commit it."


def run(check: bool, only: Sequence[str] = ()) -> int:
    """Build the notebooks of the repository.

    Args:
        check: write nothing; say what would change.
        only: how the names of those to build begin, as in "02"; all when empty.

    Returns:
        0, or 1 when `check` found drift.

    Raises:
        NotebookError: a notebook is malformed, or a cell raised.
        UnknownName: no notebook's name begins so.
    """
    root = settings.root()
    names = {path.name for path in notebooks(root)}
    for beginning in only:
        if not any(name.startswith(beginning) for name in names):
            raise UnknownName(
                f"No notebook's name begins with {beginning!r}.",
                f"There are: {', '.join(sorted(names))}.",
            )
    drifted = 0
    for path, fresh in _built(root, tuple(only)):
        changed = not path.exists() or path.read_text(encoding="utf-8") != as_text(fresh)
        if changed and not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(as_text(fresh), encoding="utf-8")
        drifted += changed
        word = "unchanged" if not changed else "drifted" if check else "written"
        print(f"{word:10}{path.relative_to(root)}", flush=True)
    if check and drifted:
        print(f"{drifted} notebooks are not what their sources make. {FIX}")
    return int(check and drifted > 0)


def drift(root: Path) -> list[str]:
    """What `build` would change, as far as it can be said without running anything.

    Args:
        root: the folder that holds solutions/, exercises/ and notebooks/.

    Returns:
        one sentence for each notebook that is missing, stray, stale, or not as generated.
    """
    found = []
    generated = {path: notebook for path, notebook in _generated(root)}
    for path in sorted({*generated, *(root / "exercises").glob("*.ipynb")}):
        name = path.relative_to(root)
        if path not in generated:
            found.append(f"{name} has no master in solutions/.")
        elif not path.exists():
            found.append(f"{name} was never built.")
        elif _without_outputs(master.read(path)) != _without_outputs(generated[path]):
            found.append(f"{name} differs from what its master makes.")
    for path in notebooks(root):
        notebook = master.read(path)
        if notebook.metadata["workbook"].get("built_from") != sources_digest(notebook):
            found.append(f"{path.relative_to(root)} was edited after its outputs were made.")
    return found


def notebooks(root: Path) -> list[Path]:
    """Every notebook that is run and compared, in the order of the folders a learner meets."""
    folders = ("notebooks", "exercises", "solutions")
    return [path for folder in folders for path in sorted((root / folder).glob("*.ipynb"))]


def _built(root: Path, only: tuple[str, ...]) -> Iterator[tuple[Path, Notebook]]:
    generated = dict(_generated(root))
    chapters = sorted((root / "notebooks").glob("*.ipynb"))
    for path in [*chapters, *sorted((root / "solutions").glob("*.ipynb")), *generated]:
        if only and not path.name.startswith(only):
            continue
        committed = master.read(path) if path.exists() else None
        source = generated.get(path) or committed
        assert source is not None  # a path comes from a folder's listing or from a master
        folder = path.parent if path.parent.exists() else root / "solutions"  # a first build
        yield path, run_notebook(source, folder, committed)


def _generated(root: Path) -> Iterator[tuple[Path, Notebook]]:
    for path in sorted((root / "solutions").glob("*.ipynb")):
        try:
            yield root / "exercises" / path.name, master.exercise_notebook(master.read(path))
        except NotebookError as error:
            raise NotebookError(f"solutions/{path.name}: {error.problem}", error.fix) from None


def _without_outputs(notebook: Notebook) -> str:
    bare = master.read_text(as_text(notebook))
    bare.metadata["workbook"].pop("built_from", None)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return as_text(bare)
