"""Tables and text as a person sees them, in a terminal and in a notebook."""

from __future__ import annotations

from workbook.cloud.views import Table, Text

ROWS = [{"id": "a1", "served": 3, "cold": True, "hidden": 1}, {"id": "b2", "served": None}]


def test_a_table_is_a_list_of_its_rows() -> None:
    table = Table("Things", ("id",), ROWS)
    assert table == ROWS
    assert len([row for row in table if row.get("cold")]) == 1


def test_text_form_has_one_aligned_line_a_row() -> None:
    assert repr(Table("Things", ("id", "served", "cold"), ROWS)) == (
        "id  served  cold\n──  ──────  ────\na1  3       yes\nb2  –       –"
    )


def test_html_form_escapes_what_it_shows_and_has_heads_and_a_caption() -> None:
    shown = Table("A & B", ("name",), [{"name": "<b>"}])._repr_html_()
    assert "<caption>A &amp; B</caption>" in shown
    assert "&lt;b&gt;" in shown and "<b>" not in shown
    assert '<th scope="col"' in shown


def test_html_form_sets_no_colours_so_that_every_theme_can_read_it() -> None:
    shown = Table("Things", ("id",), ROWS)._repr_html_()
    assert "color" not in shown and "background" not in shown


def test_an_empty_table_says_so() -> None:
    assert repr(Table("Resources", ("name",))) == "Resources: none"
    assert Table("Resources", ("name",))._repr_html_() == "<p>Resources: none</p>"


def test_long_cells_are_cut() -> None:
    shown = repr(Table("Things", ("id",), [{"id": "x" * 100}]))
    assert max(map(len, shown.splitlines())) == 60


def test_text_shows_its_lines_as_they_are() -> None:
    assert repr(Text("START\nEND")) == "START\nEND"
    assert Text("a < b")._repr_html_() == "<pre>a &lt; b</pre>"
