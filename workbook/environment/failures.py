"""What went wrong while an environment was made, told as one sentence and a way to mend it.

pip, uv and ensurepip say it in many lines; here those lines are recognised. What is not recognised
is shown as it came.
"""

from __future__ import annotations

import errno
import re
import sys
from pathlib import Path

from workbook.errors import SetUpError

OUT_OF_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_NO_ROOM = re.compile(
    r"No space left|Errno 28\b|quota exceeded|File too large|os error (27|28|122)\b", re.IGNORECASE
)
_HASH = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch", re.IGNORECASE)
_NO_CONNECTION = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Max retries exceeded|ProxyError|timed out|"
    r"name resolution|getaddrinfo|Network is unreachable|SSLError|CERTIFICATE_VERIFY_FAILED|"
    r"Failed to fetch|error sending request|dns error|tcp connect error|"
    r"network (was|connectivity is) disabled",
    re.IGNORECASE,
)
_ERRNO = re.compile(r"\[Errno -?\d+\] ([^)\"']+)")
_NOT_OFFERED = re.compile(
    r"No matching distributions? (found|available)|Could not find a version|"
    r"not found in the package registry",
    re.IGNORECASE,
)


class NoNetwork(SetUpError):
    """Packages could not be fetched; nothing was installed."""


def explained(output: str, name: str, folder: Path, made: str = "environment") -> SetUpError:
    """The error for a program that failed.

    Args:
        output: the last lines it wrote.
        name: what it is called, for the sentence.
        folder: what it wrote to.
        made: what that is, for the sentence.
    """
    if _NO_ROOM.search(output):
        return no_room(folder, made)
    if _HASH.search(output):
        return SetUpError(
            f"{name} refused a package that is not the one the lock names: its hash differs.\n"
            f"{output}",
            "A proxy or a mirror may have changed it: ask whoever runs it. Nothing of it was "
            "installed.",
        )
    told = _last(_NO_CONNECTION, output) or _last(_NOT_OFFERED, output)
    if told:
        return NoNetwork(
            f"{name} could not fetch the packages: {told}",
            "The first start needs the network, later ones do not. Check the connection, or the "
            "proxy and index that are set for pip or uv, and run the command again.",
        )
    return SetUpError(
        f"{name} could not make the {made} in {folder}:\n{output}".rstrip(),
        "Run the command again; if it fails the same way, the lines above say why.",
    )


def no_room(folder: Path, made: str = "environment") -> SetUpError:
    """The error for a disk, a quota or a limit that is used up."""
    return SetUpError(
        f"The disk is full: the {made} in {folder} could not be written.",
        "Free about 1 GB there and in the temporary folder, and run the command again.",
    )


def unwritable(folder: Path, error: OSError) -> SetUpError:
    """The error for a folder in which the environment cannot be made."""
    if error.errno in OUT_OF_ROOM:
        return no_room(folder)
    return SetUpError(
        f"The environment in {folder} could not be written: {error.strerror}.",
        "Clone the repository into a folder of your own, or name another place for the "
        "environment: WORKBOOK_VENV=/some/folder.",
    )


def without_wheels(error: SetUpError) -> SetUpError:
    """The same error, for wheels: all but packaging an app works without them."""
    if not isinstance(error, NoNetwork):
        return error
    return NoNetwork(
        error.problem.replace("the packages", "the wheels that a deployed service needs", 1),
        "All else works. Start once with the network before you deploy an app that has "
        "requirements; the proxy and index set for pip are used.",
    )


def unwritable_wheels(folder: Path, error: OSError) -> SetUpError:
    """The error for a folder in which no wheels can be kept."""
    if error.errno in OUT_OF_ROOM:
        return no_room(folder, "wheelhouse")
    return SetUpError(
        f"The wheels in {folder} could not be written: {error.strerror}.",
        "Make room there or make it writable, or name another place: "
        "WORKBOOK_WHEELHOUSE=/some/folder.",
    )


def no_ensurepip() -> SetUpError:
    """The error for a Python that was installed in parts: Debian's, without python3-venv."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return SetUpError(
        f"This Python {version} cannot make an environment: its venv or ensurepip is missing.",
        f"Install it (Debian and Ubuntu: `sudo apt install python{version}-venv`), or install uv, "
        "and run the command again.",
    )


def _last(sign: re.Pattern[str], output: str) -> str:
    """The last line that has the sign, cut to what one reads; empty when none has."""
    told = [line.strip() for line in output.splitlines() if sign.search(line)]
    if not told:
        return ""
    of_the_system = _ERRNO.search(told[-1])  # "Network is unreachable", inside three brackets
    return (of_the_system.group(1) if of_the_system else told[-1].removeprefix("ERROR: "))[:200]
