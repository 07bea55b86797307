"""What a function may import beside its own code: boto3 and what boto3 needs, as on AWS.

The runtime folder (LAMBDA_RUNTIME_DIR) holds links to just those distributions of the
workbook's environment. A package that is installed there but missing from the zip is thus
not found, and the function fails as it would on AWS.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path


def link_runtime(folder: Path, distributions: Iterable[str] = ("boto3",)) -> None:
    """Make the folder, with links to the distributions and all that they require."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _required(distributions):
        with contextlib.suppress(metadata.PackageNotFoundError):  # needed elsewhere, not here
            link_distribution(metadata.distribution(name), folder)


def link_distribution(distribution: metadata.Distribution, folder: Path) -> None:
    """Link a distribution's packages, modules and metadata into a folder."""
    for name in top_levels(distribution):
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(Path(str(distribution.locate_file(name))).resolve())


def top_levels(distribution: metadata.Distribution) -> set[str]:
    """The entries of site-packages that a distribution owns, its metadata among them."""
    record = distribution.read_text("RECORD") or ""
    firsts = {re.split("[/,]", line, maxsplit=1)[0].strip('"') for line in record.splitlines()}
    return firsts - {"", "..", "__pycache__"}


def _required(distributions: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(distributions)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        found.add(name)
        with contextlib.suppress(metadata.PackageNotFoundError):
            requirements = metadata.distribution(name).requires or []
            waiting += [_name(line) for line in requirements if "extra ==" not in line]
    return found


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None, requirement
    return match.group()
