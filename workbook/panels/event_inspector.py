"""The event inspector: choose a source, read the event that it sends, send it to a function.

`Inspected` is the picture of one event; `EventInspector` puts a menu and a button over it. It knows
no service: it is given events by name, and something to call with the chosen one.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from workbook.errors import WorkbookError
from workbook.panels.choice import Choice
from workbook.panels.static_face import Panel

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Inspected:
    """One event of one source.

    Attributes:
        source: its name in the menu.
        event: as the function gets it.
        answer: what the function said to it; empty before it was sent.
        others: the other names in the menu.
    """

    source: str
    event: Event
    answer: str = ""
    others: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The event as indented JSON."""
        return json.dumps(self.event, indent=2, ensure_ascii=False)

    def __repr__(self) -> str:
        lines = [f"Event: {self.source}", self.text]
        if self.answer:
            lines.append(f"Sent. {self.answer}")
        if self.others:
            lines.append(f"Also in the menu: {', '.join(self.others)}.")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        answer = f"<p><b>Sent.</b> {html.escape(self.answer)}</p>" if self.answer else ""
        others = ""
        if self.others:
            others = f"<figcaption>Also in the menu: {html.escape(', '.join(self.others))}."
            others += "</figcaption>"
        return (
            f'{STYLE}<figure class="wb-event"><b>{html.escape(self.source)}</b>'
            f'<pre tabindex="0">{html.escape(self.text)}</pre>{answer}{others}</figure>'
        )


class EventInspector(Panel):
    """A menu of events, the chosen one, and a button that sends it.

    Args:
        events: by their names in the menu; at least one.
        send: called with the chosen event; what it returns is shown. Without it there is no button.
    """

    def __init__(
        self, events: Mapping[str, Event], send: Callable[[Event], object] | None = None
    ) -> None:
        self._events = dict(events)
        self._send = send
        self._answer = ""
        self.menu = Choice("Source", list(self._events))
        self.button = widgets.Button(description="Send it", layout=widgets.Layout(width="auto"))
        self._picture = widgets.HTML(value=self._drawn())
        self.menu.observe(self._chosen, names="value")
        self.button.on_click(self._pressed)
        controls = [self.menu, self.button] if send else [self.menu]
        row = widgets.HBox(controls, layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([row, self._picture])

    def face(self) -> Inspected:
        """The chosen event, and what came of sending it."""
        chosen = self.menu.value
        others = tuple(name for name in self._events if name != chosen)
        return Inspected(chosen, self._events[chosen], self._answer, others)

    def _drawn(self) -> str:
        chosen = self.face()
        return Inspected(chosen.source, chosen.event, chosen.answer)._repr_html_()

    def _chosen(self, _: Any) -> None:
        self._answer = ""
        self._picture.value = self._drawn()

    def _pressed(self, _: Any) -> None:
        assert self._send is not None  # there is no button without it
        # The button stays enabled: a disabled one loses the focus, and the keyboard its place.
        try:
            self._answer = f"It returned {self._send(self.face().event)!r}."
        except WorkbookError as error:
            self._answer = str(error)
        except Exception as error:  # noqa: BLE001 - whatever the function raises is the answer
            self._answer = f"It raised {type(error).__name__}: {error}"
        self._picture.value = self._drawn()


def event_inspector(
    events: Mapping[str, Event], send: Callable[[Event], object] | None = None
) -> EventInspector:
    """A live inspector; see EventInspector."""
    return EventInspector(events, send)


STYLE = (
    "<style>"
    ".wb-event{margin:.4em 0;max-width:60em;color:var(--jp-ui-font-color1,inherit)}"
    ".wb-event.wb-event pre{max-height:42em;overflow:auto;padding:.6em .8em;margin:.3em 0;"
    "background:var(--jp-layout-color2,#8882);border-left:.3em solid #1f6bc9}"
    ".wb-event figcaption{padding:.3em 0}"
    "</style>"
)
