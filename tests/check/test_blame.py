"""An exception as its author reads it."""

import pytest

from workbook.check.blame import in_words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("item_9"), "KeyError: 'item_9'"),
        (ValueError("Too long.\nAnd more of it."), "ValueError: Too long."),
        (ValueError("Two things:\n  the first\n  the second"), "ValueError: Two things: the first"),
        (ValueError("Nothing follows:"), "ValueError: Nothing follows:"),
        (NotImplementedError(), "NotImplementedError"),
    ],
    ids=["short", "long", "announcing", "announcing nothing", "silent"],
)
def test_a_long_message_is_told_by_its_first_line_and_the_next_where_it_is_announced(error, words):
    assert words == in_words(error)
