"""The progress board as a panel: it changes when a check of its notebook does.

Checks of this kernel tell it; those of other notebooks, which have kernels of their own, wait for
the button. Before its notebook is run, and where no kernel is, it shows its static face.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import HTML, Button, VBox

from workbook.panels.progress_board import ProgressBoard


class LiveBoard(VBox):
    """A board that is read again when it is told to.

    Args:
        read: makes the board as things stand.
    """

    def __init__(self, read: Callable[[], ProgressBoard]) -> None:
        self._read = read
        self._picture = HTML()
        self._button = Button(
            description="Refresh",
            tooltip="Read what other notebooks have done; checks of this one show by themselves",
        )
        self._button.on_click(lambda _: self.refresh())
        super().__init__([self._picture, self._button])
        self.refresh()

    @property
    def board(self) -> ProgressBoard:
        """What it shows, read anew."""
        return self._read()

    def refresh(self) -> None:
        """Show how things stand."""
        self._picture.value = self.board._repr_html_()

    def __repr__(self) -> str:
        return repr(self.board)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The widget, and beside it what stays when there is none: HTML and text."""
        self.refresh()
        shown = dict(super()._repr_mimebundle_(**kwargs) or {})
        board = self.board
        return {**shown, "text/html": board._repr_html_(), "text/plain": repr(board)}
