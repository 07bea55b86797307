"""The support package of the serverless workbook.

    learn      check, hint, solution, progress: what a notebook imports to do an exercise
    commands   what a person types
    panels     what a learner sees
    lessons    the content: chapters, exercises, their checks
    check      the engine that judges exercises; knows nothing of AWS
    cloud      the local cloud that an unmodified `chalice deploy` reaches

Importing this package needs the standard library alone, because the command line runs before the
environment exists. What a notebook imports from here is loaded when it is first named. Python 3.6
must be able to read it (it knows no future annotations), so that it gets __main__'s sentence.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WHERE = {
    "LocalCloud": "workbook.cloud",
}
__all__ = ["LocalCloud"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'workbook' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> "list[str]":
    return sorted(__all__)
