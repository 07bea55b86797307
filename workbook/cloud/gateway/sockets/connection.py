"""One client's connection: its messages in turn, its time limits, its end.

Messages of one connection are handled one after another, in the order sent; AWS promises no order.
Page: "Quotas for configuring and running a WebSocket in API Gateway".
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from workbook.cloud.gateway.sockets.closing import Code
from workbook.cloud.gateway.sockets.event import Client

if TYPE_CHECKING:
    from workbook.cloud.gateway.sockets.channel import Channel

IDLE_SECONDS = 10 * 60.0
LONGEST_SECONDS = 2 * 3600.0

_LOG = logging.getLogger(__name__)

Work = Callable[[], None]


class Connection:
    """A connection that was accepted.

    Args:
        clock: seconds since 1970, which may be set forward.
    """

    def __init__(self, client: Client, channel: Channel, clock: Callable[[], float]) -> None:
        self.client = client
        self._channel = channel
        self._clock = clock
        self._last_active = clock()

    def messages(self, on_message: Callable[[str], None]) -> None:
        """Read until the connection is closed, by either side or by a time limit."""
        for message in self._channel.messages(self._left):
            if message is None:
                self.expire()
            else:
                self._last_active = self._clock()
                on_message(message)

    def send(self, text: str) -> None:
        """Send a message.

        Raises:
            Gone: the connection is closed.
        """
        self._channel.send(text)
        self._last_active = self._clock()

    def close(self, code: Code, reason: str) -> None:
        """Close it; $disconnect follows."""
        self._channel.close(code, reason)

    def expire(self) -> None:
        """Close it if it has been idle, or open, for too long."""
        if self._left() <= 0:
            self.close(Code.GOING_AWAY, "Going away")

    @property
    def open(self) -> bool:
        """Whether messages can be sent."""
        return self._channel.open

    @property
    def end(self) -> tuple[int, str | None]:
        """The code and reason that $disconnect is told."""
        end = self._channel.end
        if end.code == Code.NO_CODE:
            return end.code, "Client-side close frame status not set"
        if end.code == Code.ABNORMAL:
            return end.code, "Connection Closed Abnormally"
        return end.code, end.reason

    def status(self) -> dict[str, Any]:
        """What GetConnection tells, but for the spelling of times."""
        return {
            "connected_at": self.client.connected_at,
            "last_active_at": self._last_active,
            "source_ip": self.client.request.source_ip,
            "user_agent": self.client.request.header("user-agent"),
        }

    def _left(self) -> float:
        now = self._clock()
        idle = self._last_active + IDLE_SECONDS - now
        return min(idle, self.client.connected_at + LONGEST_SECONDS - now)


class InTurn:
    """Work that is done in order, one piece at a time, on threads of a pool."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._waiting: deque[Work] = deque()
        self._working = False
        self._lock = threading.Lock()

    def do(self, work: Work) -> None:
        """Have `work` done after all that was handed in before."""
        with self._lock:
            self._waiting.append(work)
            if self._working:
                return
            self._working = True
        self._pool.submit(self._drain)

    def _drain(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._working = False
                    return
                work = self._waiting.popleft()
            try:
                work()
            except Exception:  # noqa: BLE001  one message's failure must not hold up the next
                _LOG.exception("a WebSocket message was lost")
