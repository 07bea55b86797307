"""What can be checked: chapters, and their exercises by slug.

A slug is an exercise's name for ever; numbers, titles and order may change. The catalogue holds
what lessons register and answers a wrong name with the nearest right one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from workbook.errors import UnknownName

CheckFunction = Callable[..., None]
HINTS = 3
DIFFICULTIES = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        slug: its stable name, lower-case words joined by hyphens.
        chapter: the slug of its chapter.
        title: a few words.
        minutes: how long a learner takes, as told to them.
        difficulty: easy, medium or hard.
        hints: three: where to look, which construct, nearly the line.
        check: takes what the learner hands over; raises Failed or NotAttempted.
        optional: true when the chapter's core does without it.
    """

    slug: str
    chapter: str
    title: str
    minutes: int
    difficulty: str
    hints: tuple[str, ...]
    check: CheckFunction
    optional: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.slug):
            raise ValueError(f"slug {self.slug!r}: use lower-case words joined by hyphens")
        if len(self.hints) != HINTS:
            raise ValueError(f"{self.slug}: {len(self.hints)} hints, {HINTS} are wanted")
        if self.difficulty not in DIFFICULTIES:
            raise ValueError(f"{self.slug}: difficulty {self.difficulty!r}, not {DIFFICULTIES}")


@dataclass
class Chapter:
    """A chapter, to which its lesson module adds exercises in reading order.

    Attributes:
        slug: its stable name, as in the notebooks' file names after the number.
        title: as in the notebook.
        minutes: how long the chapter's own notebook takes, without the exercises.
    """

    slug: str
    title: str
    minutes: int
    exercises: list[Exercise] = field(default_factory=list)

    def exercise(
        self,
        slug: str,
        *,
        title: str,
        minutes: int,
        difficulty: str,
        hints: Iterable[str],
        optional: bool = False,
    ) -> Callable[[CheckFunction], CheckFunction]:
        """A decorator that registers the check below it as one more exercise."""

        def register(check: CheckFunction) -> CheckFunction:
            self.exercises.append(
                Exercise(slug, self.slug, title, minutes, difficulty, tuple(hints), check, optional)
            )
            return check

        return register


class Catalogue:
    """Every chapter in reading order.

    Args:
        chapters: in the order in which they are read.

    Raises:
        ValueError: two exercises or two chapters share a slug.
    """

    def __init__(self, chapters: Iterable[Chapter]) -> None:
        self.chapters = tuple(chapters)
        slugs = [exercise.slug for exercise in self] + [c.slug for c in self.chapters]
        twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
        if twice:
            raise ValueError(f"these slugs are used twice: {', '.join(twice)}")
        self._by_slug = {exercise.slug: exercise for exercise in self}

    def __iter__(self) -> Iterator[Exercise]:
        for chapter in self.chapters:
            yield from chapter.exercises

    def __getitem__(self, slug: str) -> Exercise:
        """The exercise of that slug.

        Raises:
            UnknownName: there is none; the nearest slugs are named.
        """
        if slug in self._by_slug:
            return self._by_slug[slug]
        raise UnknownName(f"There is no exercise {slug!r}.", _nearest(slug, self._by_slug))

    def chapter(self, slug: str) -> Chapter:
        """The chapter of that slug.

        Raises:
            UnknownName: there is none; the nearest slugs are named.
        """
        by_slug = {chapter.slug: chapter for chapter in self.chapters}
        if slug in by_slug:
            return by_slug[slug]
        raise UnknownName(f"There is no chapter {slug!r}.", _nearest(slug, by_slug))


def _nearest(slug: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(slug), list(known), n=1)
    return f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
