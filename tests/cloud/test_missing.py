"""What is missing is named in one place, and nobody refuses in words of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import workbook.cloud
from workbook.cloud.missing import CODE, STATUS, Missing

PACKAGE = Path(workbook.cloud.__file__).parent
REFUSALS = ("NotEmulated", "Unimplemented", "NotImplementedError")
EMULATE = re.compile(r"\bemulated?\b")


def is_text(node: ast.AST) -> bool:
    constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return constant or isinstance(node, ast.JoinedStr)


def refusals(source: str) -> Iterator[ast.AST]:
    """Where a module names something missing by itself, or its status or its code."""
    tree = ast.parse(source)
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in REFUSALS:
            named = [*ast.walk(node.args[0])] if node.args else []
            yield from (each for each in named if is_text(each))
        elif isinstance(node, ast.Attribute) and node.attr == "NOT_IMPLEMENTED":
            yield node
        elif isinstance(node, ast.Constant) and id(node) not in documents:
            words = node.value if isinstance(node.value, str) else ""
            if node.value == STATUS or words == CODE or EMULATE.search(words):
                yield node


def test_no_other_module_names_what_is_missing() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "missing.py"
        for node in refusals(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "Let the name be a member of missing.Missing."


def test_a_name_of_one_s_own_would_be_found() -> None:
    for own in (
        'raise NotEmulated("layers")',
        'raise NotEmulated(f"the runtime {name}")',
        'Unimplemented("layers", "lambda")',
        "answer(501)",
        "answer(HTTPStatus.NOT_IMPLEMENTED)",
        'error = "NotImplemented"',
        'raise invalid("Rules are not emulated")',
    ):
        assert [*refusals(own)], own
    assert not [*refusals('"""Not emulated."""\nraise NotEmulated(Missing.VPC, f"{name}")')]


def test_each_name_is_said_once() -> None:
    titles = [missing.title for missing in Missing]
    assert len(set(titles)) == len(titles)
