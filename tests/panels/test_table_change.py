"""The picture of a table before and after: every change is said, in text and in HTML."""

import re

import pytest

from workbook.panels.table_change import table_change


def picture(*items):
    return {"table": "inventory-dev", "key": ["item_id"], "items": list(items)}


BEANS = {"item_id": "item_1", "name": "Espresso beans", "stock": 12}
FILTERS = {"item_id": "item_2", "name": "Paper filters", "stock": 0}
JUG = {"item_id": "item_3", "name": "Milk jug", "stock": 3}


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html))


both_forms = pytest.mark.parametrize("form", [repr, lambda change: text_of(change._repr_html_())])


@both_forms
def test_a_changed_attribute_shows_both_values(form):
    shown = form(table_change(picture(BEANS), picture({**BEANS, "stock": 11})))
    assert "12 → 11" in re.sub(r"\s+", " ", shown)
    assert "1 changed" in shown


@both_forms
def test_new_gone_and_unchanged_items_are_told_apart_in_words(form):
    change = table_change(picture(BEANS, FILTERS), picture(BEANS, JUG))
    assert ["same", "gone", "new"] == [item.kind for item in change.items]
    shown = form(change)
    assert "inventory-dev: 1 new, 1 gone, 1 same" in shown
    for name in ("Espresso beans", "Paper filters", "Milk jug"):
        assert name in shown


@both_forms
def test_an_attribute_that_was_lost_leaves_a_dash(form):
    shown = form(table_change(picture(JUG), picture({"item_id": "item_3", "stock": 3})))
    assert "Milk jug → –" in re.sub(r"\s+", " ", shown)


@both_forms
def test_an_empty_table_says_so(form):
    assert "inventory-dev: no items" in form(table_change(picture(), picture()))


def test_items_stand_in_the_order_of_their_keys():
    change = table_change(picture(JUG), picture(JUG, BEANS))
    assert ["item_1", "item_3"] == [item.after["item_id"] for item in change.items]


def test_what_comes_from_a_table_is_escaped():
    shown = table_change(picture(), picture({"item_id": "<script>", "<b>": "<i>"}))._repr_html_()
    assert "<script>" not in shown
    assert "<i>" not in shown
