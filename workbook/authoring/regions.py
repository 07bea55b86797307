"""Solution regions in a code cell: what the master runs, and the starter a learner gets.

    ### BEGIN SOLUTION            or   ### BEGIN SOLUTION shuffled   for a Parsons problem
    return {"item": item}
    ### BEGIN STARTER             (optional) lines kept as comments, so that the master runs
    # return ...
    ### END SOLUTION

Works on one cell's source; the notebooks around it are `master`'s business.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from workbook.errors import NotebookError

DEFAULT_STARTER = "...  # your code here"
_MARK = re.compile(r"^(?P<indent>\s*)###\s*(?P<mark>(BEGIN|END)\s+\w+)(?P<rest>.*)$")


@dataclass
class _Region:
    """A region while it is being read."""

    begins: int
    indent: str
    shuffled: bool
    solution: list[str] = field(default_factory=list)
    starter: list[str] | None = None


def has_region(source: str) -> bool:
    """True when any line is a region's mark."""
    return any(_MARK.match(line) for line in source.splitlines())


def solved(source: str) -> str:
    """The source as a learner would have written it: no marks, no starter."""
    return _rewrite(source, lambda region: region.solution)


def unsolved(source: str, seed: str) -> str:
    """The source as a learner gets it.

    Args:
        source: the master's cell.
        seed: fixes the order of shuffled lines; the exercise's slug.

    Raises:
        NotebookError: a region is nested, unclosed, unopened, or has a word it does not know.
    """
    return _rewrite(source, lambda region: _starter(region, seed))


def _starter(region: _Region, seed: str) -> list[str]:
    if region.shuffled:
        return _shuffled(region.solution, seed, region.indent)
    if region.starter is None:
        return [region.indent + DEFAULT_STARTER]
    return [_uncommented(line) for line in region.starter]


def _shuffled(lines: list[str], seed: str, indent: str) -> list[str]:
    """The lines as comments without their own indentation, in an order that is not theirs."""
    pieces = [line.strip() for line in lines if line.strip()]
    order = list(pieces)
    # The built-in hash differs between runs; Random(str) does not.
    generator = random.Random(seed)
    while order == pieces and len(set(pieces)) > 1:
        generator.shuffle(order)
    comments = [f"{indent}# {piece}" for piece in order]
    return [*comments, f"{indent}..."] if indent else comments  # a body of comments is no body


def _uncommented(line: str) -> str:
    return re.sub(r"^(\s*)# ?", r"\1", line, count=1)


def _rewrite(source: str, chosen: Callable[[_Region], list[str]]) -> str:
    written: list[str] = []
    region: _Region | None = None
    for number, line in enumerate(source.splitlines(), 1):
        found = _MARK.match(line)
        mark = " ".join(found["mark"].split()) if found else ""
        if mark == "BEGIN SOLUTION" and found:
            if region:
                raise _refused(number, line, f"opens inside the region of line {region.begins}")
            word = found["rest"].strip()
            if word not in ("", "shuffled"):
                raise _refused(number, line, f"has a word it does not know: {word!r}")
            region = _Region(number, found["indent"], word == "shuffled")
        elif mark == "BEGIN STARTER":
            if not region or region.starter is not None:
                raise _refused(number, line, "stands outside a solution, or twice in one")
            if region.shuffled:
                raise _refused(number, line, "stands in a shuffled region, whose starter is made")
            region.starter = []
        elif mark == "END SOLUTION":
            if not region:
                raise _refused(number, line, "closes a region that was never opened")
            written += chosen(region)
            region = None
        elif mark:
            raise _refused(number, line, "is no mark that is known here")
        elif region and region.starter is not None:
            region.starter.append(line)
        elif region:
            region.solution.append(line)
        else:
            written.append(line)
    if region:
        raise _refused(region.begins, "### BEGIN SOLUTION", "is never closed")
    return "\n".join(written)


def _refused(number: int, line: str, why: str) -> NotebookError:
    return NotebookError(
        f"Line {number}, {line.strip()!r}, {why}.",
        "A region runs from ### BEGIN SOLUTION to ### END SOLUTION, and holds at most one "
        "### BEGIN STARTER.",
    )
