"""Seams are laid when moto's module is imported, for moto loads a service when it is first called.

So a cloud that never hears of Kinesis never pays for it. Packages that moto imports and hardly
needs are left out meanwhile, by postponed.py.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

from .hooks import Hooks
from .postponed import POSTPONED, postponed
from .seam import Seam


def lay(seams: Iterable[Seam], hooks: Hooks) -> None:
    """Extend moto in this process, for good: now what is imported, the rest as it is."""
    by_module: dict[str, list[Seam]] = {name: [] for name in POSTPONED}
    for seam in seams:
        by_module.setdefault(seam.module, []).append(seam)
    for name in by_module.keys() & sys.modules.keys():
        for seam in by_module.pop(name):
            seam.lay(sys.modules[name], hooks)
    sys.meta_path.insert(0, _AfterImport(by_module, hooks))


class _AfterImport(importlib.abc.MetaPathFinder):
    """Finds nothing itself; has the seams of a module laid as soon as that has been executed."""

    def __init__(self, waiting: dict[str, list[Seam]], hooks: Hooks) -> None:
        self._waiting, self._hooks = waiting, hooks

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._waiting:
            return None
        seams = self._waiting.pop(fullname)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            with postponed(fullname):
                execute(module)
            for seam in seams:
                seam.lay(module, self._hooks)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
