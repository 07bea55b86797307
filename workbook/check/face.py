"""How a verdict, a hint or a solution looks: wrapped text, and an HTML card for both themes.

Text takes the theme's own colour; a coloured edge is visible on both themes, and the mark and the
word in the headline say the same without it.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable

WIDTH = 92

# A border and nothing else is coloured: text keeps the theme's own, which has the contrast. Each has
# a contrast of 3 or more on the grounds of both themes, which JupyterLab's own shades have not.
EDGES = {
    "passed": "#37913c",
    "failed": "#d84040",
    "not-attempted": "#808080",
    "fault": "#c07000",
    "note": "#0a86c0",
}

# What is typed or printed stands in the typeface of code, one under the other to be compared.
CODE = {"called", "expected", "got", "your line", "or ask", "more", "what", "where"}

Rows = Iterable[tuple[str, str]]


class Face:
    """A base for values that show themselves as a headline over labelled rows."""

    def text(self, headline: str, rows: Rows) -> str:
        """The plain form: the headline, then each row wrapped under its label."""
        rows = list(rows)
        indent = max((len(label) for label, _ in rows), default=0) + 4
        lines = [headline]
        for label, content in rows:
            lines += textwrap.wrap(
                content,
                WIDTH,
                initial_indent=f"  {label}".ljust(indent),
                subsequent_indent=" " * indent,
                break_long_words=False,
            )
        return "\n".join(lines)


def card(kind: str, headline: str, rows: Rows, body: str = "") -> str:
    """An HTML card.

    Args:
        kind: a key of EDGES, which colours the left edge.
        headline: plain text; escaped here.
        rows: label and plain text; escaped here, `code` between backticks is set as code.
        body: HTML that is already safe, placed last.
    """
    cells = "".join(
        f'<div style="opacity:.8">{html.escape(label)}</div><div{_CODE_STYLE if label in CODE else ""}>'
        f"{inline(content)}</div>"
        for label, content in rows
    )
    grid = (
        '<div style="display:grid;grid-template-columns:max-content 1fr;'
        f'align-items:baseline;gap:.15em 1em;margin-top:.35em">{cells}</div>'
        if cells
        else ""
    )
    return (
        f'<div role="status" style="border-left:.35em solid {EDGES[kind]};padding:.4em .9em;'
        f'margin:.2em 0;max-width:56em"><strong>{html.escape(headline)}</strong>{grid}{body}</div>'
    )


_CODE_STYLE = (
    ' style="font-family:var(--jp-code-font-family,monospace);'
    'font-size:var(--jp-code-font-size,13px);overflow-wrap:anywhere"'
)


def inline(content: str) -> str:
    """Plain text as HTML, with what stands between backticks set as code."""
    parts = html.escape(content).split("`")
    if len(parts) % 2 == 0:  # an odd backtick is a character, not a mark
        return html.escape(content)
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))
