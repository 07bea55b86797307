"""How full queues are, drawn: a square for each message.

A pure view over two numbers a queue; `queue_levels` asks a running cloud for them. Looking takes no
message out and counts as no receive.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any, Protocol

MOST_SQUARES = 40


class Cloud(Protocol):
    """What is asked of a cloud."""

    def client(self, service: str) -> Any: ...


@dataclass(frozen=True)
class Level:
    """One queue at one moment.

    Attributes:
        name: the queue's.
        waiting: messages that a reader would get now.
        hidden: messages that a reader has, or that come back later.
    """

    name: str
    waiting: int
    hidden: int

    @property
    def words(self) -> str:
        """The level in words."""
        if not self.waiting + self.hidden:
            return "empty"
        waiting = f"{self.waiting} waiting"
        return f"{waiting}, {self.hidden} with a reader" if self.hidden else waiting

    @property
    def squares(self) -> str:
        """The level drawn; what does not fit is left to the words."""
        return ("■" * self.waiting + "□" * self.hidden)[:MOST_SQUARES]


@dataclass(frozen=True)
class QueueLevels:
    """Several queues at one moment."""

    levels: tuple[Level, ...]

    def __repr__(self) -> str:
        width = max((len(level.name) for level in self.levels), default=0)
        return "\n".join(
            f"{one.name:{width}}  {f'{one.squares} ' if one.squares else ''}{one.words}"
            for one in self.levels
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{html.escape(one.name)}</th>'
            f'<td aria-hidden="true">{one.squares}</td><td>{one.words}</td></tr>'
            for one in self.levels
        )
        return f'{STYLE}<table class="wb-queues"><tbody>{rows}</tbody></table>'


def queue_levels(cloud: Cloud, *names: str) -> QueueLevels:
    """How full these queues are now.

    Args:
        cloud: a LocalCloud.
        names: of queues that exist.
    """
    sqs = cloud.client("sqs")
    return QueueLevels(tuple(_level(sqs, name) for name in names))


def _level(sqs: Any, name: str) -> Level:
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    hidden = ("ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
    return Level(
        name,
        int(attributes["ApproximateNumberOfMessages"]),
        sum(int(attributes[each]) for each in hidden),
    )


STYLE = (
    "<style>"
    ".wb-queues.wb-queues{margin:.4em 0;border-collapse:separate;border-spacing:0 .25em;"
    "color:var(--jp-ui-font-color1,inherit)}"
    ".wb-queues.wb-queues :is(th,td){text-align:left;padding:.3em .8em;font-size:inherit}"
    ".wb-queues.wb-queues tbody tr:nth-child(n){background:var(--jp-layout-color2,#8882)}"
    ".wb-queues.wb-queues td:nth-child(2){font-size:1.4em;line-height:1;letter-spacing:.15em;"
    "overflow-wrap:anywhere;"
    "color:var(--jp-brand-color1,#1f6bc9)}"
    "</style>"
)
