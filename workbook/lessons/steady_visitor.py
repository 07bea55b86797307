"""Somebody who calls one page again and again, while the service behind it changes.

A chapter starts a visitor, deploys, and asks it to leave: it then knows every answer that anybody
got in between. `local_server` and the clouds answer it; it changes nothing.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any, Protocol

import urllib3

AT_LEAST = 10  # calls after the change, so that the last answers are the new ones
PAUSE = 0.02  # seconds between two requests: a visitor who leaves the machine to the deployment


class Page(Protocol):
    """What is asked of a deployed API."""

    def get(self, path: str) -> Any: ...


class SteadyVisitor:
    """Calls until it is asked to leave; comes back from the constructor with a first answer.

    Args:
        api: a deployed API, as ``cloud.api`` gives.
        path: the page.

    Attributes:
        sent: how many requests.
        counts: how often each answer came, in the order in which they were first seen.
        changes: how often an answer was another than the one before it.
    """

    def __init__(self, api: Page, path: str) -> None:
        self.sent = self.changes = 0
        self.counts: Counter[str] = Counter()
        self._api, self._path = api, path
        self._left, self._begun, self._more = threading.Event(), threading.Event(), AT_LEAST
        self._thread = threading.Thread(target=self._call, daemon=True, name="visitor")
        self._thread.start()
        self._begun.wait()

    def leave(self, after: int = AT_LEAST) -> SteadyVisitor:
        """Call so many times more, then stop: fewer where each answer is a cold start that fails."""
        self._more = after
        self._left.set()
        self._thread.join()
        return self

    def __repr__(self) -> str:
        """The answers without their numbers, which no two runs share."""
        return "\n".join(f"{n}. {answer}" for n, answer in enumerate(self.counts, 1))

    def _call(self) -> None:
        before = ""
        while self._more:
            self._more -= self._left.is_set()
            self.sent += 1
            answer = self._answer()
            self.counts[answer] += 1
            self.changes += answer != before != ""
            before = answer
            self._begun.set()
            self._left.wait(PAUSE)

    def _answer(self) -> str:
        try:
            answer = self._api.get(self._path)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return f"no answer: {type(error).__name__}"
        return f"{answer.status_code} {answer.text}"
