"""What a live panel leaves in a notebook that is only read: its picture and its words.

A widget needs a kernel. In a committed notebook, on a page of a repository or in a printed copy
there is none; there the HTML and the text of this face stand in its place, and a test compares
them. JupyterLab shows the live widget as soon as the cell is run.
"""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]


class Panel(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A box of widgets with a face; subclasses say what it looks like in `face`."""

    def face(self) -> Any:
        """A view of the panel's present state: repr() in words, _repr_html_() as a picture."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return repr(self.face())

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        face = self.face()
        return {**bundle, "text/plain": repr(face), "text/html": face._repr_html_()}
