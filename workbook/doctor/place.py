"""Looks at what is the workbook's own: the repository, the environment, the wheels; and at keys."""

from __future__ import annotations

import sys

from workbook import settings
from workbook.doctor.report import Finding, State
from workbook.environment import entering, making, pythons, wheelhouse
from workbook.errors import SetUpError

START = "`python3 -m workbook lab`"
NEEDED = (
    "requirements.txt",
    "pyproject.toml",
    "notebooks",
    "exercises",
    "solutions",
    "chalice_app/app.py",
)


def repository() -> Finding:
    """Whether all of it is there, and whether the lock fits the metadata."""
    root = settings.root()
    missing = [name for name in NEEDED if not (root / name).exists()]
    if missing:
        said = f"{', '.join(missing)} missing from {root}."
        fix = f"`git -C {root} checkout -- {' '.join(missing)}`"
        return Finding("repository", State.BROKEN, said, fix)
    try:
        making.compare_lock_with_metadata(root)
    except SetUpError as error:
        return Finding("repository", State.BROKEN, error.problem, error.fix)
    return Finding("repository", State.SOUND, str(root))


def environment() -> Finding:
    """Which one commands run in, and what an active one lacks."""
    place = entering.ready()
    if place is None:
        return _none_ready()
    lacking = [
        f"{prefix} is active, but lacks of the lock: {'; '.join(differences)}"
        for prefix, differences in entering.differing().items()
    ]
    if lacking:
        said = f"{'. '.join(lacking)}. Commands use {place}."
        return Finding("environment", State.NOTE, said, "`deactivate`, or `conda deactivate`")
    return Finding("environment", State.SOUND, str(place))


def wheels() -> Finding:
    """Whether an app with requirements can be packaged without a network."""
    ours = wheelhouse.ours()
    if not ours.wanted():
        return Finding("wheels", State.SOUND, "none are needed: chalice_app requires nothing")
    if not ours.is_whole():
        said = "not fetched yet: `chalice deploy` of an app with requirements needs the network"
        return Finding("wheels", State.NOTE, said, f"{START} fetches them, with the network")
    mine = settings.workspace() / "chalice_app" / "requirements.txt"
    asked = wheelhouse.Wheelhouse(ours.folder, mine, ours.lock).wanted()
    if absent := [line for line in asked if ours.lacks(line)]:
        said = f"{mine} asks for {', '.join(absent)}, which the workbook has no wheel of."
        fix = "`PIP_NO_INDEX= chalice deploy` fetches it from your index, with the network"
        return Finding("wheels", State.NOTE, said, fix)
    count = sum(1 for _ in ours.folder.glob("*.whl"))
    return Finding("wheels", State.SOUND, f"{count} to package, in {ours.folder}")


def credentials() -> Finding:
    """What could reach a real AWS account: its names, never its values."""
    real = settings.real_credentials()
    if not real:
        return Finding("credentials", State.SOUND, "none that are real")
    said = (
        f"{', '.join(real)}: real, perhaps. Notebooks, tests and the local cloud do not see them; "
        "what you run in a terminal of your own does."
    )
    variables = [name for name in real if "/" not in name]
    fix = f"`unset {' '.join(variables)}`" if variables else ""
    return Finding("credentials", State.NOTE, said, fix)


def _none_ready() -> Finding:
    folder = settings.venv()
    if making.is_foreign():
        said = f"{folder} was not made by the workbook, and does not satisfy the lock."
        fix = "Move it away, or name another place: `export WORKBOOK_VENV=/some/folder`."
        return Finding("environment", State.BROKEN, said, fix)
    if not folder.exists() or not any(folder.iterdir()):
        said = "not made yet: packages, widgets, kernel and local cloud were not looked at"
        return Finding("environment", State.NOTE, said, f"{START} makes it")
    if pythons.version_of(str(folder / "bin" / "python")) is None:
        said = f"The Python of {folder} does not start."
        return Finding("environment", State.BROKEN, said, f"{START} makes it anew")
    if not (folder / making.STAMP).exists():
        said = f"{folder} was not finished."
        return Finding("environment", State.BROKEN, said, f"{START} makes it anew")
    running = ".".join(map(str, sys.version_info[:3]))
    said = f"{folder} is of another lock, place or Python (this one is {running})."
    return Finding("environment", State.NOTE, said, f"{START} brings it up to date")
