"""A hint on an exercise: one of three, from where to look to nearly the line."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.check.catalogue import HINTS, Exercise
from workbook.check.face import Face, card
from workbook.errors import UnknownName


@dataclass(frozen=True)
class Hint(Face):
    """One hint.

    Attributes:
        exercise: the exercise's slug.
        number: 1 to 3.
        content: what it says.
    """

    exercise: str
    number: int
    content: str

    @classmethod
    def of(cls, exercise: Exercise, number: int) -> Hint:
        """The exercise's hint of that number.

        Raises:
            UnknownName: the number is not 1, 2 or 3.
        """
        if number not in range(1, HINTS + 1):
            raise UnknownName(
                f"There is no hint {number!r} on {exercise.slug}.",
                f'There are {HINTS}: hint("{exercise.slug}", 1) says least.',
            )
        return cls(exercise.slug, number, exercise.hints[number - 1])

    @property
    def headline(self) -> str:
        """Which hint this is."""
        return f"Hint {self.number} of {HINTS}: {self.exercise}"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The hint, and what to ask for next."""
        following = f'hint("{self.exercise}", {self.number + 1})'
        last = f'solution("{self.exercise}")'
        return [
            ("hint", self.content),
            ("more", following if self.number < HINTS else last),
        ]

    def __repr__(self) -> str:
        return self.text(self.headline, self.rows)

    def _repr_html_(self) -> str:
        return card("note", self.headline, self.rows)
