"""The lock as the command line reads it, which has no `packaging` to read it with."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker

from workbook.environment import pins
from workbook.errors import SetUpError

LOCK = Path(__file__).resolve().parents[2] / "requirements.txt"
MACHINES = [
    {"sys_platform": platform, "os_name": name, "platform_system": system, **version}
    for platform, name, system in [
        ("linux", "posix", "Linux"),
        ("darwin", "posix", "Darwin"),
        ("win32", "nt", "Windows"),
    ]
    for version in [
        {"python_version": "3.11", "python_full_version": "3.11.2"},
        {"python_version": "3.11", "python_full_version": "3.11.15"},
        {"python_version": "3.12", "python_full_version": "3.12.0"},
        {"python_version": "3.13", "python_full_version": "3.13.10"},
    ]
]
MORE_MARKERS = [
    "python_version >= '3.12'",
    "python_full_version == '3.12'",
    "sys_platform in 'linux darwin'",
    "(os_name == 'nt' or sys_platform == 'linux') and python_version < '3.13'",
]


@pytest.mark.parametrize(
    "marker", sorted({pin.marker for pin in pins.read(LOCK)} - {""}) + MORE_MARKERS
)
def test_a_marker_means_what_packaging_says_it_means(marker):
    machines = [{**pins.machine(), **machine} for machine in MACHINES]
    expected = [Marker(marker).evaluate(machine) for machine in machines]
    assert expected == [pins.evaluate(marker, machine) for machine in machines]


def test_every_distribution_of_the_lock_is_read():
    lines = LOCK.read_text().splitlines()
    assert sum("==" in line and line[0].isalnum() for line in lines) == len(pins.read(LOCK))


def test_a_pins_text_is_its_lines_of_the_lock():
    assert LOCK.read_text().endswith("".join(pin.text for pin in pins.read(LOCK)))


def test_what_differs_is_said_and_only_the_first_few():
    missing = [pins.Pin(f"no-such-{n}", "1", "", "") for n in range(9)]
    other = pins.Pin("pytest", "1.0", "", "")
    expected = [f"pytest is {metadata.version('pytest')} (wanted: 1.0)"]
    expected += ["no-such-0 is not installed (wanted: 1)"]
    assert expected == pins.lacking([other, *missing], at_most=2)


def test_one_version_may_be_written_in_several_ways():
    assert pins._numbers("2024.07.04") == pins._numbers("2024.7.4")


def test_a_lock_without_pins_is_refused(tmp_path):
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    with pytest.raises(SetUpError, match="pins nothing"):
        pins.read(tmp_path / "requirements.txt")
