"""What a person types, and how a command ends."""

from __future__ import annotations

import pytest

from workbook import __main__ as command_line
from workbook import commands
from workbook.errors import WorkbookError


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_every_command_has_the_four_names(name):
    command = commands._module(name)
    assert command.HELP and command.__doc__
    assert isinstance(command.NEEDS_ENVIRONMENT, bool)
    assert callable(command.add_arguments) and callable(command.run)


@pytest.mark.parametrize("argv", [[], ["--help"], ["-h"]])
def test_the_overview_lists_every_command(argv, capsys):
    with pytest.raises(SystemExit) as ended:
        commands.parse(argv)
    out = capsys.readouterr().out
    assert (0, True) == (ended.value.code, all(f"  {name} " in out for name in commands.COMMANDS))


@pytest.mark.parametrize("argv", [["no-such"], ["lab", "--no-such"], ["lab", "--port", "x"]])
def test_a_usage_error_ends_with_2_before_anything_is_made(toy, argv):
    started = toy.start(*argv)
    assert (2, True) == (started.code, "usage: python3 -m workbook" in started.err)
    assert not toy.venv.exists()


def test_help_makes_nothing(toy):
    assert (0, False) == (toy.start("lab", "--help").code, toy.venv.exists())


def test_an_error_of_the_workbook_is_its_two_lines_and_1(monkeypatch, capsys):
    def fails(argv):
        raise WorkbookError("This happened.", "Do that.")

    monkeypatch.setattr(command_line, "_run", fails)
    assert (1, "This happened.\nDo that.\n") == (command_line.main([]), capsys.readouterr().err)


def test_ctrl_c_is_quiet(monkeypatch, capsys):
    def interrupted(argv):
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "_run", interrupted)
    assert (130, "") == (command_line.main([]), capsys.readouterr().err)


def test_build_hands_over_to_the_builder(monkeypatch):
    from workbook.authoring import build

    given = []
    monkeypatch.setattr(build, "run", lambda check, only: given.append((check, only)) or 3)
    for argv in (["build"], ["build", "--check", "02"]):
        command, options = commands.parse(argv)
        assert 3 == command.run(options)
    assert [(False, []), (True, ["02"])] == given
