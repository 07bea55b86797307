"""The pyramid and the matrix of who notices what: every figure and colour is said in words."""

from __future__ import annotations

import re

import pytest

from workbook.lessons.layer_runs import Run
from workbook.panels.noticed import noticed
from workbook.panels.pyramid import pyramid

RUNS = [
    Run("plain", "test_a", True, 0.0004),
    Run("plain", "test_b", True, 0.0006),
    Run("cloud", "test_c", False, 1.26),
]
PROVES = {"plain": "the rule", "cloud": "the package", "real": "<AWS> itself"}
forms = pytest.mark.parametrize("form", [repr, lambda view: text_of(view._repr_html_())])


def text_of(html):
    text = re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html))
    return text.replace("&lt;", "<").replace("&gt;", ">")


@forms
def test_the_dearest_layer_stands_on_top_with_count_cost_and_proof(form):
    shown = form(pyramid(RUNS, PROVES, {"cloud": "and 2.0 s to deploy", "real": "money"}))
    words = re.sub(r"\s+", " ", shown)
    assert "plain 2 tests 0.5 ms the rule" in words
    assert "cloud 1 test 1.3 s, and 2.0 s to deploy the package" in words
    assert "real not run money <AWS> itself" in words
    assert words.index("real") < words.index("cloud") < words.index("plain")


def test_a_layer_is_wider_than_the_one_above_it():
    widths = [int(width) for width in re.findall(r"width:(\d+)%", repr_html(PROVES))]
    assert sorted(set(widths)) == widths


def repr_html(proves):
    return pyramid(RUNS, proves)._repr_html_()


@forms
def test_a_layer_notices_when_one_of_its_tests_is_red(form):
    matrix = noticed({"a <mistake>": RUNS, "another": RUNS[:1]}, ["plain", "cloud"])
    words = re.sub(r"\s+", " ", form(matrix))
    assert "a <mistake> green ✘ red" in words
    assert "another green green" in words


def test_names_of_any_kind_are_escaped():
    drawn = noticed({"a <mistake>": RUNS}, ["<plain>"])._repr_html_() + repr_html(PROVES)
    assert "a &lt;mistake&gt;" in drawn
    assert "&lt;plain&gt;" in drawn
    assert "&lt;AWS&gt; itself" in drawn
