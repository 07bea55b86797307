"""Reads a master in solutions/ as exercises with their parts, and makes its exercises/ notebook.

Cells carry `{"workbook": {"exercise": SLUG, "role": ROLE}}`; cells without an exercise belong to
the whole notebook. `regions` knows the inside of an answer cell; `build` runs and writes files.

nbformat is imported where a file is read: its validator's packages take a second, and each kernel
imports this module for the sake of `solution`.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.authoring import regions
from workbook.errors import NotebookError

ROLES = ("task", "setup", "answer", "scratch", "check", "why")
Notebook = Any  # nbformat's NotebookNode: a dict with attributes, which has no useful type
Cell = Any


@dataclass(frozen=True)
class ExerciseCells:
    """The cells of one exercise, by role; each a list of sources in reading order.

    Attributes:
        slug: the exercise.
        before: the sources of the shared code cells above it: imports and the like.
        roles: role to sources.
    """

    slug: str
    before: tuple[str, ...]
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def code(self, answer: str) -> str:
        """A program of what comes before, the set-up and this answer; without the check."""
        return "\n\n".join([*self.before, *self.roles.get("setup", ()), answer])

    @property
    def task(self) -> str:
        """The exercise's text."""
        return "\n\n".join(self.roles["task"])

    @property
    def solution(self) -> str:
        """The answer as the master has it, without marks."""
        return "\n\n".join(regions.solved(source) for source in self.roles["answer"])

    @property
    def starter(self) -> str:
        """The answer cell as a learner gets it."""
        return "\n\n".join(regions.unsolved(source, self.slug) for source in self.roles["answer"])

    @property
    def check(self) -> str:
        """The line that checks it."""
        return self.roles["check"][0]

    @property
    def why(self) -> str:
        """Why the solution is as it is, and one other way."""
        return "\n\n".join(self.roles["why"])


def read(path: Path) -> Notebook:
    """The notebook in that file.

    Raises:
        NotebookError: there is none, or it is not a notebook.
    """
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise NotebookError(f"There is no notebook {path.name} in {path.parent}.") from None
    except (ValueError, KeyError, nbformat.ValidationError) as error:
        raise NotebookError(
            f"{path.name} is not a notebook that can be read: {error}.",
            "Restore it, or merge it again: a conflict marker breaks a notebook.",
        ) from None


def read_text(text: str) -> Notebook:
    """The notebook written in that text."""
    import nbformat

    return nbformat.reads(text, as_version=4)


def exercises(master: Notebook) -> list[ExerciseCells]:
    """The exercises of a master, in reading order.

    Raises:
        NotebookError: a cell has an unknown role, or an exercise lacks one that it needs.
    """
    shared: list[str] = []
    found: dict[str, dict[str, list[str]]] = {}
    before: dict[str, tuple[str, ...]] = {}
    for cell in master.cells:
        slug, role = _marks(cell)
        if slug is None:
            if cell.cell_type == "code":
                shared.append(cell.source)
            continue
        before.setdefault(slug, tuple(shared))
        found.setdefault(slug, {}).setdefault(role, []).append(cell.source)
    made = [
        ExerciseCells(slug, before[slug], {role: tuple(texts) for role, texts in roles.items()})
        for slug, roles in found.items()
    ]
    for exercise in made:
        _complete(exercise)
    return made


def exercise_notebook(master: Notebook) -> Notebook:
    """The learner's notebook: starters for solutions, explanations left out, no outputs.

    Raises:
        NotebookError: a region is malformed; the cell's id is named.
    """
    made = deepcopy(master)
    made.metadata["workbook"]["kind"] = "exercises"
    made.cells = list(_learner_cells(made.cells))
    return made


def _learner_cells(cells: list[Cell]) -> Iterator[Cell]:
    for cell in cells:
        slug, role = _marks(cell)
        if role == "why" or cell.metadata.get("workbook", {}).get("only") == "solutions":
            continue
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            try:
                if regions.has_region(cell.source):
                    cell.source = regions.unsolved(cell.source, slug or "")
            except NotebookError as error:
                raise NotebookError(f"Cell {cell.id}: {error.problem}", error.fix) from None
        yield cell


def _marks(cell: Cell) -> tuple[str | None, str]:
    marks = cell.metadata.get("workbook", {})
    slug, role = marks.get("exercise"), marks.get("role", "")
    if slug is not None and role not in ROLES:
        raise NotebookError(
            f"Cell {cell.id} of {slug} has the role {role!r}.", f"Roles are {', '.join(ROLES)}."
        )
    return slug, role


def _complete(exercise: ExerciseCells) -> None:
    lacking = [role for role in ("task", "answer", "check", "why") if role not in exercise.roles]
    if lacking:
        raise NotebookError(
            f"The exercise {exercise.slug} has no cell with the role {' or '.join(lacking)}.",
            "Give the cell that metadata, or write the cell.",
        )
