"""What is packaged is what these tests ran with."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from conftest import SERVICE

PINS = [line.split("==") for line in (SERVICE / "requirements.txt").read_text().split()]


@pytest.mark.parametrize(("name", "pinned"), PINS, ids=lambda part: part)
def test_a_packaged_library_is_the_tested_one(name: str, pinned: str) -> None:
    assert version(name) == pinned
