"""Compiled packages in a zip that were built for another platform than this machine.

Chalice packages Linux wheels, whatever the laptop. Where one cannot be loaded here, the same
distribution of the workbook's environment takes its place in the unpacked code, and the log
says so. Where none is installed, the log says that; the import then fails.
"""

from __future__ import annotations

import platform
import re
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from workbook.cloud.functions.import_path import link_distribution, top_levels


def stand_in(root: Path) -> list[str]:
    """Replace foreign distributions below an unpacked zip; what the log should say of each."""
    return [_replace(root, packed) for packed in _packed(root) if _foreign(packed)]


def _packed(root: Path) -> Iterator[metadata.Distribution]:
    for info in sorted(root.glob("*.dist-info")):
        yield metadata.Distribution.at(info)


def _foreign(packed: metadata.Distribution) -> bool:
    wheel = packed.read_text("WHEEL") or ""
    tags = re.findall(r"^Tag: [^-\s]+-([^-\s]+)-(\S+)$", wheel, re.MULTILINE)
    return bool(tags) and not any(_loadable(abi, platforms) for abi, platforms in tags)


def _loadable(abi: str, platforms: str) -> bool:
    """Whether a wheel of this tag can be loaded by this interpreter on this machine."""
    if platforms == "any":
        return True
    own = f"cp{sys.version_info.major}{sys.version_info.minor}"
    abi_fits = abi in (own, "abi3", "none")
    return abi_fits and any(_platform_fits(name) for name in platforms.split("."))


def _platform_fits(name: str) -> bool:
    system = {"linux": ("linux", "manylinux"), "darwin": ("macosx",)}.get(sys.platform, ())
    return name.startswith(system) and name.endswith((f"_{platform.machine()}", "_universal2"))


def _replace(root: Path, packed: metadata.Distribution) -> str:
    name, version = packed.metadata["Name"], packed.version
    built = f"{name} {version} in the package is not built for this machine"
    try:
        installed = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return f"[workbook] {built}, and none is installed to stand in for it"
    for entry in top_levels(packed):
        target = root / entry
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
    link_distribution(installed, root)
    return f"[workbook] {built}: {name} {installed.version}, installed here, stands in for it"
