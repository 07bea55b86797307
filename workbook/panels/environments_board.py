"""The environments of a function, live: buttons act on it, and the board follows.

A thin widget over `environments.picture`. A press is handed to a thread of its own, so that the
board can follow what happens meanwhile; presses that come while it runs are not taken. The buttons
are not disabled for that time: a disabled button loses the focus, and the keyboard its place.
"""

from __future__ import annotations

import html
import threading
import weakref
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from workbook.errors import WorkbookError
from workbook.panels.environments import Environments, Watched, picture
from workbook.panels.static_face import Panel

LOOKS_EVERY_SECONDS = 0.1
GONE = "The cloud does not answer any more. Run the cell that starts it."


class EnvironmentsBoard(Panel):
    """A live picture of one function's environments.

    Args:
        cloud: where the function is deployed.
        function: its name, or its app's.
        actions: what the buttons say, and what a press calls, without arguments; what that
            returns is shown.
    """

    def __init__(
        self,
        cloud: Watched,
        function: str,
        actions: Mapping[str, Callable[[], object]] | None = None,
    ) -> None:
        # Not kept alive by its picture: a cloud ends when the notebook lets go of its name.
        self._cloud = weakref.proxy(cloud)
        self._function = function
        self._face = self.face()
        self._picture = widgets.HTML(value=self._face._repr_html_())
        self._says = widgets.HTML(value="", layout=widgets.Layout(min_height="1.6em"))
        self._working = threading.Lock()
        self._acting = threading.Thread()  # the latest press
        self.buttons = [
            _button(words, self._press(words, action))
            for words, action in {**(actions or {}), "Look again": _nothing}.items()
        ]
        row = widgets.HBox(self.buttons, layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([row, self._says, self._picture])

    def face(self) -> Environments:
        """The environments as they are now."""
        return picture(self._cloud, self._function)

    def look(self) -> None:
        """Draw what is there now; what has not changed is not sent again."""
        face = self.face()
        if face != self._face:
            self._face = face
            self._picture.value = face._repr_html_()

    def _press(self, words: str, action: Callable[[], object]) -> Callable[[Any], None]:
        def pressed(_: Any) -> None:
            if self._working.acquire(blocking=False):
                self._acting = threading.Thread(target=self._act, args=(words, action), daemon=True)
                self._acting.start()

        return pressed

    def _act(self, words: str, action: Callable[[], object]) -> None:
        done = threading.Event()
        following = threading.Thread(target=self._follow, args=(done,), daemon=True)
        following.start()
        says = f"{words}: broken off."
        try:
            self._say(f"{words} …")
            came = action()
            says = f"{words}: {'done.' if came is None else came}"
        except WorkbookError as error:
            says = str(error)
        except Exception as error:  # noqa: BLE001  a button must say what happened, whatever it was
            says = f"{words}: {type(error).__name__}: {error}"
        finally:
            done.set()
            following.join()
            answers = self._looked()
            self._working.release()  # who reads how it ended may press again
            self._say(says if answers else GONE)

    def _follow(self, done: threading.Event) -> None:
        while not done.wait(LOOKS_EVERY_SECONDS):
            self._looked()

    def _looked(self) -> bool:
        try:
            self.look()
        except Exception:  # noqa: BLE001  the cloud has been stopped, or its process is gone
            return False
        return True

    def _say(self, words: str) -> None:
        self._says.value = f'<span role="status">{html.escape(words)}</span>'


def environments_board(
    cloud: Watched, function: str, actions: Mapping[str, Callable[[], object]] | None = None
) -> EnvironmentsBoard:
    """A live board; see EnvironmentsBoard."""
    return EnvironmentsBoard(cloud, function, actions)


def _button(words: str, pressed: Callable[[Any], None]) -> Any:
    button = widgets.Button(description=words, layout=widgets.Layout(width="auto"))
    button.on_click(pressed)
    return button


def _nothing() -> None:
    """What "Look again" does besides looking."""
