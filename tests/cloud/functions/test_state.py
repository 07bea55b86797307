"""The states of an execution environment."""

from __future__ import annotations

import itertools

import pytest

from workbook.cloud.functions.state import IllegalStateChange, State, check_change

LIVING = [State.INIT, State.IDLE, State.BUSY]
ENDS = [State.TIMED_OUT, State.CRASHED, State.REAPED]


def test_a_life_goes_from_init_over_idle_and_busy_to_its_end() -> None:
    for before, after in itertools.pairwise(
        [State.INIT, State.IDLE, State.BUSY, State.IDLE, State.BUSY, State.TIMED_OUT]
    ):
        check_change(before, after)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(ENDS, State)))
def test_nothing_follows_an_end(before: State, after: State) -> None:
    assert before.ended
    with pytest.raises(IllegalStateChange, match=f"{before.value} cannot be {after.value}"):
        check_change(before, after)


@pytest.mark.parametrize("state", LIVING)
def test_no_state_follows_itself_and_none_goes_back_to_init(state: State) -> None:
    assert not state.ended
    for after in (state, State.INIT):
        with pytest.raises(IllegalStateChange):
            check_change(state, after)
