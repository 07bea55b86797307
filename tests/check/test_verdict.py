"""What a verdict looks like: text and HTML say the same, and colour never says it alone."""

import dataclasses

import pytest

from workbook.check import Failure, Fault, Status, Verdict
from workbook.check.hint import Hint

FAILURE = Failure(
    called="GET /items/item_9",
    expected="404",
    got="500 (KeyError: 'item_9')",
    because="`INVENTORY[item_id]` raises KeyError & Chalice makes that a 500",
    line="line 3: return INVENTORY[item_id]",
    look_at="chapter 02",
)


def failed():
    return Verdict("read-one-item", "Read one item", Status.FAILED, failure=FAILURE)


def test_a_failure_reads_called_expected_got_line_because_look_at_in_that_order():
    labels = [line.split("  ")[1].strip() for line in repr(failed()).splitlines()[1:]]
    shown = [label for label in labels if label]
    assert ["called", "expected", "got", "your line", "because", "look at", "or ask"] == shown


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_written_out_in_both_forms(status):
    verdict = Verdict("sell", "Sell", status)
    assert status.value in repr(verdict)
    assert status.value in verdict._repr_html_()


def test_html_carries_every_word_of_the_text_form_and_escapes_it():
    page = failed()._repr_html_()
    assert "<code>INVENTORY[item_id]</code> raises KeyError &amp; Chalice" in page
    assert "GET /items/item_9" in page


def test_a_value_that_holds_markup_is_shown_and_not_rendered():
    failure = dataclasses.replace(FAILURE, got="<script>alert(1)</script>")
    page = dataclasses.replace(failed(), failure=failure)._repr_html_()
    assert "<script>" not in page


def test_long_text_is_wrapped_under_its_label():
    verdict = Verdict("sell", "Sell", Status.NOT_ATTEMPTED, reason="word " * 60)
    lines = repr(verdict).splitlines()
    assert len(lines) > 2
    assert all(len(line) <= 92 for line in lines)


def test_a_verdict_cannot_be_changed_after_the_fact():
    with pytest.raises(dataclasses.FrozenInstanceError):
        failed().status = Status.PASSED


def test_a_fault_says_whose_it_is_and_that_nothing_was_recorded():
    fault = Fault("sell", "KeyError: 'x'", "shop.py:3 in check_sell")
    assert "our fault, not yours" in repr(fault)
    assert "progress is unchanged" in fault._repr_html_()


def test_the_last_hint_leads_to_the_solution():
    assert 'solution("sell")' in repr(Hint("sell", 3, "nearly the line"))
    assert 'hint("sell", 2)' in repr(Hint("sell", 1, "where to look"))
