"""What is packaged is what these tests ran with."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from stage import HERE as SERVICE

LINES = (SERVICE / "requirements.txt").read_text().splitlines()
PINS = [line.split("==") for line in LINES if line and not line.startswith("#")]


@pytest.mark.parametrize(("name", "pinned"), PINS, ids=lambda part: part)
def test_a_packaged_library_is_the_tested_one(name: str, pinned: str) -> None:
    assert version(name) == pinned
