"""What an operating system's or an installer's many words come down to."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from workbook.environment import failures

PLACE = Path("/somewhere/.venv")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_disk_a_quota_and_a_limit_are_full_alike(number):
    error = failures.unwritable(PLACE, OSError(number, "said the system"))
    assert failures.no_room(PLACE).problem == error.problem


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_folder_of_someone_elses_is_named_with_what_the_system_said(number):
    error = failures.unwritable(PLACE, OSError(number, "said the system"))
    assert (True, True) == (str(PLACE) in error.problem, "said the system" in error.problem)


def test_of_many_lines_the_one_that_names_the_cause_is_told():
    output = "Retrying: NewConnectionError: refused\nNo matching distribution found for pip"
    error = failures.explained(output, "pip", PLACE)
    assert isinstance(error, failures.NoNetwork)
    assert error.problem.endswith("NewConnectionError: refused")


def test_of_a_retry_only_the_systems_own_words_are_told():
    output = (
        "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by "
        "'NameResolutionError(\"HTTPSConnection(host='index', port=443): Failed to resolve 'index' "
        "([Errno -3] Temporary failure in name resolution)\")': /simple/pip/\n"
        "ERROR: No matching distribution found for pip"
    )
    error = failures.explained(output, "pip", PLACE)
    told = "pip could not fetch the packages: Temporary failure in name resolution"
    assert told == error.problem


@pytest.mark.parametrize(
    "said", ["No matching distribution found for tea", "no matching distributions available for"]
)
def test_what_no_index_offers_is_taken_for_a_missing_network(said):
    assert isinstance(failures.explained(f"ERROR: {said}", "pip", PLACE), failures.NoNetwork)
