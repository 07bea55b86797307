"""A month's bill of a function beside that of a server that waits: as words, bars and sliders.

`bill(...)` is a pure view over `workbook.prices`; `bill_slider` puts three sliders on it.
"""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from workbook import prices
from workbook.panels.static_face import Panel

SECONDS_IN_A_MONTH = prices.HOURS_IN_A_MONTH * 3600
REQUESTS = [mantissa * 10**power for power in range(3, 8) for mantissa in (1, 2, 5)]
MILLISECONDS = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000]
MEMORY_MB = [128, 256, 512, 1_024, 1_769, 3_008, 10_240]


@dataclass(frozen=True)
class Bill:
    """A month of the same work, paid in two ways.

    Attributes:
        function: the work as a function behind a REST API.
    """

    function: prices.FunctionMonth

    @property
    def servers(self) -> int:
        """How many it takes when each works on one request at a time."""
        return max(1, math.ceil(self.function.busy_seconds / SECONDS_IN_A_MONTH))

    @property
    def server(self) -> float:
        """Dollars for the servers."""
        return prices.server_month(self.servers)

    @property
    def rows(self) -> list[tuple[str, float, str]]:
        """Who is paid, how many dollars, and for what."""
        month = self.function
        return [
            (_count(self.servers, "server"), self.server, "for being there, busy or not"),
            ("function", month.total, "for being called"),
            ("  gateway", month.for_gateway, "API Gateway, by the request"),
            ("  requests", month.for_requests, "Lambda, by the request"),
            ("  time", month.for_time, "Lambda, by time and memory"),
        ]

    @property
    def summary(self) -> str:
        """Who is cheaper, and where that changes."""
        month = self.function
        turn = prices.break_even(month.milliseconds, month.memory_mb)
        about = f"{float(f'{turn:.2g}'):,.0f} requests a month"  # a break-even is no exact science
        if month.total < self.server:
            says = "The function is cheaper."
            return f"{says} From about {about} on, a server is." if month.requests < turn else says
        says = "The server is cheaper." if self.servers == 1 else "The servers are cheaper."
        return f"{says} Below about {about}, the function is." if month.requests > turn else says

    @property
    def work(self) -> str:
        """What is paid for, in words."""
        month = self.function
        busy = 100 * month.busy_seconds / SECONDS_IN_A_MONTH / self.servers
        return (
            f"{month.requests:,} requests a month, {month.milliseconds:,} ms each, "
            f"{month.memory_mb:,} MB. One at a time, they keep {_count(self.servers, 'server')} "
            f"busy for {busy:.2g} % of the month."
        )

    @property
    def small_print(self) -> str:
        """What is in the figures and what is not."""
        return (
            f"{prices.REGION}, {prices.AS_OF}; prices change. A server: EC2 t3.micro, on demand, "
            f"without disk or load balancer. Cold starts are left out: Lambda bills them, too. "
            f"Its free allowance would take off {_dollars(self.function.allowance)}."
        )

    def __repr__(self) -> str:
        lines = [f"{who:12}{_dollars(sum_):>12}  {what}" for who, sum_, what in self.rows]
        return "\n".join([self.work, *lines, self.summary, self.small_print])

    def _repr_html_(self) -> str:
        most = max(sum_ for _, sum_, _ in self.rows)
        body = "".join(
            f'<tr class="{"part" if who.startswith(" ") else "whole"}"><td>{who.strip()}</td>'
            f"<td>{_dollars(sum_)}</td><td>{_bar(sum_, most)}</td><td>{html.escape(what)}</td></tr>"
            for who, sum_, what in self.rows
        )
        return (
            f'{_STYLE}<figure class="wb-bill" aria-label="{html.escape(self.summary)}">'
            f'<p role="status">{html.escape(self.work)}</p>'
            f"<table><tbody>{body}</tbody></table>"
            f"<figcaption><b>{html.escape(self.summary)}</b><br>{html.escape(self.small_print)}"
            "</figcaption></figure>"
        )


def bill(requests: int, milliseconds: float, memory_mb: int) -> Bill:
    """The two bills for a month.

    Args:
        requests: in the month.
        milliseconds: that each takes.
        memory_mb: of the function.
    """
    return Bill(prices.FunctionMonth(requests, milliseconds, memory_mb))


class BillSlider(Panel):
    """The two bills under three sliders.

    Args:
        requests, milliseconds, memory_mb: where the sliders stand first.
    """

    def __init__(self, requests: int, milliseconds: int, memory_mb: int) -> None:
        self.requests = _slider("requests a month", REQUESTS, requests, ",")
        self.milliseconds = _slider("milliseconds each", MILLISECONDS, milliseconds, ",")
        self.memory_mb = _slider("memory in MB", MEMORY_MB, memory_mb, ",")
        sliders = [self.requests, self.milliseconds, self.memory_mb]
        self._picture = widgets.HTML(value=self.face()._repr_html_())
        for slider in sliders:
            slider.observe(self._draw, "value")
        super().__init__([*sliders, self._picture])

    def face(self) -> Bill:
        """The bills as the sliders stand."""
        return bill(self.requests.value, self.milliseconds.value, self.memory_mb.value)

    def _draw(self, _: Any) -> None:
        self._picture.value = self.face()._repr_html_()


def bill_slider(
    requests: int = 200_000, milliseconds: int = 100, memory_mb: int = 128
) -> BillSlider:
    """The two bills for a month, under three sliders."""
    return BillSlider(requests, milliseconds, memory_mb)


def _slider(words: str, values: list[int], value: int, form: str) -> Any:
    return widgets.SelectionSlider(
        options=[(format(each, form), each) for each in sorted({*values, value})],
        value=value,
        description=words,
        continuous_update=True,
        style={"description_width": "10em"},
        layout=widgets.Layout(width="min(36em, 95%)"),
    )


def _dollars(sum_: float) -> str:
    return f"${sum_:,.2f}"


def _count(number: int, what: str) -> str:
    return f"one {what}" if number == 1 else f"{number:,} {what}s"


def _bar(sum_: float, most: float) -> str:
    width = 100 * sum_ / most if most else 0
    return f'<div class="bar" aria-hidden="true" style="width:{width:.1f}%"></div>'


_STYLE = (
    "<style>"
    ".wb-bill{margin:.4em 0;max-width:60em;color:var(--jp-ui-font-color1,inherit);"
    "font-size:var(--jp-ui-font-size1,13px)}"
    ".wb-bill.wb-bill table{width:100%;margin:0;border-collapse:collapse;table-layout:fixed}"
    ".wb-bill.wb-bill td{text-align:left;padding:.25em .6em;font-size:inherit;line-height:1.5}"
    ".wb-bill.wb-bill tbody tr:nth-child(n){background:none}"
    ".wb-bill.wb-bill td:first-child{width:6.5em}"
    ".wb-bill.wb-bill td:nth-child(2){width:7em;text-align:right;font-variant-numeric:tabular-nums}"
    ".wb-bill.wb-bill td:last-child{width:18em}"
    ".wb-bill.wb-bill .whole td:nth-child(-n+2){font-weight:bold}"
    ".wb-bill.wb-bill .part td:first-child{padding-left:1.6em}"
    ".wb-bill.wb-bill :is(p,figcaption){line-height:1.5}"
    ".wb-bill .bar{height:1.1em;min-width:2px;border-radius:.15em;background:#1f6bc9}"
    ".wb-bill .part .bar{height:.6em}"
    "@media (max-width:50em){.wb-bill.wb-bill td:last-child{width:10em}}"
    "</style>"
)
