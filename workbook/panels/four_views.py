"""One Chalice app as four views side by side: source, routing table, Swagger, what is created.

A pure view over plain data: `workbook.lessons.route_views` reads it from an app, `four_views` draws
it. A route keeps one letter and one colour through all four; the letter is enough to follow it.
"""

from __future__ import annotations

import html
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# White letters on these have a contrast of at least 4.5, and the edges stand out on both themes.
COLOURS = ("#1f6bc9", "#b5388f", "#9a5b00", "#1c7a43", "#6d55c9", "#b8403a", "#0d7685", "#6f6a1c")
HEADINGS = (
    ("Source", "what you write"),
    ("Routing table", "what app.routes holds"),
    ("Swagger", "what the gateway is told"),
    ("Created", "what deploying makes"),
)


def four_views(app: Mapping[str, Any]) -> FourViews:
    """The picture of an app.

    Args:
        app: app_name, routes (mappings with RouteView's names) and created (with Created's names);
            the first thing created is the API.
    """
    return FourViews(
        app["app_name"],
        tuple(RouteView(**route) for route in app["routes"]),
        tuple(Created(**created) for created in app["created"]),
    )


@dataclass(frozen=True)
class RouteView:
    """One route, seen four ways.

    Attributes:
        method, path: what a caller sends.
        source: the decorator and the line below it.
        table: its row of app.routes.
        swagger: its part of the Swagger document.
        target: the created function that answers it.
    """

    method: str
    path: str
    source: str
    table: str
    swagger: str
    target: str

    @property
    def name(self) -> str:
        """As a caller would say it: ``GET /items``."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Created:
    """One thing that deploying makes: its name, its CloudFormation type, a few words on it."""

    name: str
    type: str
    says: str


@dataclass(frozen=True)
class FourViews:
    """An app's routes in their four views, and what is created once for all of them.

    Attributes:
        app_name: as the app calls itself.
        routes: in the order of the routing table.
        created: the API, which holds every route, then what else is created.
    """

    app_name: str
    routes: tuple[RouteView, ...]
    created: tuple[Created, ...]

    @property
    def summary(self) -> str:
        """The picture in one sentence."""
        targets = {route.target for route in self.routes}
        return (
            f"{self.app_name}: {_count(len(self.routes), 'route')} become "
            f"{_count(len(self.routes), 'row')}, {_count(len(self.routes), 'Swagger operation')} "
            f"and one API, answered by {_count(len(targets), 'Lambda function')}."
        )

    def __repr__(self) -> str:
        blocks = [self.summary]
        for letter, route in self._lettered():
            labelled = zip(HEADINGS, (route.source, route.table, route.swagger), strict=False)
            rows = [(heading, text) for (heading, _), text in labelled]
            rows.append(("Created", f"{self.created[0].name}: {route.name} → {route.target}"))
            blocks.append("\n".join([f"{letter}  {route.name}", *map(_indented, rows)]))
        made = [f"   {each.name} ({each.type}): {each.says}" for each in self.created]
        return "\n\n".join([*blocks, "\n".join(["Created once for all routes", *made])])

    def _repr_html_(self) -> str:
        # A table: it keeps its columns where a page takes the styles away, as JupyterLab does
        # with a notebook it does not trust yet, and GitHub with all.
        headings = "".join(
            f"<th><b>{n}. {title}</b><br>{words}</th>"
            for n, (title, words) in enumerate(HEADINGS, 1)
        )
        rows = "".join(
            f"<tr>{self._cards(n, letter, route)}{self._created_html() if n == 0 else ''}</tr>"
            for n, (letter, route) in enumerate(self._lettered())
        )
        return (
            f'{_STYLE}<figure class="wb-four" aria-label="{html.escape(self.summary)}">'
            f"<table><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>"
            f"<figcaption>{html.escape(self.summary)} Follow a letter from left to right; "
            "point at a card to see its route alone.</figcaption></figure>"
        )

    def _cards(self, number: int, letter: str, route: RouteView) -> str:
        return "".join(
            f'<td class="card r{number % len(COLOURS)}" tabindex="0">{_badge(letter)}'
            f"<pre>{html.escape(text)}</pre></td>"
            for text in (route.source, route.table, route.swagger)
        )

    def _created_html(self) -> str:
        routes = "".join(
            f'<div class="one r{n % len(COLOURS)}">{_badge(letter)}'
            f"<code>{html.escape(route.name)}</code></div>"
            for n, (letter, route) in enumerate(self._lettered())
        )
        api, *others = self.created
        targets = sorted({route.target for route in self.routes})
        calls = f'<div class="calls">↓ calls {html.escape(" or ".join(targets))}</div>'
        boxes = "".join(_box(each, strong=each.name in targets) for each in others)
        return (
            f'<td class="made" rowspan="{len(self.routes)}">{_box(api, routes)}{calls}{boxes}</td>'
        )

    def _lettered(self) -> list[tuple[str, RouteView]]:
        return list(zip(_letters(len(self.routes)), self.routes, strict=True))


def _letters(number: int) -> list[str]:
    alphabet = string.ascii_uppercase
    return [alphabet[n % 26] * (n // 26 + 1) for n in range(number)]


def _count(number: int, what: str) -> str:
    return f"one {what}" if number == 1 else f"{number} {what}s"


def _indented(row: tuple[str, str]) -> str:
    label, text = row
    first, *rest = text.splitlines()
    return "\n".join([f"   {label:15}{first}", *(f"{'':18}{line}" for line in rest)])


def _badge(letter: str) -> str:
    return f'<span class="badge">{letter}</span>'


def _box(created: Created, inside: str = "", strong: bool = False) -> str:
    return (
        f'<div class="{"box strong" if strong else "box"}"><b>{html.escape(created.name)}</b><br>{html.escape(created.type)}'
        f"<br>{html.escape(created.says)}{inside}</div>"
    )


def _route_styles() -> str:
    each = (
        f".wb-four.wb-four .r{n}{{border-left-color:{colour}}}"
        f".wb-four.wb-four .r{n} .badge{{background:{colour}}}"
        f".wb-four:has(.r{n}:hover,.r{n}:focus) :is(.card,.one):not(.r{n}){{opacity:.25}}"
        for n, colour in enumerate(COLOURS)
    )
    return "".join(each)


# Text takes the theme's own colours; outside JupyterLab, the page's. The class is named twice so
# that a rule outweighs JupyterLab's own for tables and code.
_STYLE = (
    "<style>"
    ".wb-four{container-type:inline-size;margin:.4em 0;max-width:84em;"
    "font-size:var(--jp-ui-font-size1,13px);color:var(--jp-ui-font-color1,inherit)}"
    ".wb-four.wb-four table{width:100%;table-layout:fixed;border-collapse:separate;"
    "border-spacing:1em .6em;margin:0 -1em}"
    ".wb-four.wb-four :is(tr,th,td){text-align:left;vertical-align:top;line-height:1.4}"
    ".wb-four.wb-four tbody tr:nth-child(n){background:none}"
    ".wb-four.wb-four th{padding:0 0 .2em;border-bottom:2px solid var(--jp-border-color1,#999);"
    "font-weight:normal}"
    ".wb-four.wb-four th{width:22.5%}.wb-four.wb-four th:first-child{width:31%}"
    ".wb-four.wb-four .card,.wb-four.wb-four .one{border-left:.35em solid;transition:opacity .15s}"
    ".wb-four.wb-four td.card{position:relative;padding:.4em .5em;border-radius:.25em;"
    "background:var(--jp-layout-color2,#8882)}"
    ".wb-four.wb-four .card::after{content:'→' / '';position:absolute;right:-1.05em;top:40%}"
    ".wb-four.wb-four .badge{display:inline-block;min-width:1.5em;text-align:center;color:#fff;"
    "border-radius:.2em;font-weight:bold;margin-right:.4em}"
    ".wb-four.wb-four :is(pre,code){font-family:var(--jp-code-font-family,monospace);font-size:.86em;"
    "line-height:1.45;white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere;"
    "background:none;padding:0}"
    ".wb-four.wb-four pre{margin:.35em 0 0}"
    ".wb-four.wb-four td.made{padding:0}"
    ".wb-four.wb-four .box{border:1px solid var(--jp-border-color1,#999);border-radius:.25em;"
    "padding:.4em .6em;margin-bottom:.6em;overflow-wrap:anywhere;font-size:.92em}"
    ".wb-four.wb-four .strong{border:2px solid currentColor}"
    ".wb-four.wb-four .calls{text-align:center;font-weight:bold;margin-bottom:.6em}"
    ".wb-four.wb-four .one{margin-top:.4em;padding-left:.4em}"
    f"{_route_styles()}"
    "@container (max-width:46em){.wb-four.wb-four thead{display:none}"
    ".wb-four.wb-four table,.wb-four.wb-four td{display:block;margin:.4em 0}"
    ".wb-four.wb-four tbody{display:flex;flex-direction:column}.wb-four.wb-four tr{display:contents}"
    ".wb-four.wb-four .made{order:1}.wb-four.wb-four .card::after{content:none}}"
    "</style>"
)
