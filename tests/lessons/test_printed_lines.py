"""What the lines of chalice local mean, and that nobody sleeps while waiting for them."""

import os
from pathlib import Path

import pytest

from workbook.lessons import printed_lines
from workbook.lessons.printed_lines import PrintedLines

FOLDER = Path("/project")
FAILED = [
    "Exception in thread Thread-1:",
    "Traceback (most recent call last):",
    '  File "/lib/chalice/cli/factory.py", line 7, in load',
    '  File "/project/app.py", line 12, in <module>',
    "    app = Chalise()",
    "NameError: name 'Chalise' is not defined",
    "",
    "During handling of the above exception, another exception occurred:",
    "Traceback (most recent call last):",
    "RuntimeError: Unable to import your app.py file:",
]


@pytest.mark.parametrize(
    ("lines", "settled"),
    [
        ([], False),
        (["Found credentials"], False),
        (FAILED[:4], False),
        (FAILED[:6], True),
        (["Serving on http://127.0.0.1:8000"], True),
    ],
)
def test_settled_means_that_it_serves_or_says_why_not(lines, settled):
    assert settled == printed_lines.settled(lines)


def test_the_first_error_of_a_chain_is_the_cause_and_names_the_project_s_line():
    assert "NameError: name 'Chalise' is not defined (app.py, line 12)" == (
        printed_lines.why_not_serving(FAILED, FOLDER)
    )


def test_an_error_outside_the_project_is_told_without_a_line():
    lines = ["Traceback (most recent call last):", "ValueError: Route cannot end with a slash"]
    assert "ValueError: Route cannot end with a slash" == (
        printed_lines.why_not_serving(lines, FOLDER)
    )


def test_silence_is_told_as_silence():
    assert "printed neither" in printed_lines.why_not_serving([], FOLDER)


def test_what_was_printed_before_a_restart_is_about_the_older_app():
    lines = [*FAILED, "Restarting local dev server.", "Serving on http://127.0.0.1:8000"]
    assert [lines[-1]] == printed_lines.after_restart(lines)
    assert [] == printed_lines.after_restart(FAILED)


def test_whoever_waits_is_woken_by_the_line():
    reading, writing = os.pipe()
    printed = PrintedLines(reading)
    os.write(writing, b"one\nServing on http://127.0.0.1:8000\n")
    assert printed.wait_for(printed_lines.serving, since=0, seconds=10)
    os.close(writing)


def test_waiting_ends_when_nothing_more_can_come():
    reading, writing = os.pipe()
    printed = PrintedLines(reading)
    os.write(writing, b"ValueError: bad\n")
    os.close(writing)
    assert not printed.wait_for(printed_lines.serving, since=0, seconds=10)
    assert "ValueError: bad" == printed.raised_since(0, 0)
    assert 1 == len(printed)
