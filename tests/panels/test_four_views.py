"""The picture of one app in four views: its words, its letters, its contrast."""

import re

import pytest

from workbook.panels.four_views import COLOURS, four_views


def picture(number=2, app_name="inventory-service"):
    routes = [
        {
            "method": "GET",
            "path": f"/shelf_{n}/{{item_id}}",
            "source": f"@app.route {n}",
            "table": f"row {n}",
            "swagger": f"swagger {n}",
            "target": "Handler",
        }
        for n in range(number)
    ]
    created = [
        {"name": "RestAPI", "type": "AWS::Serverless::Api", "says": "stage api"},
        {"name": "Handler", "type": "AWS::Serverless::Function", "says": "calls app.app"},
    ]
    return four_views({"app_name": app_name, "routes": routes, "created": created})


def text_of(html):
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)


@pytest.mark.parametrize("form", [repr, lambda views: text_of(views._repr_html_())])
def test_both_forms_say_every_view_of_every_route(form):
    shown = form(picture())
    for n in range(2):
        for part in (f"@app.route {n}", f"row {n}", f"swagger {n}", f"GET /shelf_{n}/{{item_id}}"):
            assert part in shown
    for part in ("RestAPI", "AWS::Serverless::Function", "calls app.app"):
        assert part in shown


def test_a_route_keeps_its_letter_through_all_four_views():
    html = picture()._repr_html_()
    assert 4 == html.count('<span class="badge">A</span>')
    assert 4 == html.count('<span class="badge">B</span>')


def test_what_comes_from_an_app_is_escaped():
    assert "<script>" not in picture(app_name="<script>")._repr_html_()


def test_the_figure_has_a_name_for_those_who_do_not_see_it():
    assert 'aria-label="inventory-service: 2 routes become' in picture()._repr_html_()


def test_one_route_is_told_in_the_singular():
    assert "one route become" in picture(1).summary


def test_letters_and_colours_last_for_any_number_of_routes():
    shown = repr(picture(30))
    assert "\nZ  GET" in shown
    assert "\nAA  GET" in shown
    picture(30)._repr_html_()


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", COLOURS)
def test_letters_are_readable_and_edges_visible_in_both_themes(colour):
    """WCAG: 4.5 for text, 3 for what is not text. #ffffff and #111111 are JupyterLab's grounds."""
    assert contrast(colour, "#ffffff") >= 4.5
    assert contrast(colour, "#111111") >= 3
