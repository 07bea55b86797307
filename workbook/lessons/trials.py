"""Puts a learner's tests on trial: green for what is right, red for what is not.

A test here is a function that takes the thing under test. `testing_with_moto` says which things
are right, and which mutants have to be noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from workbook.check import call, expect
from workbook.check.blame import in_words, learner_line
from workbook.check.expectation import LearnerError

Test = Callable[[Any], Any]
_RED = (Exception, pytest.fail.Exception)  # what pytest.raises raises is no Exception


class Recorded:
    """The thing under test, and what it was called with."""

    def __init__(self, thing: Callable[..., Any]) -> None:
        self._thing = thing
        self.calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Write the call down and pass it on."""
        self.calls.append((given, named))
        return self._thing(*given, **named)


def name_of(test: Any) -> str:
    """A test's name, as its author knows it."""
    return str(getattr(test, "__name__", test))


def recorded(tests: Sequence[Test], thing: Callable[..., Any]) -> Recorded:
    """Run the tests, whatever comes of it, and keep what they called the thing with."""
    kept = Recorded(thing)
    for test in tests:
        is_red(test, kept)
    return kept


def is_red(test: Test, thing: Any) -> bool:
    """Whether the test fails for that thing."""
    try:
        test(thing)
    except _RED:
        return True
    return False


def must_be_green(test: Test, thing: Any, what: str, because: str, look_at: str = "") -> None:
    """Go on when the test passes for that thing, which is right.

    Raises:
        Failed, LearnerError: it does not; the learner's line is shown.
    """
    called = f"{name_of(test)}, {what}"
    try:
        call(test, thing, called=called)
    except (LearnerError, pytest.fail.Exception) as raised:
        error = raised.error if isinstance(raised, LearnerError) else raised
        if not isinstance(error, (AssertionError, pytest.fail.Exception)):
            raise
        said = in_words(error) if str(error) else "an assertion does not hold"
        expect.that(
            False,
            called=called,
            expected="green",
            got=f"red: {said}",
            because=because,
            look_at=look_at,
            line=learner_line(error),
        )


def all_must_be_noticed(
    tests: Sequence[Test], mutants: Mapping[str, tuple[Any, str]], look_at: str = ""
) -> None:
    """Go on when each mutant turns one of the tests red.

    Args:
        tests: the learner's.
        mutants: each under what it does wrong, with why a test may miss it.
        look_at: where the learner reads on.

    Raises:
        Failed: one lives; of several the first is shown, and how many are killed.
    """
    alive = [name for name, (wrong, _) in mutants.items() if not _noticed(tests, wrong)]
    if alive:
        killed = len(mutants) - len(alive)
        whose = name_of(tests[0]) if len(tests) == 1 else f"your {len(tests)} tests"
        expect.that(
            False,
            called=f"{whose}, for a mutant that {alive[0]}",
            expected="red: a test that notices",
            got=f"green: the mutant lives ({killed} of {len(mutants)} are killed)",
            because=mutants[alive[0]][1],
            look_at=look_at,
        )


def _noticed(tests: Sequence[Test], thing: Any) -> bool:
    return any(is_red(test, thing) for test in tests)
