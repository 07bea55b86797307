"""Chapter 00, start here: its metadata, and the hints and checks of its exercises.

Small functions over a dict: what is learnt here is how checks, hints and verdicts work. Every
check calls what the learner wrote, with the shop's inventory and with others;
`start_here_misconceptions` says in words what a wrong answer gives away.
"""

from __future__ import annotations

import contextlib
import copy
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook.check import Chapter, NotAttempted, call, expect
from workbook.lessons import start_here_misconceptions as misconceptions

chapter = Chapter("start-here", title="Start here", minutes=10)

Inventory = dict[str, dict[str, Any]]

INVENTORY: Inventory = {
    "item_1": {"name": "Espresso beans", "stock": 12},
    "item_2": {"name": "Paper filters", "stock": 0},
    "item_3": {"name": "Milk jug", "stock": 3},
}
OTHER_SHOP: Inventory = {
    "tea_9": {"name": "Sencha", "stock": 3},
    "tea_2": {"name": "Assam", "stock": 0},
    "tea_5": {"name": "Rooibos", "stock": 40},
    "tea_1": {"name": "Chai", "stock": 0},
}
NAMED = {"INVENTORY": INVENTORY, "another shop's inventory": OTHER_SHOP, "{}": {}}

TOGETHER = 'chapter 00, section "A check, together"'
HOW_CHECKS_JUDGE = 'chapter 00, section "What a verdict means"'


# 1 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "low-stock",
    title="Find what runs low",
    minutes=2,
    difficulty="easy",
    hints=(
        "Which part of the inventory do you need: its keys, or its values? Print one of each.",
        "A loop over inventory.values() with an if inside, or a comprehension that does both.",
        "Compare each item's stock with at_most; <= includes the number itself, < does not.",
    ),
)
def check_low_stock(low_stock: Any) -> None:
    """Names with a stock of at most that number, in order, for any inventory."""
    calls = [
        Call(f"low_stock({shop}, {at_most})", inventory, (at_most,))
        for shop, inventory in NAMED.items()
        for at_most in (3, 0, 100, -1)
    ]
    answers = _asked(low_stock, calls)
    because = misconceptions.low_stock([(each.given, *each.more) for each in calls], answers)
    for each, got in zip(calls, answers, strict=True):
        _made(got, each.called)
        wanted = misconceptions.low(each.given, *each.more)
        expect(got, wanted, called=each.called, because=because, look_at=TOGETHER)


def _made(value: Any, called: str) -> None:
    """Refuse what would yet have to be gone through: its repr says nothing to anybody."""
    expect.that(
        not isinstance(value, Iterator),
        called=called,
        expected="a list",
        got=f"a {type(value).__name__}",
        because=misconceptions.ITERATOR,
        look_at=TOGETHER,
    )


@dataclass(frozen=True)
class Call:
    """One call of the learner's function: in words, and what it is given."""

    called: str
    given: Inventory
    more: tuple[Any, ...] = ()


def _asked(function: Callable[..., Any], calls: Sequence[Call]) -> list[Any]:
    """What the function returns; refused when it prints its answer, or changes the inventory."""
    answers, printed = [], io.StringIO()
    for each in calls:
        given = copy.deepcopy(each.given)
        with contextlib.redirect_stdout(printed):
            answers.append(_as_it_is(call(function, given, *each.more, called=each.called)))
        expect.that(
            given == each.given,
            called=each.called,
            expected="the inventory as it was",
            got="an inventory that was changed",
            because=misconceptions.CHANGED,
            look_at=TOGETHER,
        )
    if all(answer is None for answer in answers):
        lines = printed.getvalue().splitlines()
        if not lines:
            raise NotAttempted("It returns nothing yet. (If you wrote it: is a `return` missing?)")
        expect.that(
            False,
            called=calls[0].called,
            expected="a value that is returned",
            got=f"None; {lines[0]!r} was printed",
            because=misconceptions.PRINTED,
            look_at=TOGETHER,
        )
    return answers


def _as_it_is(answer: Any) -> Any:
    """A copy, as far as lists go: the next call may change a list that this one has handed over."""
    if isinstance(answer, dict):
        return {key: _as_it_is(value) for key, value in answer.items()}
    return list(answer) if isinstance(answer, list) else answer


# 2 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "predict-the-verdict",
    title="Predict the verdict",
    minutes=3,
    difficulty="easy",
    hints=(
        "Ask of each answer: was anything tried, and what would a customer see? Nobody reads code.",
        "A check asks with several inventories. What raises or never ends is an attempt all the same.",
        "One was not attempted, two pass, three fail; two of those three never hand over an answer.",
    ),
)
def check_predict_the_verdict(prediction: Any) -> None:
    """Each of the six is predicted as it comes."""
    expect.that(
        isinstance(prediction, Mapping),
        called="prediction",
        expected='a dict with the keys "a" to "f"',
        got=f"a {type(prediction).__name__}",
        because="The check looks each answer up by its letter, so it needs a dict.",
    )
    if not prediction or any(said is ... for said in prediction.values()):
        raise NotAttempted("Predict all six first; some still hold three dots.")
    for letter, (verdict, because) in misconceptions.VERDICTS.items():
        called = f'prediction["{letter}"]'
        expect.that(
            letter in prediction,
            called=called,
            expected="a verdict",
            got=f'no prediction for "{letter}"',
        )
        said = prediction[letter]
        word = said.strip().lower() if isinstance(said, str) else said
        expect.that(
            word in misconceptions.WORDS,
            called=called,
            expected='one of "not attempted", "failed", "passed"',
            got=repr(said),
        )
        expect(word, verdict, called=called, because=because, look_at=HOW_CHECKS_JUDGE)


# 3 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "mend-the-stock-take",
    title="Mend the stock-take",
    minutes=3,
    difficulty="easy",
    hints=(
        "Run the scratch cell: which of the three items was not counted, and what stands before it?",
        "Read what break does to a loop, and what continue does. Only one of them goes on.",
        "After an empty shelf the loop has to go on with the next item; one word makes it stop.",
    ),
)
def check_mend_the_stock_take(stock_take: Any) -> None:
    """Units and empty shelves of any inventory, as often as it is asked."""
    calls = [Call(f"stock_take({shop})", inventory) for shop, inventory in NAMED.items()]
    calls.append(Call("stock_take(INVENTORY), once more", INVENTORY))
    answers = _asked(stock_take, calls)
    if answers == [misconceptions.stops_early(each.given) for each in calls]:
        raise NotAttempted("It counts as it did: the milk jugs are still missing.")
    for each, got in zip(calls, answers, strict=True):
        wanted = misconceptions.stock_take(each.given)
        expect.that(
            isinstance(got, dict) and set(got) == set(wanted),
            called=each.called,
            expected=repr(wanted),
            got=repr(got),
            because=misconceptions.shape(got),
            look_at=HOW_CHECKS_JUDGE,
        )
        for key, value in wanted.items():
            called = f'{each.called}["{key}"]'
            _made(got[key], called)
            because = misconceptions.taken(key, got[key], each.given)
            expect(got[key], value, called=called, because=because)
