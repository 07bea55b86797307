"""Dependencies point one way, and a few things have one place."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "workbook"

# What each part may not import, and therefore does not know of.
FORBIDDEN = {
    "check": {"chalice", "boto3", "moto", "workbook.cloud", "workbook.lessons", "workbook.panels"},
    "cloud": {"workbook.check", "workbook.lessons", "workbook.panels", "workbook.learn"},
    "lessons": {"workbook.panels", "workbook.commands", "workbook.learn"},
    "panels": {"workbook.lessons", "workbook.commands", "workbook.learn"},
    "authoring": {"workbook.cloud", "workbook.panels", "workbook.commands", "workbook.learn"},
}
# Besides settings: those whose job is to change the environment for a time, and put it back.
ENVIRONMENT_READERS = {
    "settings.py",
    "cloud/firewall.py",
    "cloud/launch.py",
    "lessons/deploy.py",
    "lessons/fixtures.py",
    "lessons/layer_runs.py",  # hands it to the tests of a learner's project …
    "lessons/layer_server.py",  # … which run in a process of their own
    "lessons/projects.py",
}


def modules(part=""):
    return sorted((PACKAGE / part).rglob("*.py"))


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("part", FORBIDDEN)
def test_a_part_does_not_import_what_it_must_not_know(part):
    found = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in modules(part)
        for name in imports(path)
        for forbidden in FORBIDDEN[part]
        if name == forbidden or name.startswith(forbidden + ".")
    }
    assert set() == found


def test_one_module_of_the_lessons_comes_without_the_others():
    """A chapter wants a folder to work in, and shall not wait for every chapter's checks."""
    assert [] == list(imports(PACKAGE / "lessons" / "__init__.py"))


def test_only_seams_change_moto():
    changed = {
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in modules()
        if PACKAGE / "cloud" / "seams" not in path.parents
        for of_moto in [names_of_moto(path)]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for owner in changed_objects(node)
        if owner in of_moto
    }
    assert set() == changed


def names_of_moto(path):
    """What a module calls the things that it imports from moto."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).partition(".")[0] == "moto"
    }


def changed_objects(node):
    """The names of what a statement sets an attribute of."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        yield ast.unparse(node).partition(".")[0]
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("setattr", "delattr"):
        yield ast.unparse(node.args[0]).partition(".")[0]


def test_seams_wait_for_moto():
    """It takes seconds and a hundred megabytes: a seam that imported it would load it for all."""
    waiting = {
        f"{path.relative_to(PACKAGE)}: {ast.unparse(statement)}"
        for path in modules("cloud/seams")
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.Import | ast.ImportFrom) and "moto" in ast.unparse(statement)
    }
    assert set() == waiting


def test_only_settings_reads_the_environment():
    readers = {
        str(path.relative_to(PACKAGE))
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    # The worker is a program by itself: it runs in a function's environment, not in ours. Known
    # answers are a learner's functions.
    not_ours = ("cloud/functions/worker/", "lessons/answers/")
    elsewhere = {name for name in readers if not name.startswith(not_ours)}
    assert elsewhere <= ENVIRONMENT_READERS


def test_nothing_is_bound_to_an_address_that_others_reach():
    everywhere = [
        str(path.relative_to(PACKAGE))
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and "0.0.0.0" in ast.unparse(node)
    ]
    assert [] == everywhere


def test_no_tracked_file_names_a_package_registry():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    host = re.compile(r"(pypi|pythonhosted|anaconda|npmjs)\.(org|com)")
    named = [
        name
        for name in tracked
        if (ROOT / name).is_file() and host.search((ROOT / name).read_text(errors="replace"))
    ]
    assert [] == named
