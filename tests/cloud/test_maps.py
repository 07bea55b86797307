"""The map that each package of the cloud opens with names what is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import workbook.cloud

PACKAGE = Path(workbook.cloud.__file__).parent
PACKAGES = sorted(path.parent for path in PACKAGE.rglob("__init__.py"))


def map_of(package: Path) -> str:
    return ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or ""


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_module_on_the_map_exists(package: Path) -> None:
    named = set(re.findall(r"\b(\w+\.py)\b", map_of(package)))
    places = (package, package.parent)  # a map shows the way in, too
    missing = {name for name in named if not any((place / name).exists() for place in places)}
    assert missing == set()


def test_every_part_is_on_the_map_of_the_cloud() -> None:
    parts = {path.name for path in PACKAGES if path.parent == PACKAGE}
    drawn = set(re.findall(r"(?<![/\w])(\w+(?:/\w+)*)/(?!\w)", map_of(PACKAGE)))
    assert parts <= drawn
    assert [name for name in drawn if not (PACKAGE / name).is_dir()] == []
