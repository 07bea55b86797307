"""Something to be done to a module as soon as somebody imports it, and not before."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing itself would cost a part of the start
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any


def after_import(name: str, then: Callable[[Any], None]) -> None:
    """Call `then` with the module `name` right after it was first executed."""
    sys.meta_path.insert(0, _AfterImport(name, then))


class _AfterImport:
    def __init__(self, name: str, then: Callable[[Any], None]) -> None:
        self.name = name
        self.then = then

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """The import system's question for a module; answered for one alone, and once."""
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        found = (finder.find_spec(name, path, target) for finder in sys.meta_path)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is None:  # there is no such module, as the import system goes on to say
            return None
        loader: Any = spec.loader
        execute = loader.exec_module

        def execute_and_then(module: ModuleType) -> None:
            execute(module)
            self.then(module)

        loader.exec_module = execute_and_then
        return spec
