"""Benches that end with their test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# tests are imported by their path alone, so what they share must be found by its name
sys.path.insert(0, str(Path(__file__).parent))

from functions_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "bench")
    with made.functions:
        yield made


@pytest.fixture
def bench_with(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """A Bench whose Functions has other settings."""
    made: list[Bench] = []

    def make(**settings: Any) -> Bench:
        made.append(Bench(tmp_path / f"bench{len(made)}", **settings))
        return made[-1]

    yield make
    for one in made:
        one.functions.close()


@pytest.fixture(scope="module")
def shared_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One bench for a module's tests that look at outcomes alone."""
    made = Bench(tmp_path_factory.mktemp("shared"))
    with made.functions:
        yield made
