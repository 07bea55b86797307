"""A learner's tests on trial: what counts as red, and what a verdict says of it."""

from __future__ import annotations

import pytest

from workbook.check.expectation import Failed, LearnerError
from workbook.lessons import trials


def raising(error):
    def test_it(thing):
        raise error

    return test_it


def missing(thing):
    with pytest.raises(ValueError):
        thing()


@pytest.mark.parametrize("test", [raising(AssertionError()), raising(KeyError("a")), missing])
def test_whatever_a_test_raises_is_red(test):
    assert trials.is_red(test, int)


def test_a_test_that_only_returns_is_green():
    assert not trials.is_red(lambda thing: False, int)


@pytest.mark.parametrize("test", [raising(AssertionError("3 is not 4")), missing])
def test_red_for_what_is_right_fails_with_the_reason(test):
    with pytest.raises(Failed) as failed:
        trials.must_be_green(test, int, "with a right one", "It is right.")
    assert failed.value.failure.because == "It is right."
    assert "red: " in failed.value.failure.got


def test_an_error_that_is_no_assertion_is_the_learners():
    with pytest.raises(LearnerError):
        trials.must_be_green(raising(KeyError("a")), int, "with a right one", "It is right.")


def test_one_red_test_of_several_is_enough_to_notice():
    def notices_two(thing):
        assert thing != 2

    def notices_three(thing):
        assert thing != 3

    mutants = {"is two": (2, "Look at two."), "is three": (3, "Look at three.")}
    trials.all_must_be_noticed([notices_two, notices_three], mutants)
    with pytest.raises(Failed, match="notices_two, for a mutant that is three") as failed:
        trials.all_must_be_noticed([notices_two], mutants)
    assert failed.value.failure.because == "Look at three."
    assert "1 of 2 are killed" in failed.value.failure.got
    with pytest.raises(Failed, match="your 2 tests"):
        trials.all_must_be_noticed([notices_two] * 2, mutants)
