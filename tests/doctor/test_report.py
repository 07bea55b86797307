"""A report reads without colour, aligned, and escapes what it found."""

from __future__ import annotations

from workbook.doctor import Finding, Report, State

SOUND = Finding("loopback", State.SOUND, "127.0.0.1 answers")
NOTE = Finding("proxies", State.NOTE, "HTTP_PROXY <is> set. " * 8, "`export NO_PROXY=127.0.0.1`")
BROKEN = Finding("disk", State.BROKEN, "0.0 GB free", "Free about 1 GB there.")
ALL = Report((SOUND, NOTE, BROKEN))


def test_as_text_each_finding_has_a_mark_a_word_and_the_line_that_mends_it_below():
    assert repr(Report((SOUND, BROKEN))).splitlines() == [
        "✔ sound   loopback  127.0.0.1 answers",
        "✘ broken  disk      0.0 GB free",
        "                    → Free about 1 GB there.",
        "",
        "Broken: disk. Beside each is the line that mends it.",
    ]


def test_long_words_are_wrapped_under_their_own_column():
    lines = repr(Report((NOTE,))).splitlines()
    assert lines[0].startswith("! note    proxies  HTTP_PROXY")
    assert len(lines) > 4
    assert (" " * 19, True) == (lines[1][:19], lines[1][19] != " ")
    assert max(map(len, lines)) <= 92


def test_a_note_breaks_nothing():
    assert () == Report((SOUND, NOTE)).broken
    assert "Nothing is broken" in Report((SOUND, NOTE)).verdict
    assert (BROKEN,) == ALL.broken


def test_as_html_nothing_that_was_found_becomes_a_tag_and_the_words_are_there():
    shown = ALL._repr_html_()
    assert "&lt;is&gt;" in shown and "<is>" not in shown
    assert all(f"{each.state.mark} {each.state.value}" in shown for each in ALL.findings)
    assert "<code>export NO_PROXY=127.0.0.1</code>" in shown


def test_in_brief_a_sound_machine_reads_as_every_other():
    elsewhere = Report(
        (Finding("loopback", State.SOUND, "other"), Finding("proxies", State.SOUND, ""))
    )
    assert repr(elsewhere.brief) == repr(Report((SOUND, NOTE)).brief)
    assert elsewhere.brief._repr_html_() == Report((SOUND, NOTE)).brief._repr_html_()
    assert repr(ALL.brief).splitlines()[2] == "✘ disk"


def test_in_brief_too_what_is_broken_has_the_line_that_mends_it():
    for shown in (repr(ALL.brief), ALL.brief._repr_html_()):
        assert "0.0 GB free" in shown
        assert "→ Free about 1 GB there." in shown
