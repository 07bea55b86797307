"""Scenes of requests, played through the local cloud's own bookkeeping."""

import pytest

from workbook.lessons.environment_scenarios import Crowd, Night, environments_started


@pytest.mark.parametrize(
    ("steps", "started"),
    [
        ((), 0),
        ((Crowd(1), Crowd(1), Crowd(1)), 1),
        ((Crowd(4), Crowd(6), Crowd(5)), 6),
        ((Crowd(3, crashes=2), Crowd(3)), 5),
        ((Crowd(4), Night(), Crowd(2), Crowd(2)), 6),
    ],
    ids=["nobody", "one by one", "growing crowds", "two crashes", "a night"],
)
def test_so_many_environments_are_started(steps, started):
    assert started == environments_started(steps)


def test_no_more_are_started_than_may_run_at_once():
    assert 5 == environments_started((Crowd(8), Crowd(8)), account_limit=5)
