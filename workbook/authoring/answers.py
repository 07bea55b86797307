"""Known answers to an exercise: other right ones, and wrong ones with what a check must say.

    # %% right: looks the item up with get
    # %% wrong: leaves the missing item to KeyError
    # says: expected 404

Each is a whole replacement of the exercise's answer cell. `attempt` runs one as a learner would,
and checks it; the four-way proof is made of that.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.authoring.master import ExerciseCells
from workbook.errors import NotebookError

_HEAD = re.compile(r"^# %% (?P<kind>right|wrong): (?P<title>.+)$", re.MULTILINE)
_SAYS = re.compile(r"^# says: (?P<says>.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class KnownAnswer:
    """One answer whose verdict is known.

    Attributes:
        slug: the exercise.
        kind: "right" or "wrong".
        title: what is different about it; for a wrong one the misconception.
        says: words the failed verdict must contain; empty for a right one.
        source: what goes into the answer cell.
    """

    slug: str
    kind: str
    title: str
    says: str
    source: str


def read_answers(folder: Path) -> list[KnownAnswer]:
    """Every known answer below that folder, sorted by file.

    Raises:
        NotebookError: a file has no answer in it, or a wrong one does not say what it must.
    """
    return [answer for path in sorted(folder.glob("*/*.py")) for answer in _read(path)]


def attempt(exercise: ExerciseCells, answer: str, check: Callable[..., Any]) -> Any:
    """Run an answer where its cell stands, then the exercise's check line; give its verdict.

    Args:
        exercise: the cells of the exercise.
        answer: the source of the answer cell.
        check: stands in for the `check` that the notebook imports.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        # Not with this module's own __future__ imports: in a kernel annotations are values.
        program = compile(exercise.code(answer), f"<{exercise.slug}>", "exec", dont_inherit=True)
        exec(program, namespace)  # noqa: S102  our own files, run as a kernel would
        namespace["check"] = check
        return eval(exercise.check, namespace)


def _read(path: Path) -> list[KnownAnswer]:
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    if not heads:
        raise NotebookError(
            f"{path.name} holds no answer.", "An answer starts with `# %% right: TITLE`."
        )
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        _answer(path.stem, head, text[head.end() : end].strip() + "\n")
        for head, end in zip(heads, ends, strict=True)
    ]


def _answer(slug: str, head: re.Match[str], source: str) -> KnownAnswer:
    says = _SAYS.search(source)
    if head["kind"] == "wrong" and not says:
        raise NotebookError(
            f'{slug}: the wrong answer "{head["title"]}" does not say what its verdict must say.',
            "Add a line `# says: …` with words of the failed verdict.",
        )
    return KnownAnswer(
        slug,
        head["kind"],
        head["title"].strip(),
        says["says"].strip() if says else "",
        _SAYS.sub("", source),
    )
