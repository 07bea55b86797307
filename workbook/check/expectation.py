"""The words a lesson's check is written in: expect, call, NotAttempted.

Each raises; the examiner turns what was raised into a verdict. None of them judges by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from workbook.check.verdict import Failure

T = TypeVar("T")


class NotAttempted(Exception):
    """Nothing was tried yet; the message says what to do first."""


class Failed(Exception):
    """An expectation did not hold.

    Args:
        failure: what was called, expected and got.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class LearnerError(Exception):
    """The learner's code raised `error` when it was called as `called`."""

    def __init__(self, called: str, error: BaseException) -> None:
        super().__init__(called, error)
        self.called = called
        self.error = error


class Expect:
    """`expect(got, expected, called=…)` compares values; `expect.that(…)` takes a condition."""

    def __call__(
        self,
        got: object,
        expected: object,
        *,
        called: str,
        because: str = "",
        look_at: str = "",
        line: str = "",
    ) -> None:
        """Go on when got equals expected and is not a bool posing as an int.

        Raises:
            Failed: with both values as repr, shortened.
        """
        same = got == expected and isinstance(got, bool) == isinstance(expected, bool)
        self.that(
            same,
            got=shown(got),
            expected=shown(expected),
            called=called,
            because=because,
            look_at=look_at,
            line=line,
        )

    def that(
        self,
        condition: object,
        *,
        got: str,
        expected: str,
        called: str,
        because: str = "",
        look_at: str = "",
        line: str = "",
    ) -> None:
        """Go on when the condition holds; got and expected are words.

        Raises:
            Failed: when it does not.
        """
        if not condition:
            raise Failed(Failure(called, expected, got, because, line, look_at))


expect = Expect()


def call(function: Callable[..., T], *args: Any, called: str, **kwargs: Any) -> T:
    """Call the learner's function; whatever it raises is the learner's.

    Args:
        function: what the learner handed over.
        called: the call in words, for the message.

    Raises:
        LearnerError: the function raised, or cannot be called with these arguments.
    """
    try:
        return function(*args, **kwargs)
    except Exception as error:
        raise LearnerError(called, error) from error
    except SystemExit as error:  # a learner's sys.exit() must not end the kernel
        raise LearnerError(called, error) from error


def shown(value: object, limit: int = 200) -> str:
    """A value's repr, cut in the middle when it is long, and safe when repr itself raises."""
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001  the learner's __repr__ may do anything
        text = f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"
    if len(text) <= limit:
        return text
    half = (limit - 3) // 2
    return f"{text[:half]} … {text[-half:]}"
