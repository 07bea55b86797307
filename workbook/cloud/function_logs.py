"""What functions print, put into moto's CloudWatch Logs; inventory.py reads it there."""

from __future__ import annotations

import threading
from contextvars import Context

from workbook.cloud.firewall import REGION
from workbook.cloud.lambda_state import ACCOUNT

LOG_EVENTS_KEPT = 10_000  # of a stream, which is of one environment; AWS keeps all, and is larger
_logging = threading.Lock()


def write_log(group: str, stream: str, events: list[tuple[int, str]]) -> None:
    """Keep a function's output where CloudWatch Logs shows it."""
    # Who subscribes to a log begins a trace of its own.
    Context().run(_put_log, group, stream, events)


def _put_log(group: str, stream: str, events: list[tuple[int, str]]) -> None:
    from moto.logs.models import logs_backends  # loaded when first needed

    backend = logs_backends[ACCOUNT][REGION]
    with _logging:
        backend.ensure_log_group(group)
        if stream not in backend.groups[group].streams:
            backend.create_log_stream(group, stream)
        backend.put_log_events(
            group, stream, [{"timestamp": moment, "message": text} for moment, text in events]
        )
        kept = backend.groups[group].streams[stream].events
        if len(kept) > LOG_EVENTS_KEPT:
            del kept[: LOG_EVENTS_KEPT // 2]
