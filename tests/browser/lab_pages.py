"""JupyterLab driven as a learner drives it: open a notebook, run all of it, read what it shows.

Every browser test goes through these. They wait for conditions, and always name the notebook that
is meant: JupyterLab restores what was open before, and its status bar then says Idle for that one.
Whoever presses Run All on that word alone runs another notebook.
"""

from __future__ import annotations

from itertools import count
from time import monotonic
from typing import Any

PATIENCE_SECONDS = 300  # a machine may be busy with other tests
LOOKS_EVERY_MILLISECONDS = 100
LOOKS_A_SAVE = 10


def until(page: Any, condition: Any) -> None:
    """Wait until the condition holds, and let the page go on meanwhile."""
    end = monotonic() + PATIENCE_SECONDS
    while not condition():
        assert monotonic() < end, "what was waited for did not come"
        page.wait_for_timeout(LOOKS_EVERY_MILLISECONDS)


def in_a_window_of_its_own(page: Any, lab: Any, path: str) -> Any:
    """Go to a notebook in an empty page, where nothing earlier is restored; its panel, ready."""
    page.goto(lab.at(path))
    return ready(page, lab, path)


def opened(page: Any, lab: Any, path: str) -> Any:
    """Open a notebook beside the others, by the menu; its panel, ready."""
    choose(page, "File", "Open from Path…")
    page.get_by_role("dialog").get_by_role("textbox").fill(path)
    page.keyboard.press("Enter")
    return ready(page, lab, path)


def ready(page: Any, lab: Any, path: str) -> Any:
    """The notebook's panel, once it is in front and its own kernel waits for something to do."""
    page.locator(".lm-DockPanel-tabBar .lm-mod-current", has_text=path.split("/")[-1]).wait_for()
    # The notebook's indicator shows idle before there is a kernel: the server knows better, and
    # the status bar says when the page has heard of it.
    until(page, lambda: lab.has_kernel(path))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    return front(page)


def front(page: Any) -> Any:
    """The notebook that is in front."""
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")


def choose(page: Any, menu: str, entry: str) -> None:
    """Choose an entry of a menu."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu-item:visible").get_by_text(entry, exact=True).click()


def run_all(page: Any, lab: Any, path: str) -> list[dict[str, Any]]:
    """Run every cell of the notebook in front, from cleared outputs; its code cells as saved."""
    choose(page, "Edit", "Clear Outputs of All Cells")
    saved(page, lab, path, lambda cells: not any(cell["execution_count"] for cell in cells))
    choose(page, "Run", "Run All Cells")
    waiting = front(page).locator(".jp-InputPrompt", has_text="[*]")
    # Saving costs the page much, so only when it looks finished; what is saved then decides.
    until(page, lambda: lab.has_kernel(path) and not waiting.count())
    return saved(page, lab, path, lambda cells: all(cell["execution_count"] for cell in cells))


def saved(page: Any, lab: Any, path: str, wanted: Any) -> list[dict[str, Any]]:
    """Save the notebook in front until it is as wanted on disk; its code cells then.

    JupyterLab leaves a save out where it sees nothing new, or is at another one.
    """
    looks = count()

    def as_wanted() -> bool:
        if next(looks) % LOOKS_A_SAVE == 0:
            page.keyboard.press("Control+s")
            page.wait_for_timeout(LOOKS_EVERY_MILLISECONDS)
        return bool(wanted(lab.read(path)))

    until(page, as_wanted)
    return lab.read(path)


def shut_down(page: Any, path: str) -> None:
    """Close the notebook in front with its kernel: all chapters' would fill a small machine."""
    choose(page, "File", "Close and Shut Down Notebook…")
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()
    page.locator(".lm-TabBar-tabLabel", has_text=path.split("/")[-1]).first.wait_for(state="hidden")


def shown(page: Any, words: str) -> None:
    """Wait until these words can be seen in an output."""
    front(page).locator(".jp-OutputArea-output", has_text=words).first.wait_for()


def press(page: Any, key: str, times: int) -> None:
    """Press a key so many times."""
    for _ in range(times):
        page.keyboard.press(key)
