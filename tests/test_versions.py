"""What is installed, said in four places that must agree.

pyproject.toml says what is wanted, requirements.txt pins it, environment.yml installs the pins for
conda and Binder, and the README says on which Pythons.
"""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from workbook import settings
from workbook.environment import pins, pythons, wheelhouse

ROOT = settings.root()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = ROOT / "requirements.txt"
README = (ROOT / "README.md").read_text()
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())
SUPPORTED = [
    f"3.{minor}" for minor in range(20) if f"3.{minor}" in SpecifierSet(PROJECT["requires-python"])
]
MACHINES = [
    {**pins.machine(), "python_version": version, "python_full_version": f"{version}.9", **system}
    for version in SUPPORTED
    for system in (
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    )
]


@pytest.mark.parametrize(
    "machine", MACHINES, ids=lambda m: f"{m['sys_platform']}-{m['python_version']}"
)
def test_each_dependency_is_pinned_once_within_its_range(machine):
    pinned = [
        (pins.normal(pin.name), pin.version) for pin in pins.read(LOCK) if pin.applies(machine)
    ]
    wrong = []
    for wanted in map(Requirement, PROJECT["dependencies"]):
        if wanted.marker is None or wanted.marker.evaluate(machine):
            found = [version for name, version in pinned if name == pins.normal(wanted.name)]
            if len(found) != 1 or found[0] not in wanted.specifier:
                wrong.append(f"{wanted}: {found}")
    assert [] == wrong
    assert len(pinned) == len(dict(pinned))


def test_each_pin_has_hashes():
    assert [] == [pin.name for pin in pins.read(LOCK) if "--hash=sha256:" not in pin.text]


def test_what_is_deployed_has_the_versions_that_are_installed_here():
    """So a chapter runs the same code in its kernel and in a function; and the wheels of it are
    fetched by the lock's hashes."""
    pinned = {f"{pins.normal(pin.name)}=={pin.version}" for pin in pins.read(LOCK)}
    asked = map(Requirement, wheelhouse.ours().wanted())
    assert [] == [
        str(each) for each in asked if f"{pins.normal(each.name)}{each.specifier}" not in pinned
    ]


def test_pip_is_pinned_because_chalice_caps_it():
    assert "pip" in [pin.name for pin in pins.read(LOCK)]


@pytest.mark.parametrize("name", ["requirements.txt", "environment.yml", "pyproject.toml"])
def test_no_host_and_no_index_is_named(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.startswith("#")]
    named = re.compile(r"://|--(extra-)?index-url|--find-links|--trusted-host")
    assert [] == [line for line in lines if named.search(line)]


def test_conda_installs_the_lock_on_the_pythons_that_are_supported():
    dependencies = CONDA["dependencies"]
    assert f"python {PROJECT['requires-python']}" in dependencies
    assert [{"pip": ["-r requirements.txt"]}] == [d for d in dependencies if isinstance(d, dict)]
    assert "pip" in dependencies


def test_images_install_the_workbook_as_it_installs_itself():
    """In a second step, because pip refuses an editable package beside hashes."""
    script = ROOT / "postBuild"
    assert "pip install --no-deps --no-build-isolation --editable ." in script.read_text()
    assert script.stat().st_mode & 0o111


def test_the_readme_names_the_pythons_that_are_supported_and_no_other():
    assert set(SUPPORTED) == set(re.findall(r"\b3\.\d\d\b", README))


def test_the_command_line_reads_the_same_pythons_from_the_metadata():
    assert SUPPORTED[::-1] == pythons.names(*pythons.supported())


def test_the_readme_names_the_conda_environment_and_the_commands():
    assert f"conda activate {CONDA['name']}" in README
    for name in ("lab", "test", "doctor"):
        command = f"python3 -m workbook {name}"
        assert command in README


def test_ci_runs_the_readmes_test_command():
    assert "python3 -m workbook test" in (ROOT / ".ci" / "run").read_text()
