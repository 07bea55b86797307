"""One of several, as buttons in a row that wraps: what panels have in place of a drop-down menu.

JupyterLab takes the arrow keys, and single letters too, from whatever is in focus in a notebook
and is no text field: an arrow on a drop-down menu moves to the next cell, a D and a D delete one.
A button takes Tab, Enter and Space, which JupyterLab leaves alone. The chosen one is marked by a
filled circle and by weight, never by colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
import traitlets

CHOSEN, OTHER = "●", "○"


class Choice(widgets.HBox):  # type: ignore[misc]  # ipywidgets has no types
    """A labelled row of buttons, of which one is chosen.

    Args:
        description: the label before the row.
        options: what the buttons say; at least one, no two alike.
        value: the one chosen first; the first option when left out.
        layout: of the row as a whole.

    Attributes:
        value: the chosen option; it can be observed and set.
    """

    value = traitlets.Unicode()

    def __init__(
        self, description: str, options: Sequence[str], value: str | None = None, layout: Any = None
    ) -> None:
        self.description = description
        self.options = tuple(options)
        self.buttons = {option: self._button(option) for option in self.options}
        label = widgets.Label(description, layout=_AS_OTHER_LABELS)
        keys = widgets.HBox(
            list(self.buttons.values()), layout=widgets.Layout(flex_flow="row wrap", flex="1 1 0%")
        )
        super().__init__([label, keys], layout=layout or widgets.Layout(width="100%"))
        self.observe(self._mark, "value")
        self.value = self.options[0] if value is None else value

    @traitlets.validate("value")
    def _among_the_options(self, proposal: Any) -> str:
        option = str(proposal["value"])
        if option not in self.options:
            raise traitlets.TraitError(f"{option!r} is none of {', '.join(self.options)}")
        return option

    def _button(self, option: str) -> Any:
        button = widgets.Button(
            description=f"{OTHER} {option}",
            tooltip=f"{self.description}: {option}",
            layout=widgets.Layout(width="auto"),
        )
        button.on_click(lambda _: self.set_trait("value", option))
        return button

    def _mark(self, _: Any) -> None:
        for option, button in self.buttons.items():
            chosen = option == self.value
            button.description = f"{CHOSEN if chosen else OTHER} {option}"
            button.style.font_weight = "bold" if chosen else None


_AS_OTHER_LABELS = widgets.Layout(
    width="80px", margin="2px 6px 2px 2px", display="flex", justify_content="flex-end"
)
