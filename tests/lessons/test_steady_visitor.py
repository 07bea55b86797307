"""A steady visitor counts every answer, also those that nobody gave."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import urllib3

from workbook.lessons.steady_visitor import AT_LEAST, SteadyVisitor


@dataclass
class Answer:
    status_code: int
    text: str


class Page:
    """Answers "old" until it is changed, then "new", and then raises, if it is cut off."""

    def __init__(self) -> None:
        self.status, self.text, self.cut_off = 200, "old", False
        self.called = threading.Semaphore(0)

    def get(self, path: str) -> Answer:
        assert path == "/health"
        self.called.release()
        if self.cut_off:
            raise urllib3.exceptions.ProtocolError("closed")
        return Answer(self.status, self.text)


def test_answers_are_counted_in_the_order_in_which_they_came():
    page = Page()
    visitor = SteadyVisitor(page, "/health")
    page.text = "new"
    visitor.leave()
    assert ["200 old", "200 new"] == list(visitor.counts)
    assert visitor.sent == visitor.counts.total()
    assert visitor.counts["200 new"] >= AT_LEAST - 1
    assert 1 == visitor.changes
    assert "1. 200 old\n2. 200 new" == repr(visitor)


def test_a_visitor_who_saw_one_answer_saw_no_change():
    visitor = SteadyVisitor(Page(), "/health").leave()
    assert (0, ["200 old"]) == (visitor.changes, list(visitor.counts))


def test_silence_is_counted_too():
    page = Page()
    visitor = SteadyVisitor(page, "/health")
    page.cut_off = True
    visitor.leave()
    assert "no answer: ProtocolError" == list(visitor.counts)[-1]


def test_a_visitor_may_be_asked_to_call_but_a_few_times_more():
    class Patient(Page):
        def get(self, path: str) -> Answer:
            if self.called.acquire(blocking=False):  # not the first call: wait for the question
                asked.wait()
            return super().get(path)

    page = Patient()
    visitor = SteadyVisitor(page, "/health")
    asked = visitor._left
    visitor.leave(after=2)
    assert visitor.sent in (3, 4)  # the first, perhaps one under way, and two more
