"""Looks at the machine and its system; `room` and `network` look at the rest of it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import resource
import sys
import time
import webbrowser
from pathlib import Path

from workbook import settings
from workbook.doctor.report import Finding, State
from workbook.environment import pythons

GB = 1e9
MEMORY_GB = 1.0  # JupyterLab, a kernel and a local cloud take about half of it
OPEN_FILES = 512
# What a Python built by hand often lacks: pip, JupyterLab and packages need them.
PARTS = ("ssl", "_ssl", "_sqlite3", "_ctypes", "zlib", "venv")
DAY_SECONDS = 86_400


def system() -> Finding:
    """Linux, macOS, or Windows' own Linux."""
    said = f"{platform.system()} {platform.release()}, {platform.machine()}"
    if platform.system() == "Darwin" and platform.machine() == "x86_64":
        return Finding(
            "system",
            State.NOTE,
            f"{said}: one locked package has no wheel for an Intel Mac.",
            "Where installing fails, use a Linux container or another machine.",
        )
    if "microsoft" in platform.release().lower() and str(settings.root()).startswith("/mnt/"):
        return Finding(
            "system",
            State.NOTE,
            f"{said}: the repository is on a Windows drive, where Linux is slow.",
            "Clone it into your Linux home: `cd ~ && git clone …`.",
        )
    return Finding("system", State.SOUND, said)


def python() -> Finding:
    """The version, against the one place that says which fit."""
    lowest, below = pythons.supported()
    said = f"{platform.python_version()}, {sys.executable}"
    without = [name for name in PARTS if importlib.util.find_spec(name) is None]
    if without:
        said = f"{said}: it was built without {', '.join(without)}."
        fix = "Install another Python: your package manager's, or `uv python install`."
        return Finding("Python", State.BROKEN, said, fix)
    if lowest <= sys.version_info[:2] < below:
        return Finding("Python", State.SOUND, said)
    fit = " or ".join(pythons.names(lowest, below))
    return Finding("Python", State.BROKEN, f"{said}; needed: {fit}.", f"Install Python {fit}.")


def memory() -> Finding:
    """Memory that is free where the system tells, else all there is."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        (line,) = [each for each in lines if each.startswith("MemAvailable:")]
        return _memory(int(line.split()[1]) * 1024 / GB, "available")
    return _memory(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GB, "in all")


def open_files() -> Finding:
    """How many files a process may have open; each connection is one."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    said = f"{soft} files may be open at once"
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES:
        return Finding(
            "open files", State.NOTE, f"{said}; a busy cloud may need more.", "`ulimit -n 4096`"
        )
    return Finding("open files", State.SOUND, said)


def clock() -> Finding:
    """A clock that stands before the files were written refuses every certificate."""
    now, written = time.time(), (settings.root() / "pyproject.toml").stat().st_mtime
    said = time.strftime("%Y-%m-%d %H:%M %Z", time.localtime(now))
    if now + DAY_SECONDS < written:
        date = time.strftime("%Y-%m-%d", time.localtime(written))
        fix = "Set it: `sudo timedatectl set-ntp true`, on a Mac in System Settings."
        return Finding("clock", State.BROKEN, f"{said}, but a file here is of {date}.", fix)
    return Finding("clock", State.SOUND, said)


def language() -> Finding:
    """Whether text is UTF-8, as every file here is."""
    encoding = sys.getfilesystemencoding()
    if encoding.lower().replace("-", "") == "utf8":
        return Finding("text", State.SOUND, "UTF-8")
    fix = "`export LC_ALL=C.UTF-8`"
    return Finding("text", State.NOTE, f"{encoding}: some characters cannot be shown.", fix)


def browser() -> Finding:
    """Whether there is one to open."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        said = "None was found here; JupyterLab prints its address, for any browser."
        return Finding("browser", State.NOTE, said, "`python3 -m workbook lab --no-browser`")
    return Finding("browser", State.SOUND, "there is one to open")


def _memory(gigabytes: float, which: str) -> Finding:
    said = f"{gigabytes:.1f} GB {which}"
    if gigabytes < MEMORY_GB:
        return Finding("memory", State.NOTE, said, f"Close programs: {MEMORY_GB:g} GB is enough.")
    return Finding("memory", State.SOUND, said)
