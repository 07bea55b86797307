"""What the lock asks for, and what an environment lacks of it.

Markers are evaluated here rather than by `packaging`, which an environment may not have yet; a
test holds the two together for every marker in the lock.
"""

from __future__ import annotations

import ast
import operator
import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from itertools import islice
from pathlib import Path

from workbook.errors import SetUpError

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)[ ]*(?:;[ ]*(.*?))?[ ]*\\?$")
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")
_COMPARE = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


@dataclass(frozen=True)
class Pin:
    """One distribution of the lock: `name==version ; marker`, and its lines with the hashes."""

    name: str
    version: str
    marker: str
    text: str

    def applies(self, machine: Mapping[str, str]) -> bool:
        """Whether it is wanted on this machine."""
        return not self.marker or evaluate(self.marker, machine)


def read(lock: Path) -> list[Pin]:
    """The pins of a lock file.

    Raises:
        SetUpError: the file is missing, or has no pins.
    """
    fix = f"Restore it: `git checkout {lock.name}`."
    try:
        lines = lock.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise SetUpError(f"The lock {lock} is missing.", fix) from None
    if any(line.startswith("<<<<<<<") for line in lines):
        raise SetUpError(f"The lock {lock} holds an unfinished merge.", f"Finish it. {fix}")
    starts = [number for number, line in enumerate(lines) if _PIN.match(line)]
    if not starts:
        raise SetUpError(f"The lock {lock} pins nothing.", fix)
    return [
        Pin(*_matched(lines[start]), text="\n".join(lines[start:end]) + "\n")
        for start, end in zip(starts, [*starts[1:], len(lines)])
    ]


def unpinned(dependencies: list[str], pins: list[Pin]) -> list[str]:
    """The names that a list of requirements has and the lock does not pin."""
    pinned = {normal(pin.name) for pin in pins}
    return [name for name in map(named, dependencies) if name and normal(name) not in pinned]


def named(requirement: str) -> str:
    """The distribution that a requirement names; empty where it names none, as `-r file`."""
    found = _NAME.match(requirement)
    return found.group() if found else ""


def lacking(pins: list[Pin], at_most: int) -> list[str]:
    """What the running environment lacks, in words; the first few, empty when it satisfies."""
    return list(islice(_lacking(pins), at_most))


def machine() -> dict[str, str]:
    """The names that markers may use, with this interpreter's values."""
    version = sys.implementation.version
    return {
        "implementation_name": sys.implementation.name,
        "implementation_version": ".".join(map(str, version[:3])),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    }


def evaluate(marker: str, machine: Mapping[str, str]) -> bool:
    """Whether an environment marker holds.

    The syntax is a small part of Python's own, so that Python's parser reads it.
    """
    return bool(_value(ast.parse(marker, mode="eval").body, machine))


def normal(name: str) -> str:
    """The name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _matched(line: str) -> tuple[str, str, str]:
    name, version, marker = _PIN.fullmatch(line).groups(default="")  # type: ignore[union-attr]
    return name, version, marker


def _lacking(pins: list[Pin]) -> Iterator[str]:
    here = machine()
    for pin in pins:
        if not pin.applies(here):
            continue
        try:
            installed = metadata.version(pin.name)
        except metadata.PackageNotFoundError:
            yield f"{pin.name} is not installed (wanted: {pin.version})"
        else:
            if _numbers(installed) != _numbers(pin.version):
                yield f"{pin.name} is {installed} (wanted: {pin.version})"


def _numbers(version: str) -> list[int | str]:
    """Comparable parts: 2024.07.04 and 2024.7.4 are the same version."""
    return [int(part) if part.isdigit() else part for part in re.findall(r"\d+|[a-z]+", version)]


def _value(node: ast.expr, machine: Mapping[str, str]) -> object:
    if isinstance(node, ast.BoolOp):
        values = (_value(part, machine) for part in node.values)
        return all(values) if isinstance(node.op, ast.And) else any(values)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = _value(node.left, machine), _value(node.comparators[0], machine)
        names = [part.id for part in (node.left, node.comparators[0]) if isinstance(part, ast.Name)]
        if any(name.endswith("_version") and name.startswith(("python", "impl")) for name in names):
            left, right = _numbers(str(left)), _numbers(str(right))
            length = max(len(left), len(right))  # 3.12 and 3.12.0 are the same version
            left, right = (part + [0] * (length - len(part)) for part in (left, right))
        return _COMPARE[type(node.ops[0])](left, right)
    if isinstance(node, ast.Name):
        return machine[node.id]
    if isinstance(node, ast.Constant):
        return node.value
    raise ValueError(f"not a marker: {ast.unparse(node)}")
