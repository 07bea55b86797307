"""Chapter 09, deploy: its metadata, and the hints and checks of its exercises.

Nothing is deployed here: a deployment takes seconds, and a check has to answer at once. The checks
look at what a release answers, at the order in which a rollback does things, and at an in-process
AWS before and after a teardown.
"""

from __future__ import annotations

import os
from typing import Any
from unittest import mock

import boto3

from workbook.check import Chapter, NotAttempted, call, expect
from workbook.lessons.fixtures import AppClient, client

chapter = Chapter("deploy", title="Deploy", minutes=55)

FIRST = 'chapter 09, section "See it work: two commands"'
MAP = 'chapter 09, section "What did that make?"'
CHANGE = 'chapter 09, section "A change, while customers call"'
BROKEN = 'chapter 09, section "Break it and read the message"'
BACK = 'chapter 09, section "The way back"'
DELETE = 'chapter 09, section "Take it away, and prove it"'


# 1 ----------------------------------------------------------------------------------------------

ALL_OF_THEM = "The handlers share one zip, and Chalice sends it to every function at each deploy."
PLAN = {
    "one line in one view: functions updated": (8, ALL_OF_THEM, CHANGE),
    "nothing changed at all: functions updated": (8, ALL_OF_THEM, CHANGE),
    "app.py imports a file that is missing: functions updated": (
        0,
        "Chalice imports app.py before it calls AWS, and stops there.",
        BROKEN,
    ),
    "app.py imports a package that only this laptop has: functions updated": (
        8,
        "It imports here, so the zip is sent; the functions fail when they start.",
        BROKEN,
    ),
    "a fifth table in resources.yaml, chalice deploy only: tables made": (
        0,
        "Chalice never reads resources.yaml; stage.py hands it to CloudFormation.",
        MAP,
    ),
    "chalice delete: tables deleted": (
        0,
        "Chalice deletes what it made, and the stack's tables are not among it.",
        DELETE,
    ),
}


@chapter.exercise(
    "read-the-deploy-plan",
    title="What will this touch?",
    minutes=5,
    difficulty="easy",
    hints=(
        "Which command reads which file? And how many zips do eight functions have?",
        "Look at the chapter's second deploy: one model had changed. What was counted there?",
        (
            "Chalice imports the app first, then updates every function, whatever changed. Of tables "
            "it knows nothing."
        ),
    ),
)
def check_read_the_deploy_plan(touched: Any) -> None:
    """Every number is what the chapter's deployments showed."""
    expect.that(
        isinstance(touched, dict) and set(touched) == set(PLAN),
        called='check("read-the-deploy-plan", touched)',
        expected=f"a dict with the keys {', '.join(PLAN)}",
        got=f"a value of type {type(touched).__name__}"
        if not isinstance(touched, dict)
        else f"the keys {', '.join(map(str, touched))}",
    )
    if any(number is ... for number in touched.values()):
        raise NotAttempted("There are still three dots where a number should be.")
    for case, (number, because, look_at) in PLAN.items():
        expect(touched[case], number, called=f"touched[{case!r}]", because=because, look_at=look_at)


# 2 ----------------------------------------------------------------------------------------------

OLD = {"name": "Espresso beans", "price": 4.2}
STAGES = (("staging", "7"), ("prod", "6"))


@chapter.exercise(
    "ship-a-route",
    title="Ship a route",
    minutes=10,
    difficulty="medium",
    hints=(
        (
            "Who still reads price while release 2 goes live? And where does a function learn which "
            "stage it is?"
        ),
        (
            "Add to the item, take nothing away. The stage and the release are in os.environ; read "
            "them inside the view."
        ),
        (
            'Beside "price" put "price_cents": 420. The new view returns a dict of '
            'os.environ["STAGE"] and int(os.environ["RELEASE"]).'
        ),
    ),
)
def check_ship_a_route(app: Any) -> None:
    """Old readers find what they read before, new ones find more, and each stage says its own."""
    with client(app) as http:
        item = _get(http, "/items/item_1")
        release = http.get("/release")
        if item == OLD and release.status == 403:
            raise NotAttempted("The app is still release 1.")
        _old_readers(item)
        cents = item.get("price_cents")
        expect(
            cents if type(cents) is int else repr(cents),
            420,
            called='GET /items/item_1: "price_cents"',
            because="Cents are whole numbers: an int, beside the price that old callers read.",
            look_at=CHANGE,
        )
        for stage, number in STAGES:
            _tells_its_release(http, stage, number)
        missing = http.get("/items/item_9")
        expect(
            missing.status,
            404,
            called="GET /items/item_9",
            because="What release 1 refused, release 2 refuses as well.",
        )


def _get(http: AppClient, path: str) -> Any:
    answer = http.get(path)
    expect.that(
        answer.status == 200 and isinstance(answer.body, dict),
        called=f"GET {path}",
        expected="200 and an object",
        got=answer.got,
        because=answer.line,
    )
    return answer.body


def _old_readers(item: dict[str, Any]) -> None:
    for key, value in OLD.items():
        expect(
            item.get(key),
            value,
            called=f'GET /items/item_1: "{key}", which callers of release 1 read',
            because="Both releases are live for a while, and callers change later than you do: "
            "add a field, and drop the old one when nobody reads it.",
            look_at=CHANGE,
        )


def _tells_its_release(http: AppClient, stage: str, number: str) -> None:
    with mock.patch.dict(os.environ, {"STAGE": stage, "RELEASE": number}):
        answer = http.get("/release")
    expect.that(
        (answer.status, answer.body) == (200, {"stage": stage, "release": int(number)}),
        called=f"GET /release, with STAGE={stage} and RELEASE={number} in the environment",
        expected=f"200 {{'stage': {stage!r}, 'release': {number}}}",
        got=answer.got,
        because="One code base serves all stages: what differs comes from each function's "
        "environment, where everything is text.",
        look_at='chapter 09, section "Two stages side by side"',
    )


# 3 ----------------------------------------------------------------------------------------------

OTHERS = (
    *(f"archive-{number:03}" for number in range(101)),  # more than a page before the stage's own
    "old-shop-dev-items",  # its name holds the prefix, and does not begin with it
    "shop-development-items",
    "shop-prod-items",
)
OTHER_BUCKETS = ("old-shop-dev-uploads", "shop-prod-uploads")
OTHER_QUEUES = ("old-shop-dev-orders", "shop-prod-orders")
PREFIX = "shop-dev-"


@chapter.exercise(
    "leave-nothing-behind",
    title="Leave nothing behind",
    minutes=10,
    difficulty="medium",
    hints=(
        (
            "Three kinds of things, and each must be found before it is deleted. What does S3 say of "
            "a bucket that holds something?"
        ),
        (
            "list_tables answers with a hundred names at most: a paginator goes on, as in chapter 04. "
            "Compare each name with startswith(prefix), the dash included."
        ),
        (
            'boto3.resource("s3").Bucket(name).objects.all().delete() empties a bucket. At the end '
            "list everything again, and return what is still there."
        ),
    ),
)
def check_leave_nothing_behind(tear_down: Any) -> None:
    """The stage's things go, everybody else's stay, and a second run finds nothing."""
    _make_a_stage()
    called = f"tear_down({PREFIX!r})"
    answer = call(tear_down, PREFIX, called=called)
    left = _named(PREFIX)
    if answer is None and len(left) == 5:
        raise NotAttempted("tear_down deletes nothing yet.")
    expect(
        left,
        [],
        called=f"what is named {PREFIX}…, after {called}",
        because=_why_left(left),
        look_at=DELETE,
    )
    _others_are_whole()
    expect(
        answer,
        [],
        called=called,
        because="It returns what is left when AWS is asked after the deletion: nothing, here.",
        look_at=DELETE,
    )
    expect(
        call(tear_down, PREFIX, called=f"{called}, a second time"),
        [],
        called=f"{called}, a second time",
        because="A teardown that was interrupted is run again, and so is one that was not.",
    )
    _says_what_stays(tear_down)


def _make_a_stage() -> None:
    s3, tables, sqs = (boto3.client(name) for name in ("s3", "dynamodb", "sqs"))
    for name in (*OTHERS, "shop-dev-items", "shop-dev-orders"):
        _table(tables, name)
    for name in ("shop-dev-uploads", "shop-dev-reports", *OTHER_BUCKETS):
        s3.create_bucket(Bucket=name)
        s3.put_object(Bucket=name, Key="photos/mill.png", Body=b"x")
    for name in ("shop-dev-orders", *OTHER_QUEUES):
        sqs.create_queue(QueueName=name)


def _table(tables: Any, name: str) -> None:
    tables.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def _named(prefix: str) -> list[str]:
    pages = boto3.client("dynamodb").get_paginator("list_tables").paginate()
    tables = [f"table {name}" for page in pages for name in page["TableNames"]]
    buckets = [f"bucket {each['Name']}" for each in boto3.client("s3").list_buckets()["Buckets"]]
    urls = boto3.client("sqs").list_queues().get("QueueUrls", [])
    queues = [f"queue {url.rpartition('/')[2]}" for url in urls]
    return sorted(
        each for each in (*tables, *buckets, *queues) if each.split(" ")[1].startswith(prefix)
    )


def _why_left(left: list[str]) -> str:
    if any(each.startswith("table") for each in left):
        return "list_tables answers with a hundred names at most; the others are on the next page."
    return "Each of them costs money or holds somebody's data, and no command mentions it again."


def _others_are_whole() -> None:
    others = [
        *(f"table {name}" for name in OTHERS),
        *(f"bucket {name}" for name in OTHER_BUCKETS),
        *(f"queue {name}" for name in OTHER_QUEUES),
    ]
    there = _named("")
    gone = [each for each in others if each not in there]
    expect(
        gone,
        [],
        called=f"what else was deleted by tear_down({PREFIX!r})",
        because="Another stage's name begins alike, or holds the prefix somewhere. Only what begins "
        "with the whole prefix is ours.",
        look_at=DELETE,
    )


def _says_what_stays(tear_down: Any) -> None:
    """A queue that AWS refuses to delete: the answer must name it, and not claim success."""
    boto3.client("sqs").create_queue(QueueName="shop-dev-stuck")
    with mock.patch("moto.sqs.models.SQSBackend.delete_queue", lambda *_, **__: None):
        answer = call(tear_down, PREFIX, called="tear_down, with a queue that stays")
    expect.that(
        isinstance(answer, list) and any("shop-dev-stuck" in str(each) for each in answer),
        called="tear_down, with a queue that stays although AWS answered 200",
        expected="a list that names shop-dev-stuck",
        got=repr(answer),
        because="An empty list that nobody asked AWS for proves nothing: list again after deleting.",
        look_at=DELETE,
    )


# 4 ----------------------------------------------------------------------------------------------


class Cloud:
    """Stands for a stage: knows which release is live, and what was done to it in what order."""

    def __init__(self, *sick: str, deaf: bool = False, fails: str = "") -> None:
        self.live = "r1"
        self.steps: list[str] = []
        self.errors: list[Exception] = []
        self._sick, self._deaf, self._fails = sick, deaf, fails

    def deploy(self, release: Any) -> None:
        """Make a release live; one that fails is live all the same, in half of the functions."""
        self.live = str(release)
        self.steps.append(f"deploy {release}")
        if release == self._fails:
            raise self.raised(ConnectionError("the connection was lost half way"))

    def healthy(self) -> bool:
        """Look at what is live."""
        self.steps.append("look")
        if self.live in self._sick and self._deaf:
            raise self.raised(TimeoutError("nobody answers"))
        return self.live not in self._sick

    def raised(self, error: Exception) -> Exception:
        """Remember an error, so that it is known again when the learner's code lets it through."""
        self.errors.append(error)
        return error


@chapter.exercise(
    "roll-back",
    title="Roll back",
    minutes=12,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Three things can go wrong: the deploy raises, the look says no, the look raises. What "
            "is live after each of them?"
        ),
        (
            "Put deploy(new) and healthy() into one try. Whatever happens there except a yes leads "
            "to the same two lines: the way back."
        ),
        (
            "After deploy(live), look again; a stage that is sick even then needs a person: raise "
            "RuntimeError. Otherwise return live."
        ),
    ),
)
def check_roll_back(ship: Any) -> None:
    """A good release stays, a bad one goes, however it shows, and what is live is looked at."""
    good = ["deploy r2", "look"]
    back = ["deploy r2", "look", "deploy r1", "look"]
    if _is_the_starter(ship):
        raise NotAttempted("ship still deploys, and never looks.")
    _ships(
        ship,
        "a good release",
        Cloud(),
        "r2",
        good,
        "Deploy, then look: a deploy is a success when the code has arrived, not when it runs.",
    )
    _ships(
        ship,
        "a release whose health says no",
        Cloud("r2"),
        "r1",
        back,
        "A sick release goes, and what was put back is looked at like any other release.",
    )
    _ships(
        ship,
        "a release that nobody answers for",
        Cloud("r2", deaf=True),
        "r1",
        back,
        "healthy() raises when nobody answers: that is a no, and no reason to leave.",
    )
    _ships(
        ship,
        "a deploy that breaks off half way",
        Cloud(fails="r2"),
        "r1",
        ["deploy r2", "deploy r1", "look"],
        "Half of the functions are new, half are old: the way back is to deploy the last good one.",
    )
    _asks_for_a_person(ship)


def _is_the_starter(ship: Any) -> bool:
    sick, broken = Cloud("r2"), Cloud(fails="r2")
    try:
        ship("r2", "r1", sick.deploy, sick.healthy)
        ship("r2", "r1", broken.deploy, broken.healthy)
    except ConnectionError:
        return sick.steps == broken.steps == ["deploy r2"]
    except Exception:  # noqa: BLE001 - the check proper reports it, with its line
        return False
    return False


def _ships(ship: Any, title: str, cloud: Cloud, live: str, steps: list[str], because: str) -> None:
    called = f"ship('r2', 'r1', deploy, healthy), {title}"
    answer = call(_caught(ship, cloud), "r2", "r1", cloud.deploy, cloud.healthy, called=called)
    expect.that(
        answer not in cloud.errors,
        called=called,
        expected=f"{live!r}, after the steps {steps}",
        got=f"{answer!r}, let through after the steps {cloud.steps}",
        because=because,
        look_at=BACK,
    )
    expect(cloud.steps, steps, called=f"{called}: the steps", because=because, look_at=BACK)
    expect(
        answer, live, called=called, because="It returns the release that is live.", look_at=BACK
    )


def _caught(ship: Any, cloud: Cloud) -> Any:
    """As ship; an error of the cloud's that it lets through is its answer."""

    def caught(*arguments: Any) -> Any:
        try:
            return ship(*arguments)
        except OSError as error:
            if error in cloud.errors:
                return error
            raise

    return caught


def _asks_for_a_person(ship: Any) -> None:
    cloud = Cloud("r1", "r2")
    try:
        answer = ship("r2", "r1", cloud.deploy, cloud.healthy)
    except RuntimeError:
        return
    except Exception as error:  # noqa: BLE001 - a learner's code may raise anything
        answer = f"{type(error).__name__}: {error}"
    expect.that(
        False,
        called="ship('r2', 'r1', deploy, healthy), when r1 is sick as well",
        expected="RuntimeError",
        got=repr(answer),
        because="When the way back does not help either, a person has to know it.",
        look_at=BACK,
    )
