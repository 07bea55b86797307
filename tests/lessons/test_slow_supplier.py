"""A supplier who is slow on demand: who asks waits until a lesson says so, and no longer."""

import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbook.errors import WorkbookError
from workbook.lessons import slow_supplier


@pytest.fixture
def supplier():
    with slow_supplier.start() as running:
        yield running


def ask(supplier):
    with urllib.request.urlopen(supplier.url) as answer:
        return answer.read()


def asking(supplier, number, answers):
    threads = [
        threading.Thread(target=lambda: answers.append(ask(supplier))) for _ in range(number)
    ]
    for thread in threads:
        thread.start()
    return threads


def test_it_answers_at_once_until_it_is_told_to_wait(supplier):
    assert b"4.20" == ask(supplier)


def test_nobody_is_answered_while_it_holds_and_all_are_afterwards(supplier):
    answers = []
    with supplier.holding():
        threads = asking(supplier, 3, answers)
        supplier.until_waiting(3)
        assert [] == answers
    for thread in threads:
        thread.join()
    assert [b"4.20"] * 3 == answers


def test_it_holds_over_several_calls_until_it_is_released(supplier):
    answers = []
    supplier.hold()
    (thread,) = asking(supplier, 1, answers)
    supplier.until_waiting(1)
    assert [] == answers
    supplier.release()
    thread.join()
    assert [b"4.20", b"4.20"] == [*answers, ask(supplier)]


def test_so_many_are_answered_together_again_and_again(supplier):
    with ThreadPoolExecutor(4) as customers, supplier.together(2):
        assert [b"4.20"] * 4 == list(customers.map(lambda _: ask(supplier), range(4)))


def test_one_of_two_waits_for_the_other(supplier):
    answers = []
    with supplier.together(2):
        first = asking(supplier, 1, answers)
        supplier.until_waiting(1)
        assert [] == answers
        second = asking(supplier, 1, answers)
        for thread in first + second:
            thread.join()
    assert 2 == len(answers)


def test_a_block_that_raises_leaves_nobody_waiting(supplier):
    answers = []
    with pytest.raises(ZeroDivisionError), supplier.holding():
        (thread,) = asking(supplier, 1, answers)
        supplier.until_waiting(1)
        raise ZeroDivisionError
    thread.join()
    assert [b"4.20"] == answers


def test_waiting_for_more_than_come_is_one_clear_sentence(supplier, monkeypatch):
    monkeypatch.setattr(slow_supplier, "WAIT_SECONDS", 0.05)
    with pytest.raises(WorkbookError, match="Only 0 of 2 requests have reached the supplier"):
        supplier.until_waiting(2)


def test_whoever_waits_too_long_is_answered_all_the_same(supplier, monkeypatch):
    monkeypatch.setattr(slow_supplier, "WAIT_SECONDS", 0.05)
    with supplier.together(2):
        assert b"4.20" == ask(supplier)
    assert "0 waiting" in repr(supplier)
