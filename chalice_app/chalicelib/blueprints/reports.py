"""The stock report: every night, and whenever an event asks for one.

Each is written under a key that its event decides, so an event delivered twice writes it twice in
the same place.
"""

from __future__ import annotations

from chalice import Blueprint, Cron
from chalice.app import CloudWatchEvent

from chalicelib import logs, storage
from chalicelib.domain.reports import report
from chalicelib.repository.items import every
from chalicelib.settings import stage_name

blueprint = Blueprint(__name__)

ASKED_FOR = {
    "source": ["inventory-service"],
    "detail-type": ["Report requested"],
    "detail": {"stage": [stage_name()]},  # the stages of one account share its event bus
}


@blueprint.schedule(Cron(0, 2, "*", "*", "?", "*"), name="nightly_report")
def nightly_report(event: CloudWatchEvent) -> None:
    """At two in the morning (UTC): the report of that night."""
    logs.follow(event.event_id)
    _write(f"nightly/{event.time[:10]}.json", event.time)


@blueprint.on_cw_event(ASKED_FOR, name="requested_report")
def requested_report(event: CloudWatchEvent) -> None:
    """When asked for: a report of its own."""
    logs.follow(event.detail.get("correlation_id") or event.event_id)
    _write(f"requested/{event.event_id}.json", event.time)


def _write(key: str, at: str) -> None:
    found = report(every(), at)
    storage.write_report(key, found.as_dict())
    logs.logger.info("report written", key=key, items=found.items, low=len(found.low))
