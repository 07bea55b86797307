"""Whoever comes to a meeting point is answered when all have come."""

from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from workbook.lessons import meeting_point


def arrive(address):
    with urlopen(address) as answer:
        return answer.status


def test_those_who_meet_are_answered_and_so_are_the_next():
    address = meeting_point.address(3)
    for _ in range(2):
        with ThreadPoolExecutor(3) as three:
            assert [204, 204, 204] == list(three.map(arrive, [address] * 3))


def test_one_number_of_parties_has_one_address():
    assert meeting_point.address(3) == meeting_point.address(3)
    assert meeting_point.address(3) != meeting_point.address(4)


def test_who_waits_alone_is_told_so_and_the_next_may_meet(monkeypatch):
    monkeypatch.setattr(meeting_point, "PATIENCE_SECONDS", 0.05)
    address = meeting_point.address(2)
    with pytest.raises(HTTPError, match="504"):
        arrive(address)
    monkeypatch.setattr(meeting_point, "PATIENCE_SECONDS", 20.0)
    with ThreadPoolExecutor(2) as two:
        assert [204, 204] == list(two.map(arrive, [address] * 2))
