"""The inspector shows the chosen event, sends it, and says what came of it."""

from __future__ import annotations

from typing import Any

from workbook.errors import WorkbookError
from workbook.panels.event_inspector import event_inspector

EVENTS = {"an upload": {"key": "a<b"}, "an order": {"body": "2"}}


def test_its_face_is_the_first_event_and_names_the_others() -> None:
    face = repr(event_inspector(EVENTS))
    assert face.splitlines() == [
        "Event: an upload",
        "{",
        '  "key": "a<b"',
        "}",
        "Also in the menu: an order.",
    ]


def test_another_source_shows_its_event() -> None:
    inspector = event_inspector(EVENTS)
    inspector.menu.value = "an order"
    assert '"body": "2"' in repr(inspector)
    assert "&quot;body&quot;" in inspector.children[1].value


def test_what_is_sent_is_the_chosen_event_and_its_answer_is_shown() -> None:
    sent: list[Any] = []

    def send(event: Any) -> str:
        sent.append(event)
        return "stored"

    inspector = event_inspector(EVENTS, send)
    inspector.menu.value = "an order"
    inspector.button.click()
    assert sent == [{"body": "2"}]
    assert "It returned 'stored'." in repr(inspector)
    assert "It returned &#x27;stored&#x27;." in inspector.children[1].value


def test_an_answer_goes_when_another_event_is_chosen() -> None:
    inspector = event_inspector(EVENTS, lambda event: 1)
    inspector.button.click()
    inspector.menu.value = "an order"
    assert "Sent" not in repr(inspector)


def test_a_failure_is_an_answer_too_and_the_button_works_again() -> None:
    def refuse(event: Any) -> None:
        raise ValueError("no such photo")

    inspector = event_inspector(EVENTS, refuse)
    inspector.button.click()
    assert "It raised ValueError: no such photo" in repr(inspector)
    assert not inspector.button.disabled


def test_our_own_errors_keep_their_words() -> None:
    def refuse(event: Any) -> None:
        raise WorkbookError("The cloud has stopped.", "Start it again.")

    inspector = event_inspector(EVENTS, refuse)
    inspector.button.click()
    assert "The cloud has stopped." in repr(inspector)


def test_without_something_to_call_there_is_no_button() -> None:
    inspector = event_inspector(EVENTS)
    assert inspector.button not in inspector.children[0].children
