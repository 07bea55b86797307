"""Chapter 01, servers to functions: its metadata, and the hints and checks of its exercises.

`environment_scenarios` plays what is to be predicted, `rival_visitor` makes two visitors meet;
what wrong decisions give away stands beside the decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workbook.check import Chapter, NotAttempted, call, expect
from workbook.lessons import http_answers, rival_visitor
from workbook.lessons.environment_scenarios import Crowd, Night, environments_started
from workbook.lessons.fixtures import Answer, AppClient, client

chapter = Chapter("servers-to-functions", title="From a server to functions", minutes=40)

FUNCTION = 'chapter 01, section "The same pages, as a function"'
ONE_REQUEST = 'chapter 01, section "One environment, one request"'
FIVE = 'chapter 01, section "Five at once"'
CRASH = 'chapter 01, section "A crash"'
LIMIT = 'chapter 01, section "Until the limit is met"'
NOBODY = 'chapter 01, section "Nobody comes"'
LUCK = 'chapter 01, section "Memory by luck"'
OUTSIDE = 'chapter 01, section "Memory outside"'
COSTS = 'chapter 01, section "What it costs"'
PRACTICE = 'chapter 01, section "In practice"'


# 1 ----------------------------------------------------------------------------------------------

# Each scene: how many environments it starts, where to look, and what goes wrong in thought.
_SCENES = {
    "one by one": (
        environments_started((Crowd(1),) * 6),
        FUNCTION,
        "Each request came after the one before was answered, and found an environment that waits.",
    ),
    "a crowd": (
        environments_started((Crowd(4),)),
        FIVE,
        "An environment takes one request at a time, so requests at the same time share none.",
    ),
    "two crowds": (
        environments_started((Crowd(4), Crowd(6))),
        FIVE,
        "The second crowd finds warm environments; only who finds none gets a new one.",
    ),
    "a crash": (
        environments_started((Crowd(3, crashes=1), Crowd(3))),
        CRASH,
        "A crash takes away the environment of that one request, and leaves the others warm.",
    ),
    "overnight": (
        environments_started((Crowd(4), Night(), Crowd(2))),
        NOBODY,
        "In the morning nothing is warm any more. Counted is what was started in all.",
    ),
    "a limit": (
        environments_started((Crowd(8),), account_limit=5),
        LIMIT,
        "Who is refused gets no environment: a refusal is all that they get.",
    ),
}


@chapter.exercise(
    "predict-environments",
    title="Predict the environments",
    minutes=6,
    difficulty="easy",
    hints=(
        (
            "Draw a box for each environment and put the requests into boxes. A box holds one at a "
            "time; when is it free again? The section on five at once has the picture."
        ),
        (
            "For each wave of requests: how many come, and how many boxes are warm and free? Only "
            "the difference is started. A crash and a night take boxes away."
        ),
        (
            "In the two crowds the second wave brings two more than are warm. After the crash one "
            "is missing. After the night all are. Under the limit nothing grows past it."
        ),
    ),
)
def check_predict_environments(predicted: Any) -> None:
    """Every scene's number is the number that the local cloud's own bookkeeping gives."""
    answers = _answers(predicted, list(_SCENES), "predicted", "a whole number")
    for scene, (started, look_at, because) in _SCENES.items():
        got = answers[scene]
        right = type(got) is int and got == started
        expect.that(
            right,
            called=f"the scene {scene!r}",
            got=repr(got),
            expected=_direction(got, started),
            because=because,
            look_at=look_at,
        )


def _direction(got: Any, started: int) -> str:
    """What a wrong prediction should have been, without giving the number away."""
    if type(got) is not int:
        return "a whole number"
    return "more than that" if got < started else "fewer than that"


def _answers(given: Any, names: list[str], name: str, kind: str) -> Mapping[str, Any]:
    """The learner's dict, complete."""
    expect.that(
        isinstance(given, Mapping),
        called=f"check(…, {name})",
        expected=f"a dict with {kind} for each name",
        got=f"a value of type {type(given).__name__}",
    )
    if any(given.get(each) is ... for each in names):
        raise NotAttempted("A value is still three dots.")
    missing = [each for each in names if each not in given]
    expect.that(
        not missing,
        called=f"check(…, {name})",
        expected=f"{kind} for each of the {len(names)} names",
        got=f"none for {', '.join(missing)}",
    )
    found: Mapping[str, Any] = given
    return found


# 2 ----------------------------------------------------------------------------------------------

PRICES = {"beans": 12, "filters": 4, "jug": 19}
_GLOBAL_NAME = (
    "This request names nobody, and yet somebody's name came back: it was left in a global by a "
    "request before, in the same environment."
)
_KEPT_ITEMS = (
    "There are items in the answer that this request did not send: a list that is made once (a "
    "global, or a default argument) is the same list for every request of the environment."
)
_ONE_CUSTOMER_TWICE = (
    "The same customer sent a second basket, and the first was still in it. A basket is what its "
    "request sends; what an environment remembers of it is there by luck."
)
_TOO_FEW = (
    "Something that this request did send is not in its answer. That two of a kind come back as "
    "one is no leak mended: the same item may well be there twice."
)
_NO_TEAPOT = (
    "There is no teapot in PRICES, and it is the request that asks for one: 400 (BadRequestError)."
)
_NO_NAME = "Not every customer says who they are: for those the name is guest."
_AFTER_ERROR = (
    "The request before was refused, and left something behind. Tidying up at the end of a view "
    "does not happen when it raises."
)


@chapter.exercise(
    "find-the-leak",
    title="Find the leak",
    minutes=10,
    difficulty="medium",
    hints=(
        (
            "Run the scratch cell and follow one word that is wrong: where was it stored, and when "
            "was that place made: with each request, or when the file was imported?"
        ),
        (
            "Two places outlive a request. One is a module's variable that a view assigns to. The "
            "other is made once, when Python reads a def line: look between its parentheses."
        ),
        (
            "The name's fallback is the word guest, not whatever the last customer was called. The "
            "list begins empty inside of the function, with each call."
        ),
    ),
)
def check_find_the_leak(app: Any) -> None:
    """Every answer is made of its own request, whoever came before, refused ones too."""
    with client(app) as http:
        if not app.routes:
            raise NotAttempted("The app has no route: run the cell with its view.")
        first = [_send(http, ["beans"], "Ana"), _send(http, ["filters"], None)]
        if _both_leak(first[1]):
            raise NotAttempted("The app behaves as it did: a customer still sees another's basket.")
        _judge(first[0], ["beans"], "Ana")
        _judge(first[1], ["filters"], None)
        _basket(http, ["beans", "beans"], "Ana", because=_ONE_CUSTOMER_TWICE)
        _basket(http, ["jug"], "Ana", because=_ONE_CUSTOMER_TWICE)
        _refused(http)
        _basket(http, ["beans"], None, because=_AFTER_ERROR)
        _basket(http, [], None)


def _basket(http: AppClient, items: list[str], customer: str | None, because: str = "") -> None:
    _judge(_send(http, items, customer), items, customer, because)


def _body(items: list[str], customer: str | None) -> dict[str, Any]:
    return {"items": items} if customer is None else {"customer": customer, "items": items}


def _send(http: AppClient, items: list[str], customer: str | None) -> Answer:
    return http_answers.ask(http, "POST", "/basket", _body(items, customer))


def _judge(answer: Answer, items: list[str], customer: str | None, because: str = "") -> None:
    called = f"POST /basket {_body(items, customer)}"
    total = sum(PRICES[item] for item in items)
    wanted = {"customer": customer or "guest", "items": items, "total": total}
    unnamed = _NO_NAME if answer.error == "KeyError: 'customer'" else ""
    http_answers.answers(answer, 200, called, unnamed, LUCK)
    why = _TOO_FEW if _lost(answer, items) else because or _leaked(answer, wanted)
    http_answers.has_body(answer, wanted, called, why, LUCK)


def _leaked(answer: Answer, wanted: Mapping[str, Any]) -> str:
    if not isinstance(answer.body, dict):
        return ""
    if answer.body.get("customer") != wanted["customer"]:
        return _GLOBAL_NAME
    return _KEPT_ITEMS if answer.body.get("items") != wanted["items"] else ""


def _lost(answer: Answer, sent: list[str]) -> bool:
    """Whether the answer has fewer items than the request had."""
    items = answer.body.get("items") if isinstance(answer.body, dict) else None
    return isinstance(items, list) and len(items) < len(sent)


def _refused(http: AppClient) -> None:
    sent = {"customer": "Ben", "items": ["jug", "teapot"]}
    answer = http_answers.ask(http, "POST", "/basket", sent)
    called = f"POST /basket {sent}"
    http_answers.answers(answer, 400, called, _NO_TEAPOT, LUCK)
    http_answers.message_names(answer, "teapot", called)


def _both_leak(guest: Answer) -> bool:
    """Whether a guest is called Ana and has what Ana had, as the starter has it."""
    body = guest.body if isinstance(guest.body, dict) else {}
    items = body.get("items")
    return body.get("customer") == "Ana" and isinstance(items, list) and len(items) > 1


# 3 ----------------------------------------------------------------------------------------------

_IN_MEMORY = (
    "Another environment has counted five visitors in the meantime. A number kept in a global of "
    "this one knows nothing of that."
)
_LOST = (
    "Another environment counted between your read and your write, and your write put the older "
    "number back: one visitor is lost. Let the table add, or write on condition that nothing changed."
)
_NUMBER_BEFORE = (
    "That is the number from before this visitor was counted. update_item hands back what "
    "ReturnValues asks for: UPDATED_OLD is the number before, UPDATED_NEW the one it has made."
)
_NO_NUMBER = (
    "update_item hands back no number unless it is asked to: ReturnValues. The number is below "
    "Attributes, under its name."
)
_SAME_NUMBER = (
    "Another visitor was counted after you and before you read the number back, so two visitors "
    "are told the same one. update_item can hand back the number it has made: ReturnValues."
)


@chapter.exercise(
    "counter-that-is-right",
    title="A counter that is right",
    minutes=10,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Two environments may run your code line by line at the same time. Between which two of "
            "your lines must the other one not come?"
        ),
        (
            "DynamoDB's update_item can add to a number without telling it first, creates the row "
            "if need be, and answers with the new value when asked. The chapter has it for the client."
        ),
        (
            "Key, UpdateExpression with ADD, ExpressionAttributeValues with a plain 1, ReturnValues "
            "UPDATED_NEW; the number is below Attributes. A table resource takes Python's own values."
        ),
    ),
)
def check_counter_that_is_right(count_visit: Any) -> None:
    """Every visitor gets a number of their own, whoever counts at the same time."""
    table = rival_visitor.make_table()

    def visit() -> Any:
        return call(count_visit, table, called="count_visit(table)")

    for number in (1, 2, 3):
        _answers_visitor(visit(), number)
        _stands(number, f"the table after visitor {number}", "")
    rival_visitor.count(5)
    called = "count_visit(table), after five visitors of another environment"
    expect(visit(), 9, called=called, because=_IN_MEMORY, look_at=OUTSIDE)
    _stands(9, f"the table after {called}", _IN_MEMORY)
    for before in (False, True):
        _meets(table, visit, before=before)


def _answers_visitor(got: Any, number: int) -> None:
    """One visitor alone is told the number that the table then holds."""
    because = _NO_NUMBER if not isinstance(got, int | Decimal) else ""
    if got == number - 1:
        because = _NUMBER_BEFORE
    expect(
        got,
        number,
        called=f"count_visit(table), visitor {number}",
        because=because,
        look_at=OUTSIDE,
    )


def _meets(table: Any, visit: Any, *, before: bool) -> None:
    stood = int(rival_visitor.counted())
    with rival_visitor.at_the_first_read(table, before=before) as rivals:
        mine = visit()
    called = "count_visit(table), while another environment counts too"
    visitors = 1 + len(rivals)
    _stands(stood + visitors, f"the table after {called}", _LOST)
    free = [number for number in range(stood + 1, stood + 1 + visitors) if number not in rivals]
    expect.that(
        mine in free,
        called=called,
        got=repr(mine),
        expected=f"{free[0]}, since the other visitor has the other number",
        because=_SAME_NUMBER,
        look_at=OUTSIDE,
    )


def _stands(number: int, called: str, because: str) -> None:
    counted = rival_visitor.counted()
    expect.that(
        counted == number,
        called=called,
        got=f"visits is {counted}" if counted is not None else "no row with visits",
        expected=f"visits is {number}",
        because=because,
        look_at=OUTSIDE,
    )


# 4 ----------------------------------------------------------------------------------------------

VERDICTS = ("fits", "too long", "too big", "remembers", "never idle")
_FACTS = {
    "thumbnails": (
        "fits",
        COSTS,
        (
            "Two seconds each, 170 at once at most, and nothing at all on other days: a function grows "
            "to that, and costs nothing in between."
        ),
    ),
    "nightly report": (
        "fits",
        PRACTICE,
        (
            "Four minutes are long for a web page and short for a function: it may run 15. For the rest "
            "of the day it costs nothing."
        ),
    ),
    "film": ("too long", PRACTICE, "Forty minutes: no function may run for more than 15."),
    "chess": (
        "remembers",
        LUCK,
        (
            "Both players must reach the same process, which holds their game in memory. Nothing "
            "decides which environment gets a request."
        ),
    ),
    "price feed": (
        "never idle",
        COSTS,
        (
            "400 requests in a second, day and night, are a thousand million in a month. There is no "
            "waiting that a function could save you; put the figures into the slider's formula."
        ),
    ),
    "archive": (
        "too big",
        PRACTICE,
        "What Chalice answers holds 6 MB at most, for it does not stream. These are 40.",
    ),
}


@chapter.exercise(
    "does-it-fit",
    title="Does it fit?",
    minutes=6,
    difficulty="easy",
    optional=True,
    hints=(
        (
            "For each workload ask in turn: how long, how large, does it remember, does it ever "
            "wait? The chapter's last sections have the limits."
        ),
        (
            "A function runs for 15 minutes at most and answers with 6 MB at most; it keeps nothing "
            "for sure; and it is paid for by the call. One of these decides each case."
        ),
        (
            "Two of the six fit. Bursts are no obstacle, nor is one run a night. Each of the four "
            "other verdicts is used once."
        ),
    ),
)
def check_does_it_fit(decided: Any) -> None:
    """Each workload gets the verdict that its own facts give."""
    answers = _answers(decided, list(_FACTS), "decided", "a verdict")
    for workload, (verdict, look_at, because) in _FACTS.items():
        got = answers[workload]
        known = isinstance(got, str) and got in VERDICTS
        expect.that(
            known,
            called=f"decided[{workload!r}]",
            got=repr(got),
            expected=f"one of {', '.join(VERDICTS)}",
        )
        expect.that(
            got == verdict,
            called=f"decided[{workload!r}]",
            got=repr(got),
            expected="another verdict",
            because=because,
            look_at=look_at,
        )
