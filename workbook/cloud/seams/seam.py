"""A seam: one function of moto's, what takes its place and why. laying.py puts it there."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from types import ModuleType
from typing import Any

from .hooks import Hooks

Replacement = Callable[..., Any]
Build = Callable[[Replacement, Hooks], Replacement]


@dataclass(frozen=True)
class Seam:
    """One replaced function of moto.

    Args:
        module: where it is.
        target: its dotted name there.
        parameters: the names of its parameters, as this seam knows them.
        rests_on: a fragment of its source without which the seam has lost its reason.
        replaces: what moto does, and why that will not do here.
        build: makes the replacement from the original and the hooks.
    """

    module: str
    target: str
    parameters: tuple[str, ...]
    rests_on: str
    replaces: str
    build: Build

    def original(self) -> Replacement:
        """What stands at the target now."""
        found: Replacement = attrgetter(self.target)(importlib.import_module(self.module))
        return found

    def lay(self, module: ModuleType, hooks: Hooks) -> None:
        """Put the replacement in place."""
        owner_name, _, name = self.target.rpartition(".")
        owner = attrgetter(owner_name)(module) if owner_name else module
        setattr(owner, name, self.build(getattr(owner, name), hooks))


class Seams(list[Seam]):
    """The seams of one service, in the order in which its module has them."""

    def at(
        self, module: str, target: str, parameters: str, *, rests_on: str, replaces: str
    ) -> Callable[[Build], Build]:
        """Add a seam that the decorated function builds; parameters have blanks between them."""

        def add(build: Build) -> Build:
            self.append(Seam(module, target, tuple(parameters.split()), rests_on, replaces, build))
            return build

        return add
