"""Chapter 07, testing-with-moto: its metadata, and the hints and checks of its exercises.

What a learner hands over are tests; a check is a test of tests. It runs them against services that
are right, where they must be green, and against mutants, where they must not. `trials` holds how.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, unquote_plus

import boto3
import pytest

from workbook.check import Chapter, NotAttempted, call, expect
from workbook.lessons import trials
from workbook.lessons.clocks import striking_clock
from workbook.lessons.fixtures import aws_is_mocked, environment_with, without_mock

chapter = Chapter("testing-with-moto", title="Testing", minutes=50)

MOTO = 'chapter 07, section "moto: is that what AWS understands?"'
REACH = 'chapter 07, section "Credentials that do not reach the real thing"'
EVENTS = 'chapter 07, section "Events: generated, or a sample?"'
TOGETHER = 'chapter 07, section "Green together, red alone"'
MUTANTS = 'chapter 07, section "Mutants: test the tests"'
RED_FOR_RIGHT = (
    "What is tested here is right. A test that is red for it sends people looking for a bug that is "
    "not there."
)


# 1 ----------------------------------------------------------------------------------------------

POISON = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
EARLIER = "the-table-of-an-earlier-test"


@chapter.exercise(
    "write-the-fixture",
    title="Write the fixture",
    minutes=8,
    difficulty="easy",
    hints=(
        (
            "What has to be over before boto3 makes its first client, and what after the test has "
            "ended? The chapter's fixture named table does the same."
        ),
        (
            "One line is the function's head, one opens a block. Only the line that hands the table "
            "over belongs in that block."
        ),
        (
            "Head; poison out; name in; open the mock; in it, forget, then yield. Back at the function's "
            "own depth, forget once more."
        ),
    ),
)
def check_write_the_fixture(stock_table: Any, shelf: Any) -> None:
    """A table in a fresh mock, for each test anew; and afterwards everything as it was."""
    fixture = getattr(stock_table, "_get_wrapped_function", lambda: stock_table)()
    expect.that(
        callable(fixture) and callable(shelf) and hasattr(shelf, "cache_info"),
        called='check("write-the-fixture", stock_table, shelf)',
        expected="the fixture, a function, and shelf as the cell above makes it",
        got=f"{type(stock_table).__name__} and {type(shelf).__name__}",
    )
    with without_mock():
        for time in ("a first test", "a second test"):
            shelf.cache_clear()
            with environment_with({**POISON, "TABLE_NAME": EARLIER}):
                shelf()
            _one_test(fixture, shelf, time)


def _one_test(fixture: Callable[..., Any], shelf: Any, time: str) -> None:
    """What pytest does with a fixture, around a test that writes one item."""
    with environment_with(POISON) as changed:
        with pytest.MonkeyPatch.context() as monkeypatch:
            made = call(fixture, monkeypatch, called="stock_table(monkeypatch)")
            expect.that(
                inspect.isgenerator(made),
                called="stock_table(monkeypatch)",
                expected="a generator: a function that hands the table over with yield",
                got=f"a value of type {type(made).__name__}",
                because="After return a function is over, and the mock with it; yield waits for the "
                "test to end.",
                look_at=MOTO,
            )
            try:
                table = call(next, made, None, called=f"the fixture, before {time}")
                _in_the_test(table, shelf, time)
                call(next, made, None, called=f"the fixture, after {time}")
            finally:  # left in its middle, it would end its mock whenever it is collected
                with suppress(Exception):  # the verdict is out: what its end raises changes nothing
                    made.close()
        _after_the_test(shelf, changed(), time)


def _in_the_test(table: Any, shelf: Any, time: str) -> None:
    expect.that(
        aws_is_mocked(),
        called=f"in {time}",
        expected="an active mock",
        got="The mock was over when the table was handed over",
        because="What stands after the with-block runs when the mock has ended. The test has to run "
        "inside it.",
        look_at=MOTO,
    )
    expect.that(
        hasattr(table, "scan"),
        called=f"what the fixture hands over to {time}",
        expected="the table",
        got=f"a value of type {type(table).__name__}",
    )
    expect.that(
        table.name in boto3.client("dynamodb").list_tables()["TableNames"],
        called=f"the tables that there are, in {time}",
        expected=f"one named {table.name}",
        got="none of that name",
        because="shelf() knows a table's name and does not make it; make_table(name) does.",
        look_at=MOTO,
    )
    found = boto3.resource("dynamodb").Table(table.name).scan()["Items"]
    expect(found, [], called=f"the items of the table, in {time}", look_at=TOGETHER)
    own = call(shelf, called=f"shelf(), in {time}")
    expect(
        own.name,
        table.name,
        called=f"the table that the service asks, in {time}",
        because="Some test without the fixture had called shelf() before, and shelf keeps what it made, "
        "the poisoned address with it.",
        look_at=MOTO,
    )
    call(own.put_item, Item={"item_id": "item_1"}, called=f"the service writes, in {time}")
    expect(
        len(table.scan()["Items"]),
        1,
        called=f"the items of the fixture's table, after the service wrote one in {time}",
        because="The service wrote somewhere else.",
        look_at=REACH,
    )


def _after_the_test(shelf: Any, changed: list[str], time: str) -> None:
    expect.that(
        not aws_is_mocked(),
        called=f"after {time}",
        expected="no active mock",
        got="The mock is still running",
        because="moto empties a mock when it starts, and this one never ends: the next test finds "
        "what this one left.",
        look_at=MOTO,
    )
    expect.that(
        not changed,
        called=f"the environment, after {time}",
        expected="as it was before",
        got=f"changed: {', '.join(changed)}",
        because="monkeypatch puts back what it changed when the test is over; os.environ does not.",
        look_at=REACH,
    )
    expect(
        shelf.cache_info().currsize,
        0,
        called=f"the clients that shelf keeps, after {time}",
        because="shelf keeps what it made: the next test gets this one's client, and this one's table.",
        look_at=MOTO,
    )


# 2 ----------------------------------------------------------------------------------------------


def price(
    bags: int,
    lower_from: int = 10,
    least: int = 1,
    most: int = 100,
    error: type[Exception] = ValueError,
) -> int:
    """Cents for so many bags; the further arguments make mutants of it."""
    if not least <= bags <= most:
        raise error(f"from {least} to {most} bags")
    return bags * (711 if bags >= lower_from else 790)


def _lower_beyond_nine(bags: int) -> int:
    return price(bags) if bags < 10 else 9 * 790 + (bags - 9) * 711


def _mutant(**changed: Any) -> Callable[[int], int]:
    return lambda bags: price(bags, **changed)


EDGE = (
    "Two neighbours tell both sides of an edge apart: the last value on this side, and the first on "
    "the other."
)
REFUSAL = (
    "What is refused belongs to what a service does: try both ends, and say which error. The first "
    "error ends a with-block, so give each try a block of its own."
)
PRICES: dict[str, tuple[Callable[[int], int], str]] = {
    "gives the lower price from eleven bags on": (_mutant(lower_from=11), EDGE),
    "gives the lower price from nine bags on": (_mutant(lower_from=9), EDGE),
    "gives the lower price only for the bags beyond nine": (
        _lower_beyond_nine,
        "From ten on, each of them costs less, the first nine too.",
    ),
    "takes an order of no bags": (_mutant(least=0), REFUSAL),
    "takes an order of 101 bags": (_mutant(most=101), REFUSAL),
    "refuses an order of 100 bags": (_mutant(most=99), EDGE),
    "raises LookupError where it should raise ValueError": (
        _mutant(error=LookupError),
        "pytest.raises(Exception) is content with any error, a misspelt name included.",
    ),
}


@chapter.exercise(
    "catch-the-bug",
    title="Catch the bug",
    minutes=12,
    difficulty="medium",
    hints=(
        (
            "Underline every number in the specification, and the word that stands beside it. Which "
            "values lie right at each of them?"
        ),
        (
            "Assert the exact cents on both sides of each edge. For what is refused, pytest.raises "
            "with the one error that is promised."
        ),
        (
            "Ask for 9, 10, 11 and 100 bags with their cents; then for 0 and 101, each in a "
            "with pytest.raises(ValueError) block of its own. List all your tests."
        ),
    ),
)
def check_catch_the_bug(tests: Any) -> None:
    """Green for the right price, and each mutant turns some test red."""
    expect.that(
        isinstance(tests, (list, tuple)) and all(callable(test) for test in tests),
        called='check("catch-the-bug", tests)',
        expected="a list of your tests, which are functions: their names, without brackets",
        got=_kinds(tests),
    )
    calls = trials.recorded(tests, price).calls
    if not tests or calls == [((1,), {})]:
        raise NotAttempted("So far the list holds only the test that was there before.")
    expect.that(
        calls,
        called="your tests, with the right price",
        expected="calls of the price that they are given",
        got="none",
        because="What a test asks of right_price, or of nobody, says nothing about a mutant.",
        look_at=MUTANTS,
    )
    for test in tests:
        trials.must_be_green(test, price, "with the right price", RED_FOR_RIGHT)
    trials.all_must_be_noticed(tests, PRICES, MUTANTS)


def _kinds(tests: Any) -> str:
    if not isinstance(tests, (list, tuple)):
        return f"a value of type {type(tests).__name__}"
    return f"a list of {', '.join(type(test).__name__ for test in tests)}"


# 3 ----------------------------------------------------------------------------------------------


def _kept(event: Any) -> Iterator[tuple[str, int]]:
    for record in event["Records"]:
        photo = record["s3"]["object"]
        yield unquote_plus(photo["key"]), photo["size"]


def keep_photos(event: Any, rows: dict[str, int]) -> None:
    """The name and size of each photo of the event; right."""
    rows.update(_kept(event))


def _reads_more(event: Any, rows: dict[str, int]) -> None:
    """Right as well, for what S3 sends: it looks at what happened, and where."""
    for record in event["Records"]:
        if record["eventName"].startswith("ObjectCreated:") and record["s3"]["bucket"]["name"]:
            keep_photos({"Records": [record]}, rows)


def _raw(event: Any, rows: dict[str, int]) -> None:
    for record in event["Records"]:
        rows[record["s3"]["object"]["key"]] = record["s3"]["object"]["size"]


def _half_decoded(event: Any, rows: dict[str, int]) -> None:
    for record in event["Records"]:
        rows[unquote(record["s3"]["object"]["key"])] = record["s3"]["object"]["size"]


def _plus_only(event: Any, rows: dict[str, int]) -> None:
    for record in event["Records"]:
        rows[record["s3"]["object"]["key"].replace("+", " ")] = record["s3"]["object"]["size"]


def _first_only(event: Any, rows: dict[str, int]) -> None:
    keep_photos({"Records": event["Records"][:1]}, rows)


def _forgets(event: Any, rows: dict[str, int]) -> None:
    rows.clear()
    keep_photos(event, rows)


def _adds_up(event: Any, rows: dict[str, int]) -> None:
    for name, size in _kept(event):
        rows[name] = rows.get(name, 0) + size


def _as_text(event: Any, rows: Any) -> None:
    rows.update({name: str(size) for name, size in _kept(event)})


SPELLING = (
    "A key with nothing special in it reads the same either way. Upload a name with a space, and one "
    "with a plus."
)
KEEPERS: dict[str, tuple[Callable[..., None], str]] = {
    "keeps the name as S3 wrote it": (_raw, SPELLING),
    "decodes the percent signs of a name and not its plus": (_half_decoded, SPELLING),
    "decodes the plus of a name and not its percent signs": (_plus_only, SPELLING),
    "keeps the first record of an event only": (
        _first_only,
        "Records is a list. An event with two of them is a test that one is no rule.",
    ),
    "forgets the photos that were there": (
        _forgets,
        "Not every table is empty when an event comes.",
    ),
    "adds the size once more when an event comes twice": (
        _adds_up,
        "Events are delivered at least once: deliver one twice, and look at the sizes too.",
    ),
    "keeps the size as text": (_as_text, "The row holds a name and a number of bytes."),
}


@chapter.exercise(
    "test-an-event-handler",
    title="Test an event handler",
    minutes=12,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Run the scratch cell and look at the key. Which names would show whether somebody decoded "
            "it, and which would not?"
        ),
        (
            "Build events with shop_events.upload(name, size=…). Join the Records of two, begin with a "
            "row that is there already, deliver twice, compare all of rows."
        ),
        (
            'Names such as "a b.png" and "c+d.png" in one event; rows = {"old.png": 1}; a loop of two '
            "deliveries; one assert with the whole dict."
        ),
    ),
)
def check_test_an_event_handler(test: Any) -> None:
    """Green for two handlers that are right, red for each mutant."""
    expect.that(
        callable(test),
        called='check("test-an-event-handler", test_keep_photos)',
        expected="your test, a function",
        got=f"a value of type {type(test).__name__}",
    )
    events = [given[0] for given, _ in trials.recorded([test], keep_photos).calls if given]
    if [_names(event) for event in events] in ([], [["mill.png"]]):
        raise NotAttempted("So far there is only the event that was there before.")
    trials.must_be_green(test, keep_photos, "with a handler that is right", RED_FOR_RIGHT, EVENTS)
    trials.must_be_green(
        test,
        _reads_more,
        "with a handler that also reads eventName and the bucket",
        "S3 sends both. An event made by hand has what its author thought of; a sample has all of it.",
        EVENTS,
    )
    trials.all_must_be_noticed([test], KEEPERS, EVENTS)


def _names(event: Any) -> list[str] | None:
    try:
        return [record["s3"]["object"]["key"] for record in event["Records"]]
    except (TypeError, KeyError):  # no event at all: the trial itself will say so
        return None


# 4 ----------------------------------------------------------------------------------------------


def report(
    rows: Any,
    now: datetime | None = None,
    *,
    backwards: bool = False,
    late: timedelta = timedelta(),
) -> dict[str, Any]:
    """The day, and the items below five in no promised order; the last two choose which, and when."""
    moment = now or datetime.now() + late
    low = [row["item_id"] for row in rows if row["stock"] < 5]
    return {"day": moment.strftime("%Y-%m-%d"), "low": low[::-1] if backwards else low}


def _other(**changed: Any) -> Callable[..., dict[str, Any]]:
    return lambda rows, now=None: {**report(rows, now), **changed}


def _doubled(rows: Any, now: datetime | None = None) -> dict[str, Any]:
    answer = report(rows, now)
    return {**answer, "low": answer["low"] * 2}


def _all_low(rows: Any, now: datetime | None = None) -> dict[str, Any]:
    return {**report(rows, now), "low": [row["item_id"] for row in rows]}


def _misspelt(rows: Any, now: datetime | None = None) -> dict[str, Any]:
    answer = report(rows, now)
    return {**answer, "low": [f"{item_id}0" for item_id in answer["low"]]}


def _not_the_empty(rows: Any, now: datetime | None = None) -> dict[str, Any]:
    return report([row for row in rows if row["stock"]], now)


BLUNT = "Firm is not blunt: what the test noticed on a good day, it still has to notice."
TWO_LOOKS = (
    "The test looked at the clock, and so did the report, a moment apart. Hand it the moment."
)
LEFT_BEHIND = "Nothing but an earlier run of it has changed: the test left something behind."
REPORTS: dict[str, tuple[Callable[..., dict[str, Any]], str]] = {
    "writes any day it likes": (_other(day="1970-01-01"), BLUNT),
    "lists every item": (_all_low, BLUNT),
    "leaves out what is sold out": (_not_the_empty, BLUNT),
    "names an item twice": (_doubled, BLUNT),
    "names other items": (_misspelt, BLUNT),
}


@chapter.exercise(
    "make-a-flaky-test-firm",
    title="Make a flaky test firm",
    minutes=10,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Three things are not the test's own: the moment, the order, and a list that other tests "
            "see. Find the line of each."
        ),
        (
            "report takes the moment as now. A new list is made with [*ROWS, …]. sorted makes two "
            "orders the same, and keeps what comes twice."
        ),
        (
            "Hand report a list of your own and now=datetime(2026, 3, 2); compare the day with that "
            "day, and sorted of what is low with a list."
        ),
    ),
)
def check_make_a_flaky_test_firm(test: Any) -> None:
    """Green on every day, in every order, again and again; red for each mutant."""
    expect.that(
        callable(test),
        called='check("make-a-flaky-test-firm", test_report)',
        expected="your test, a function",
        got=f"a value of type {type(test).__name__}",
    )
    sizes: list[int] = []
    moments: list[datetime | None] = []

    def watched(rows: Any, now: datetime | None = None) -> dict[str, Any]:
        sizes.append(len(rows))
        moments.append(now)
        return report(rows, now)

    twice = [trials.is_red(test, watched) for _ in range(2)]
    growing = bool(sizes) and sizes[-1] > sizes[0]
    if growing and set(moments) == {None}:
        raise NotAttempted("It still looks at the clock, and adds to a list that all tests share.")
    trials.must_be_green(
        test,
        watched,
        "run once more" if growing or twice == [False, True] else "with a report that is right",
        LEFT_BEHIND if growing else RED_FOR_RIGHT,
        TOGETHER,
    )
    trials.must_be_green(
        test,
        lambda rows, now=None: report(rows, now, backwards=True),
        "when the items come in another order",
        "Nobody promised an order: a scan has none.",
    )
    _must_be_green_at_midnight(test)
    trials.all_must_be_noticed([test], REPORTS, MUTANTS)
    trials.must_be_green(
        test,
        watched,
        "run once more after it was red",
        "What stands behind an assertion that fails is not run, so nothing is tidied up there.",
        TOGETHER,
    )


def _must_be_green_at_midnight(test: Any) -> None:
    """Midnight strikes once, right before the report looks at the clock, or right after."""
    midnight = "when midnight strikes between two lines"
    for strikes in ("before", "after"):
        with striking_clock(test) as clock:

            def looked(
                rows: Any, now: datetime | None = None, clock: Any = clock, at: str = strikes
            ) -> dict[str, Any]:
                if at == "before":
                    clock.strike()
                answer = report(rows, now or clock.now())
                clock.strike()
                return answer

            trials.must_be_green(test, looked, midnight, TWO_LOOKS, TOGETHER)
    if not clock.asked:  # by the test, of any clock that can be moved
        tomorrow = timedelta(days=1)
        trials.must_be_green(
            test, lambda rows, now=None: report(rows, now, late=tomorrow), midnight, TWO_LOOKS
        )
