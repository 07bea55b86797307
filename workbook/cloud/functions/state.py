"""The states of an execution environment, and which may follow which.

INIT ──ready──▶ IDLE ──request──▶ BUSY        and from each of the three:
                 ▲                 │            CRASHED    its process ended, or never began
                 └────answered─────┘            TIMED_OUT  init or request took too long
                                                REAPED     idle too long, retired, cloud over
"""

from __future__ import annotations

import enum


class State(enum.Enum):
    """Where an environment is in its life; the last three are its end."""

    INIT = "init"
    IDLE = "idle"
    BUSY = "busy"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"
    REAPED = "reaped"

    @property
    def ended(self) -> bool:
        """Whether nothing may follow."""
        return not _ALLOWED[self]


_ALLOWED: dict[State, set[State]] = {
    # an init that fails is tried again within the request, so a request may meet INIT
    State.INIT: {State.IDLE, State.BUSY, State.TIMED_OUT, State.CRASHED, State.REAPED},
    State.IDLE: {State.BUSY, State.CRASHED, State.REAPED},
    State.BUSY: {State.IDLE, State.TIMED_OUT, State.CRASHED, State.REAPED},
    State.TIMED_OUT: set(),
    State.CRASHED: set(),
    State.REAPED: set(),
}


class IllegalStateChange(Exception):
    """A fault of ours: an environment was asked for what its state does not allow."""


def check_change(before: State, after: State) -> None:
    """Refuse what may not follow.

    Raises:
        IllegalStateChange: naming both states.
    """
    if after not in _ALLOWED[before]:
        raise IllegalStateChange(f"an environment that is {before.value} cannot be {after.value}")
