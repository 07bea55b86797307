"""Where things are, and what the environment says: the only reader of environment variables.

Neighbours ask here for folders and for the variables a child process is given. Four variables
are the workbook's own, and each is a path:

    WORKBOOK_VENV        where the environment is made        (.venv in the repository)
    WORKBOOK_WHEELHOUSE  where wheels for deploying are kept  (.wheelhouse in the repository)
    WORKBOOK_WORKSPACE   where the learner works              (workspace in the repository)
    WORKBOOK_PROGRESS    the file that remembers progress     (progress.json in the workspace)

Standard library only, and readable by Python 3.8: it is imported before a fit Python is found.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

# What says where packages come from and how the network is reached: kept. All other settings of
# pip and uv (user, target, prefix, constraint, python…) would change what is installed, or where.
_PIP_KEPT = re.compile(
    "PIP_(INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX|TRUSTED_HOST|PROXY|CERT|CLIENT_CERT|"
    "TIMEOUT|DEFAULT_TIMEOUT|RETRIES|RESUME_RETRIES|CACHE_DIR|NO_CACHE_DIR|CONFIG_FILE|"
    "KEYRING_PROVIDER|USE_FEATURE|USE_DEPRECATED)"
)
_UV_KEPT = re.compile(
    "UV_(INDEX.*|DEFAULT_INDEX|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX|INSECURE_HOST|NATIVE_TLS|"
    "SYSTEM_CERTS|SSL_.*|HTTP_.*|REQUEST_TIMEOUT|CACHE_DIR|NO_CACHE|OFFLINE|CONFIG_FILE|"
    "KEYRING_PROVIDER|LINK_MODE|CONCURRENT_.*|PYTHON_INSTALL_DIR)"
)
_PYTHON_DROPPED = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONPLATLIBDIR",
    "PYTHONEXECUTABLE",
    "PYTHONSAFEPATH",
    "__PYVENV_LAUNCHER__",
)
# What AWS's clients take for credentials, or as the way to some; and what the workbook sets instead.
_CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_BEARER_TOKEN_BEDROCK",
)
_DUMMIES = (
    "testing",
    "local-cloud",
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
)
WHEELHOUSE_STAMP = "workbook.json"  # written last: it says that the wheels are all there


def root() -> Path:
    """The repository's folder."""
    return Path(__file__).resolve().parent.parent


def venv() -> Path:
    """The environment's folder, whether it exists or not."""
    return _path_from("WORKBOOK_VENV") or root() / ".venv"


def wheelhouse() -> Path:
    """The folder of the wheels that `chalice deploy` packages, whether it exists or not.

    One for each Python, since a wheel is for one; else two environments would undo each other's.
    """
    ours = root() / ".wheelhouse" / "python{}.{}".format(*sys.version_info[:2])
    return _path_from("WORKBOOK_WHEELHOUSE") or ours


def workspace() -> Path:
    """The learner's folder, whether it exists or not."""
    return _path_from("WORKBOOK_WORKSPACE") or root() / "workspace"


def state_folder() -> Path:
    """What the workbook remembers about the workspace; hidden inside it."""
    return workspace() / ".workbook"


def manifest() -> Path:
    """The file that remembers what was laid into the workspace."""
    return state_folder() / "manifest.json"


def workspace_lock() -> Path:
    """The file by which one start at a time changes the workspace."""
    return state_folder() / "workbook.lock"


def progress_file() -> Path | None:
    """The file for progress, or None where the current folder lies outside the workspace.

    None keeps authors' and CI's runs, which start in the repository, from being remembered.
    """
    named = _path_from("WORKBOOK_PROGRESS")
    if named is not None:
        return named
    home, here = workspace().resolve(), Path.cwd().resolve()
    return home / "progress.json" if home == here or home in here.parents else None


def learners_progress_file() -> Path:
    """The learner's file for progress, wherever the command was typed; it may not exist."""
    return _path_from("WORKBOOK_PROGRESS") or workspace() / "progress.json"


def active_prefixes() -> list[Path]:
    """The environments that the shell says are active; only those that have a Python."""
    named = [_path_from(name) for name in ("VIRTUAL_ENV", "CONDA_PREFIX")]
    return [prefix for prefix in named if prefix and (prefix / "bin" / "python").exists()]


def real_credentials() -> list[str]:
    """The names of what is set that could reach a real AWS account; never what it is set to.

    What the workbook itself sets (dummy keys, an endpoint on this machine) is not among them.
    """
    named = [
        name for name in _CREDENTIALS if os.environ.get(name) and os.environ[name] not in _DUMMIES
    ]
    files = {
        "AWS_SHARED_CREDENTIALS_FILE": Path.home() / ".aws" / "credentials",
        "AWS_CONFIG_FILE": Path.home() / ".aws" / "config",
        "BOTO_CONFIG": Path.home() / ".boto",
    }
    for variable, usual in files.items():
        place = _path_from(variable) or usual
        if place.is_file():
            named.append(str(place))
    return named


def proxies() -> tuple[list[str], str]:
    """The names of the proxy variables that are set, and what is excepted from them."""
    names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    excepted = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    return [name for name in names if os.environ.get(name)], excepted


def program(name: str) -> str | None:
    """The program of that name on PATH, or None."""
    return shutil.which(name)


def pyenv_versions() -> Path:
    """The folder in which pyenv keeps its Pythons, whether it exists or not."""
    return (_path_from("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"


def keeps_no_bytecode() -> bool:
    """Whether Python is told not to keep what it compiles, as in many containers."""
    return bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))


def variables() -> dict[str, str]:
    """The environment without what would make another Python's packages or library visible."""
    return {name: value for name, value in os.environ.items() if name not in _PYTHON_DROPPED}


def variables_for_starting() -> dict[str, str]:
    """As `variables`, for this program started anew by a Python that may not have it installed."""
    return {**variables(), "PYTHONPATH": str(root())}


def variables_for_installing() -> dict[str, str]:
    """As `variables`, with pip's and uv's settings reduced to where packages come from."""
    given = variables()
    if given.get("PIP_FIND_LINKS") == wheelhouse().as_uri():  # a terminal within JupyterLab
        given = {name: given[name] for name in given.keys() - variables_for_packaging().keys()}
    kept = {}
    for name, value in given.items():
        foreign = name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONUSERBASE")
        foreign = foreign or (name.startswith("PIP_") and not _PIP_KEPT.fullmatch(name))
        foreign = foreign or (name.startswith("UV_") and not _UV_KEPT.fullmatch(name))
        if not foreign:
            kept[name] = value
    for pip, uv in (
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
        ("PIP_FIND_LINKS", "UV_FIND_LINKS"),
        ("PIP_CERT", "SSL_CERT_FILE"),
    ):
        if pip in kept:
            kept.setdefault(uv, kept[pip])
    kept.update(PIP_USER="0", PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    kept.setdefault("PIP_RETRIES", "2")  # pip's own five make a person without network wait
    return kept


def variables_for_packaging() -> dict[str, str]:
    """By these, pip (and so Chalice's packager) takes wheels from the wheelhouse alone.

    As an address, because pip takes a space in a path for the end of it.
    """
    return {"PIP_FIND_LINKS": wheelhouse().as_uri(), "PIP_NO_INDEX": "1"}


def wheels_in_place() -> dict[str, str]:
    """`variables_for_packaging` where the wheelhouse is whole; else pip's own ways are better."""
    return variables_for_packaging() if (wheelhouse() / WHEELHOUSE_STAMP).exists() else {}


def variables_for_learning() -> dict[str, str]:
    """As `variables`, with nothing by which a real AWS account could be reached, and with the
    wheelhouse where it is whole.

    Every AWS_ variable goes, but for the certificates that a proxy may need. The files are pointed
    at nothing rather than unset, because botocore falls back on ~/.aws.
    """
    kept = {
        name: value
        for name, value in variables().items()
        if not name.startswith("AWS_") or name == "AWS_CA_BUNDLE"
    }
    kept.pop("BOTO_CONFIG", None)
    if Path(sys.prefix).resolve() != venv().resolve():
        kept["PYTHONPATH"] = str(root())  # conda's or a hub's: the lock is there, this package not
    kept.update(
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_REGION="us-east-1",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
    )
    return {**kept, **wheels_in_place()}


def variables_for_account(profile: str, region: str) -> dict[str, str]:
    """As `variables`, for programs that are to reach a real AWS account: the only way out there is.

    The named profile of ~/.aws gives the credentials, and nothing else does: whatever was set for
    AWS, dummy keys and local endpoints included, is left behind.
    """
    kept = {
        name: value
        for name, value in variables_for_starting().items()
        if not name.startswith("AWS_") or name == "AWS_CA_BUNDLE"
    }
    kept.pop("BOTO_CONFIG", None)
    return {**kept, "AWS_PROFILE": profile, "AWS_REGION": region, "AWS_DEFAULT_REGION": region}


def _path_from(name: str) -> Path | None:
    value = os.environ.get(name, "")
    return Path(os.path.abspath(os.path.expanduser(value))) if value else None
