"""The workbook's plan: its parts, and every chapter's place and gain, written or still to come.

What is written has a notebook and stands in the catalogue; the map shows both. Numbers come from
the notebooks' names, so that this list holds no number twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Planned:
    """One chapter of the plan.

    Attributes:
        slug: its stable name.
        title: as on the map.
        gain: what the shop's service or its reader has afterwards, in a few words.
    """

    slug: str
    title: str
    gain: str


@dataclass(frozen=True)
class Part:
    """One part of the workbook: its title, a sentence, its chapters in reading order."""

    title: str
    says: str
    chapters: tuple[Planned, ...]


PARTS = (
    Part(
        "Build",
        "from one route to a service with data and events",
        (
            Planned("start-here", "Start here", "a sound place to learn in"),
            Planned("servers-to-functions", "Servers to functions", "what runs, and when"),
            Planned("routes-and-decorators", "Routes and decorators", "items over HTTP"),
            Planned("requests-validation-errors", "Requests and errors", "bad input refused"),
            Planned("state-in-dynamodb", "State in DynamoDB", "stock that lasts"),
            Planned("events", "Events", "photos, orders, a nightly report"),
            Planned("blueprints-and-stages", "Blueprints and stages", "room to grow"),
        ),
    ),
    Part(
        "Trust",
        "proof that it works, and only for those who may",
        (
            Planned("testing-with-moto", "Testing", "tests that can fail"),
            Planned("identity-and-secrets", "Identity and secrets", "tokens, least privilege"),
        ),
    ),
    Part(
        "Deliver",
        "from a commit to something that runs",
        (
            Planned("deploy", "Deploy", "shipped, changed, torn down"),
            Planned("infrastructure-as-code", "Infrastructure as code", "templates, no drift"),
            Planned("pipelines", "Pipelines", "every step automatic"),
        ),
    ),
    Part(
        "Run",
        "what it costs, how fast it is, what went wrong",
        (
            Planned("cold-starts-and-cost", "Cold starts and cost", "faster, and cheaper"),
            Planned("observability", "Observability", "one order followed through"),
        ),
    ),
    Part(
        "Decide",
        "when to use all this, and when not",
        (
            Planned("trade-offs", "Trade-offs", "five cases decided"),
            Planned("capstone", "Capstone", "a service of your own"),
        ),
    ),
)


def numbers(notebooks: Path) -> dict[str, str]:
    """Chapter slug to the number that its notebook has now: ``{"start-here": "00"}``."""
    found = (path.stem.partition("_") for path in sorted(notebooks.glob("[0-9]*_*.ipynb")))
    return {slug: number for number, _, slug in found}
