"""How the waterfall's pieces look: patterns, arrowheads, the key to them, and the style sheet.

Shapes carry attributes of their own, so that the picture can be read where styles are taken away.
"""

from __future__ import annotations

LETTER = 6.0  # pixels, of the small letters, on average
DASHES = ' stroke-dasharray="5 3"'
LEGEND = (
    ("gateway", "gateway"),
    ("init", "init (cold start)"),
    ("handler", "handler"),
    ("call", "AWS call"),
    ("wait", "on its way, or waiting"),
)


def definitions(mark: str) -> str:
    """The style sheet, and what shapes refer to.

    Args:
        mark: ends the names, since a page may show several pictures.
    """
    return (
        f"<style>{STYLE}</style><defs>"
        f'<pattern id="hatch-{mark}" width="6" height="6" '
        f'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect class="hatched" width="6" height="6" fill="none"/>'
        f'<line class="hatch" x1="1" y1="0" x2="1" y2="6" stroke="currentColor" '
        f'stroke-width="2.4"/></pattern>'
        f'<marker id="tip-{mark}" viewBox="0 0 8 8" refX="7" refY="4" '
        f'markerWidth="7" markerHeight="7" orient="auto">'
        f'<path class="tip" d="M0 0 8 4 0 8Z"/></marker></defs>'
    )


def legend(y: float, mark: str) -> list[str]:
    """What the shapes mean, in one line at this height."""
    x = 10
    said: list[str] = []
    for kind, words in LEGEND:
        height, lift = (6, 3) if kind == "call" else (10, 1)
        fill = f'fill="url(#hatch-{mark})"' if kind == "init" else 'fill="currentColor"'
        if kind == "wait":
            fill = 'fill="none" stroke="currentColor" stroke-dasharray="3 2"'
        said.append(
            f'<rect class="{kind}" x="{x}" y="{y - 10 + lift:g}" width="22" height="{height}" '
            f'rx="2" {fill}/>{_words(x + 28, y, words)}'
        )
        x += 28 + int(LETTER * len(words)) + 14
    said.append(
        f'<path class="arrow untied" d="M{x} {y - 4:g} h26" fill="none" '
        f'stroke="currentColor"{DASHES} marker-end="url(#tip-{mark})"/>'
        f"{_words(x + 32, y, 'X-Ray would begin another trace')}"
    )
    return said


def _words(x: float, y: float, words: str) -> str:
    return f'<text class="quiet" x="{x}" y="{y:g}" font-size="11">{words}</text>'


# Outside JupyterLab its variables are not there; what comes after the comma is for a light page,
# and the media query for a dark one that shows the picture as a file.
STYLE = (
    ".wb-trace{margin:.4em 0;color:var(--jp-ui-font-color1,inherit)}"
    ".wb-trace figcaption{padding:.2em 0 .4em}"
    ".wb-trace-picture{overflow-x:auto}"
    ".wb-trace-picture:focus-visible{outline:2px solid var(--jp-brand-color1,#1976d2)}"
    ".wb-trace details{margin:.3em 0}"
    ".wb-trace.wb-trace td,.wb-trace.wb-trace th{text-align:left;white-space:pre-wrap}"
    ".wb-trace.wb-trace :is(td,th):not(:first-child){text-align:right}"
    ".wb-trace-svg{--ink:var(--jp-ui-font-color1,#1f2328);--quiet:var(--jp-ui-font-color2,#59636e);"
    "--paper:var(--jp-layout-color0,#fff);--band:var(--jp-layout-color2,#eef1f4);"
    "--run:#2f6fd0;--aws:#c2700f;--bad:#d63b30;--gate:#6b7683;"
    "color:var(--ink);max-width:none;height:auto;"
    "font-family:var(--jp-ui-font-family,system-ui,sans-serif)}"
    "@media (prefers-color-scheme:dark){svg.wb-trace-svg:root{--ink:#e6edf3;--quiet:#9198a1;"
    "--paper:#0d1117;--band:#161b22}}"
    ".wb-trace-svg text{fill:var(--ink)}"
    ".wb-trace-svg .quiet{fill:var(--quiet);font-size:11px}"
    ".wb-trace-svg .label{paint-order:stroke;stroke:var(--paper);stroke-width:3px;"
    "stroke-linejoin:round}"
    ".wb-trace-svg .label.bad{fill:color-mix(in srgb,var(--bad) 78%,var(--ink));font-weight:600}"
    ".wb-trace-svg .band{fill:var(--band);fill-opacity:.55}"
    ".wb-trace-svg .gateway{fill:var(--gate);fill-opacity:1}"
    ".wb-trace-svg .function{fill:var(--run);fill-opacity:.28}"
    ".wb-trace-svg .handler{fill:var(--run)}"
    ".wb-trace-svg .hatched{fill:var(--paper)}.wb-trace-svg .hatch{stroke:var(--run)}"
    ".wb-trace-svg .init{stroke:var(--run)}"
    ".wb-trace-svg .call{fill:var(--aws)}"
    ".wb-trace-svg rect.bad{stroke:var(--bad);stroke-width:2}"
    ".wb-trace-svg .call.bad,.wb-trace-svg .handler.bad{fill:var(--bad)}"
    ".wb-trace-svg .wait{fill:var(--aws);fill-opacity:.16;stroke:var(--aws);stroke-opacity:.7}"
    ".wb-trace-svg .arrow{stroke:color-mix(in srgb,var(--aws) 70%,var(--ink));stroke-width:1.3}"
    ".wb-trace-svg .tip{fill:color-mix(in srgb,var(--aws) 70%,var(--ink))}"
)
