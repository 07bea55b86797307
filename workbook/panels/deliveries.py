"""What a function did, delivery by delivery: what it said, and how each delivery ended.

A pure view over a function's log. `deliveries` reads the log of a running cloud; nothing here
knows which service delivered: an upload, a batch of messages and a schedule look the same.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

GOOD, BAD = "#1c7a43", "#b8403a"  # seen beside words, never alone


class Cloud(Protocol):
    """What is asked of a cloud."""

    def client(self, service: str) -> Any: ...


@dataclass(frozen=True)
class Delivery:
    """One invocation.

    Attributes:
        said: the lines that the function printed.
        failure: what it raised, in one line; empty when it ended well.
    """

    said: tuple[str, ...]
    failure: str = ""

    @property
    def end(self) -> str:
        """How it ended, in words."""
        return f"failed: {self.failure}" if self.failure else "done"


@dataclass(frozen=True)
class Deliveries:
    """All deliveries to one function, in the order in which they began.

    Attributes:
        function: its name.
        rows: the deliveries.
        earlier: how many came before them and are left out.
    """

    function: str
    rows: tuple[Delivery, ...]
    earlier: int = 0

    @property
    def summary(self) -> str:
        """The picture in one sentence."""
        failed = sum(bool(row.failure) for row in self.rows)
        number = "1 delivery" if len(self.rows) == 1 else f"{len(self.rows)} deliveries"
        earlier = f" after {self.earlier} earlier" if self.earlier else ""
        return f"{self.function}: {number}{earlier}, {failed or 'none'} failed."

    def __repr__(self) -> str:
        lines = [self.summary]
        for number, row in enumerate(self.rows, self.earlier + 1):
            first, *rest = [*row.said, row.end]
            lines.append(f"{number:>4}  {first}")
            lines += [f"      {line}" for line in rest]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        # A table keeps its columns where a page takes the styles away, as GitHub does.
        head = "".join(
            f'<th scope="col">{title}</th>' for title in ("delivery", "it printed", "it ended")
        )
        body = "".join(
            _row_html(number, row) for number, row in enumerate(self.rows, self.earlier + 1)
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return (
            f'{STYLE}<figure class="wb-deliveries" aria-label="{html.escape(self.summary)}">'
            f"{table if self.rows else ''}"
            f"<figcaption>{html.escape(self.summary)}</figcaption></figure>"
        )


def deliveries(cloud: Cloud, function: str, last: int | None = None) -> Deliveries:
    """The deliveries to a function so far.

    Args:
        cloud: a LocalCloud.
        function: its name; there are no rows for one that never ran.
        last: how many to show, the newest; None shows all.
    """
    logs = cloud.client("logs")
    group = f"/aws/lambda/{function}"
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        return Deliveries(function, ())
    found = list(_read(logs.filter_log_events(logGroupName=group)["events"]))
    first = 0 if last is None else max(len(found) - last, 0)
    return Deliveries(function, tuple(found[first:]), first)


def _read(events: Iterable[Mapping[str, Any]]) -> Iterable[Delivery]:
    """START opens a delivery of its log stream; a stream has one at a time."""
    found: list[list[str]] = []
    open_in: dict[str, list[str]] = {}
    for event in events:
        line = event["message"].rstrip()
        if line.startswith("START RequestId"):
            found.append(open_in.setdefault(event["logStreamName"], []))
        elif line.startswith("END RequestId"):
            open_in.pop(event["logStreamName"], None)
        elif event["logStreamName"] in open_in and not line.startswith("REPORT RequestId"):
            open_in[event["logStreamName"]].append(line)
    return [_delivery(lines) for lines in found]


def _delivery(lines: Iterable[str]) -> Delivery:
    said: list[str] = []
    for line in lines:
        if line.startswith("[ERROR] "):
            return Delivery(tuple(said), line.splitlines()[0].removeprefix("[ERROR] "))
        if "Task timed out after" in line:
            return Delivery(tuple(said), "timed out")
        said.append(line)
    return Delivery(tuple(said))


def _row_html(number: int, row: Delivery) -> str:
    said = "<br>".join(map(html.escape, row.said)) or "–"
    kind = "failed" if row.failure else "done"
    return (
        f'<tr class="{kind}"><td>{number}</td><td>{said}</td><td>{html.escape(row.end)}</td></tr>'
    )


# Named twice, so that a rule outweighs JupyterLab's own for tables.
STYLE = (
    "<style>"
    ".wb-deliveries{margin:.4em 0;max-width:60em;color:var(--jp-ui-font-color1,inherit)}"
    ".wb-deliveries.wb-deliveries table{border-collapse:separate;border-spacing:0 .25em;margin:0}"
    ".wb-deliveries.wb-deliveries :is(th,td){text-align:left;padding:.3em .8em;"
    "vertical-align:top}"
    ".wb-deliveries.wb-deliveries tbody tr:nth-child(n){background:var(--jp-layout-color2,#8882)}"
    f".wb-deliveries.wb-deliveries td:first-child{{border-left:.4em solid {GOOD}}}"
    f".wb-deliveries.wb-deliveries .failed td:first-child{{border-left:.4em dotted {BAD}}}"
    ".wb-deliveries.wb-deliveries .failed td:last-child{font-weight:bold}"
    ".wb-deliveries figcaption{padding:.3em 0}"
    "</style>"
)
