"""`python3 -m workbook test`: what it makes of its arguments, and what pytest then is given."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from workbook import settings
from workbook.commands import test as command

HERE = settings.root()


def test_without_arguments_everything_runs_and_notebooks_are_compared():
    arguments = command.pytest_arguments(False, [], HERE)
    assert set(command.NBVAL) <= set(arguments)
    assert [] == [argument for argument in arguments if (HERE / argument).exists()]


def test_fast_leaves_out_the_slow_and_the_notebooks():
    arguments = command.pytest_arguments(True, [], HERE)
    assert ["-m", "not slow"] == arguments[:2]
    assert "--nbval" not in arguments


@pytest.mark.parametrize("fast", [True, False])
def test_the_cells_of_a_notebook_stay_with_one_worker_and_arguments_end_parallelism(fast):
    whole = command.pytest_arguments(fast, [], HERE)
    assert whole[whole.index("--dist") + 1] == "loadfile"
    assert "-n" not in command.pytest_arguments(fast, ["-x"], HERE)


def test_a_path_is_handed_on_with_the_notebook_settings():
    arguments = command.pytest_arguments(False, ["pyproject.toml", "-x"], HERE)
    assert ["pyproject.toml", "-x"] == arguments[-2:]
    assert "--nbval" in arguments


@pytest.mark.parametrize("argument", ["pyproject.toml", "pyproject.toml::test_a[x]"])
def test_a_path_is_taken_from_where_it_was_typed(argument):
    given = command.pytest_arguments(False, [f"../{argument}"], HERE / "tests")
    assert argument == given[-1]


@pytest.mark.parametrize("argument", ["-k", "name", "--lf", "-pno:cacheprovider"])
def test_what_is_no_path_is_handed_on_as_it_is(argument):
    assert argument == command.pytest_arguments(False, [argument], HERE)[-1]


def test_the_order_of_arguments_is_kept(toy):
    arguments, _, _ = toy.start("test", "-k", "a b", "--fast", "-x").became
    assert ["-k", "a b", "-x"] == arguments[-3:]


def test_pytests_exit_code_is_the_commands(toy):
    toy.start("test")
    (module,) = toy.venv.glob("lib/*/site-packages/pytest.py")
    module.write_text("raise SystemExit(5)")
    assert 5 == toy.start("test").code


def test_real_credentials_do_not_reach_the_tests(toy):
    _, variables, _ = toy.start("test", AWS_PROFILE="real", AWS_ACCESS_KEY_ID="AKIAREAL").became
    assert ("testing", None) == (variables["AWS_ACCESS_KEY_ID"], variables.get("AWS_PROFILE"))


def test_what_ci_runs_is_the_command_of_the_readme_and_needs_no_standard_input(toy):
    script = Path(".ci/run")
    place = toy.root / script
    place.parent.mkdir()
    place.write_text((settings.root() / script).read_text())
    (toy.home / "bin" / "python3").symlink_to(os.path.realpath(toy.python))
    done = subprocess.run(
        ["bash", "-c", f"exec bash {place} -x <&-"],
        env={**toy.environment, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert '["-x"]' in done.stdout or '"-x"]' in done.stdout
