"""The two bills: their words, and the sliders that move them."""

import re

from workbook.panels.bill import bill, bill_slider


def text_of(html):
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)


def test_both_forms_say_every_sum_and_who_is_cheaper():
    shown = bill(200_000, 100, 128)
    for form in (repr(shown), text_of(shown._repr_html_())):
        for part in ("$7.59", "$0.78", "$0.70", "The function is cheaper.", "prices change"):
            assert part in form


def test_the_other_one_is_cheaper_on_the_other_side_of_the_break_even():
    assert "From about 1,900,000 requests a month on, a server is." in bill(1_000, 100, 128).summary
    assert "The server is cheaper. Below about 1,900,000" in bill(5_000_000, 100, 128).summary


def test_work_beyond_one_server_is_paid_for_with_more():
    much = bill(50_000_000, 5_000, 128)
    assert 96 == much.servers
    assert "96 servers" in repr(much)
    assert "From about" not in much.summary + bill(10_000_000, 5_000, 128).summary


def test_a_moved_slider_redraws_the_picture_and_the_words():
    panel = bill_slider(200_000, 100, 128)
    picture = panel.children[-1]
    assert "$0.78" in picture.value
    panel.requests.value = 5_000_000
    assert "$19.54" in picture.value
    assert "$19.54" in repr(panel)


def test_a_slider_starts_at_any_number():
    assert "123,456 requests" in repr(bill_slider(requests=123_456))


def test_a_notebook_that_is_only_read_shows_picture_and_words():
    bundle = bill_slider()._repr_mimebundle_()
    assert bundle["text/html"].startswith("<style>")
    assert bundle["text/plain"].startswith("200,000 requests")
