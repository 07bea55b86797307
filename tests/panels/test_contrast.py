"""Colours of the panels against JupyterLab's own themes, by WCAG's measure.

The grounds are read from the themes' style sheets, so that a new JupyterLab is judged as it is.
Text takes the theme's own colour; some of it is drawn at an opacity, which costs contrast.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

import pytest

from workbook.check import face
from workbook.panels import bill, four_views, progress_board, workbook_map

THEMES = Path(sys.prefix) / "share/jupyter/lab/themes/@jupyterlab"
GROUNDS = ("--jp-layout-color0", "--jp-layout-color1")  # an output's, and a dialog's or a panel's
TEXT, NOT_TEXT = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11

each_theme = pytest.mark.parametrize("theme", ["light", "dark"])


@cache
def sheet(theme):
    return (THEMES / f"theme-{theme}-extension" / "index.css").read_text()


def colour(theme, name):
    """A theme's variable as red, green, blue in 0 to 1, and its opacity."""
    value = re.search(rf"{name}:\s*([^;}}]+)", sheet(theme))[1].strip()
    while value.startswith("var("):
        other, _, fallback = value[4:-1].partition(",")
        value = fallback or re.search(rf"{other}:\s*([^;}}]+)", sheet(theme))[1].strip()
    return parsed(value)


def parsed(value):
    value = {"white": "#fff", "black": "#000"}.get(value, value)
    if value.startswith("rgba"):
        *parts, opacity = map(float, value[5:-1].split(","))
        return [part / 255 for part in parts], opacity
    digits = value[1:] if len(value) == 7 else "".join(digit * 2 for digit in value[1:])
    return [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)], 1.0


def seen(front, ground, opacity=1.0):
    """What reaches the eye where a colour lies on an opaque ground."""
    parts, own = front
    share = own * opacity
    return [share * a + (1 - share) * b for a, b in zip(parts, ground, strict=True)]


def luminance(parts):
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_right():
    assert 21 == round(contrast([0, 0, 0], [1, 1, 1]), 6)
    assert 4.48 == round(contrast(parsed("#777777")[0], [1, 1, 1]), 2)  # WCAG's usual example


@each_theme
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("kind", face.EDGES)
def test_an_edge_is_visible(theme, ground, kind):
    behind, _ = colour(theme, ground)
    assert contrast(seen(parsed(face.EDGES[kind]), behind), behind) >= NOT_TEXT


def drawn_colours():
    """Every colour that a panel names: no fallback, and not white, which letters have on others."""
    for source in sorted(Path(four_views.__file__).parent.glob("*.py")):
        for written in re.findall(r"(?<!,)#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", source.read_text()):
            if written != "#fff":
                yield pytest.param(written, id=f"{source.stem}-{written}")


@each_theme
@pytest.mark.parametrize("written", list(drawn_colours()))
def test_what_is_drawn_in_a_colour_of_its_own_is_visible(theme, written):
    behind, _ = colour(theme, GROUNDS[0])
    assert contrast(parsed(written)[0], behind) >= NOT_TEXT


def test_no_bar_is_faded():
    """An opacity costs a bar the contrast that its colour has."""
    assert "opacity" not in Path(bill.__file__).read_text()


OPACITIES = {
    float(number)
    for source in (face, progress_board, workbook_map, four_views)
    for number in re.findall(r"(?<![-\w])opacity:([\d.]+)", Path(source.__file__).read_text())
    if float(number) > 0.25  # four_views dims what is not pointed at
}


@each_theme
@pytest.mark.parametrize("opacity", sorted({1.0, *OPACITIES}))
@pytest.mark.parametrize("text", ["--jp-content-font-color1", "--jp-ui-font-color1"])
def test_text_is_readable_at_every_opacity_in_use(theme, opacity, text):
    behind, _ = colour(theme, GROUNDS[0])
    assert contrast(seen(colour(theme, text), behind, opacity), behind) >= TEXT


@each_theme
def test_links_are_readable(theme):
    behind, _ = colour(theme, GROUNDS[0])
    assert contrast(seen(colour(theme, "--jp-content-link-color"), behind), behind) >= TEXT


def test_no_colour_comes_from_elsewhere():
    """What is coloured is in EDGES, which the tests above measure; text has the theme's own."""
    for source in (progress_board, workbook_map):
        assert [] == re.findall(r"#[0-9a-f]{3,8}\b", Path(source.__file__).read_text())
