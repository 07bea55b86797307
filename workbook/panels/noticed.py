"""Which layer of tests notices which mistake: a matrix of marks and words.

A pure view over the runs of `workbook.lessons.layer_runs`. A layer notices when one of its tests
fails.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Run(Protocol):
    """What is asked of a test that was run."""

    @property
    def layer(self) -> str: ...
    @property
    def passed(self) -> bool: ...


@dataclass(frozen=True)
class Noticed:
    """The matrix.

    Attributes:
        layers: its columns.
        by: each mistake, and the layers that noticed it.
    """

    layers: tuple[str, ...]
    by: Mapping[str, frozenset[str]]

    def __repr__(self) -> str:
        wide = max(map(len, self.by), default=0)
        head = "  ".join([" " * wide, *self.layers])
        rows = [
            "  ".join(
                [
                    f"{mistake:{wide}}",
                    *(f"{_word(layer in who):{len(layer)}}" for layer in self.layers),
                ]
            ).rstrip()
            for mistake, who in self.by.items()
        ]
        return "\n".join([head, *rows])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(layer)}</th>' for layer in self.layers)
        rows = "".join(
            f'<tr><th scope="row">{html.escape(mistake)}</th>'
            + "".join(_cell(layer in who) for layer in self.layers)
            + "</tr>"
            for mistake, who in self.by.items()
        )
        return (
            f'{STYLE}<table class="wb-noticed"><thead><tr><th></th>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )


def noticed(runs: Mapping[str, Iterable[Run]], layers: Sequence[str]) -> Noticed:
    """The matrix of these runs.

    Args:
        runs: what became of the tests, for each mistake.
        layers: the columns, in their order.
    """
    by = {
        mistake: frozenset(run.layer for run in ran if not run.passed)
        for mistake, ran in runs.items()
    }
    return Noticed(tuple(layers), by)


def _word(red: bool) -> str:
    return "✘ red" if red else "green"


def _cell(red: bool) -> str:
    return f'<td class="{"red" if red else "green"}">{_word(red)}</td>'


STYLE = (
    "<style>"
    ".wb-noticed.wb-noticed{margin:.4em 0;border-collapse:separate;border-spacing:3px;"
    "color:var(--jp-ui-font-color1,inherit);font-size:var(--jp-ui-font-size1,13px)}"
    ".wb-noticed.wb-noticed :is(th,td){text-align:left;padding:.35em .8em;font-size:inherit}"
    ".wb-noticed.wb-noticed tbody tr:nth-child(n){background:none}"
    ".wb-noticed.wb-noticed tbody th{font-weight:normal}"
    ".wb-noticed.wb-noticed td{border-left:.3em solid #808080}"
    ".wb-noticed.wb-noticed td.red{border-left-color:#d84040;font-weight:bold}"
    "</style>"
)
