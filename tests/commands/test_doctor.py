"""`python3 -m workbook doctor`: before there is an environment, inside it, and how it ends."""

from __future__ import annotations


def test_before_there_is_an_environment_it_looks_at_the_rest_and_makes_none(toy):
    started = toy.start("doctor")
    assert "not made yet" in started.out
    assert "✔ sound   loopback" in started.out
    assert "kernel  " not in started.out
    assert (False, []) == (toy.venv.exists(), toy.installed())


def test_what_is_broken_makes_its_exit_code_1_with_the_line_that_mends_it(toy):
    (toy.root / "requirements.txt").unlink()
    started = toy.start("doctor")
    assert (1, "") == (started.code, started.err)
    assert "checkout -- requirements.txt" in started.out
    assert started.out.splitlines()[-1].startswith("Broken: repository")


def test_where_there_is_an_environment_it_looks_in_there(toy):
    toy.start("test")
    started = toy.start("doctor")
    assert f"✔ sound   environment  {toy.venv}" in started.out
    assert "✘ broken  widgets" in started.out  # the toy's lock has none
    assert 1 == started.code
    assert 2 == len(toy.installed())


def test_an_environment_that_was_broken_is_told_from_outside(toy):
    toy.start("test")
    (toy.venv / "bin" / "python").unlink()
    started = toy.start("doctor")
    assert (1, True) == (started.code, "does not start" in started.out)


def test_a_terminal_that_cannot_show_a_mark_gets_the_words(toy):
    started = toy.start("doctor", PYTHONIOENCODING="ascii")
    assert "? sound   loopback" in started.out
