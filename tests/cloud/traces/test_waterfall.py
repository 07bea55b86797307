"""The picture of a trace: what is drawn, what is said beside it, and that it is sound SVG."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from workbook.cloud.traces import waterfall
from workbook.cloud.traces.lanes import Lanes
from workbook.cloud.traces.trace import Segment, Trace
from workbook.cloud.traces.waterfall_style import LEGEND, LETTER

SVG = "{http://www.w3.org/2000/svg}"


def drawn(trace: Trace, tag: str, kind: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(waterfall.svg(trace))
    found = [each for each in root.iter(SVG + tag) if kind in each.get("class", "").split()]
    legend = 1 if tag == "rect" and kind in dict(LEGEND) else 0
    return found[: len(found) - legend]


def test_requests_and_functions_have_lanes_and_attempts_share_one(order: Trace) -> None:
    lanes = Lanes(order).lanes
    assert [lane.title for lane in lanes] == ["POST /orders", "shop", "worker"]
    assert [len(lane.runs) for lane in lanes] == [1, 1, 2]
    assert [[wait.name for wait in lane.waits] for lane in lanes] == [[], [], ["queue orders"]]


def test_a_batch_has_one_lane_and_its_dead_letters_come_from_there(order: Trace) -> None:
    *before, event, first, handler, second, again = order.segments
    other = replace(event, id="e2")
    same = Segment("w/e2", "e2", "again", "worker", 40, 5, "ok", {"of": "w"})
    third = replace(second, id="x", parent="e2", start_ms=200.0)
    dead = Segment("d", "e2", "event", "dead-letter queue dead", 300, 1, "ok", {"moved": True})
    bury = Segment("b", "d", "function", "bury", 301, 1, "ok")
    rest = (event, first, handler, second, again, other, same, third, dead, bury)
    lanes = Lanes(replace(order, segments=(*before, *rest)))
    assert [lane.title for lane in lanes.lanes] == ["POST /orders", "shop", "worker", "bury"]
    worker, bury_lane = lanes.lanes[2:]
    assert [run.id for run in worker.runs] == ["w", "v", "x"]
    assert [arrival.waits for arrival in worker.arrivals] == [(event,), (other,)]
    (arrival,) = bury_lane.arrivals
    assert (arrival.origin, arrival.waits) == (third, (dead,))


def test_dead_letters_of_dead_letters_come_from_the_last_run(order: Trace) -> None:
    moved = {"status": "ok", "detail": {"moved": True}}
    dead = Segment("d", "e", "event", "dead-letter queue dead", 300, 1, **moved)
    sift = Segment("s", "d", "function", "sift", 301, 1, "error")
    gone = Segment("g2", "d", "event", "dead-letter queue gone", 400, None, **moved)
    trace = replace(order, segments=(*order.segments, dead, sift, gone))
    *_, lane = Lanes(trace).lanes
    (arrival,) = lane.arrivals
    assert (lane.title, arrival.origin, arrival.waits) == (gone.name, sift, (gone,))
    assert gone.name in waterfall.svg(trace)


def test_a_call_that_names_an_event_as_its_cause_has_a_lane(order: Trace) -> None:
    # A worker may go on with the AWSTraceHeader of its message, and that may name an event.
    call = Segment("c2", "e", "call", "s3 PutObject labels", 50, 5, "ok")
    trace = replace(order, segments=(*order.segments, call))
    assert Lanes(trace).of["c2"].calls == [call]
    assert call.name in waterfall.svg(trace)


def test_every_segment_has_its_bar(order: Trace) -> None:
    for kind, count in {"gateway": 1, "function": 3, "init": 1, "handler": 3, "call": 1}.items():
        assert len(drawn(order, "rect", kind)) == count, kind
    assert len(drawn(order, "rect", "wait")) == 1


def test_bars_lie_in_time(order: Trace) -> None:
    def x(kind: str) -> float:
        return float(drawn(order, "rect", kind)[0].get("x", "0"))

    assert x("gateway") < x("function") < x("init") < x("handler") < x("call") < x("wait")


def test_an_arrow_leads_to_each_lane_and_is_dashed_where_x_ray_begins_anew(order: Trace) -> None:
    root = ElementTree.fromstring(waterfall.svg(order))
    arrows = [each for each in root.iter(SVG + "path") if "arrow" in each.get("class", "")]
    to_shop, to_worker, in_the_legend = arrows
    assert to_shop.get("stroke-dasharray") is None
    assert to_worker.get("stroke-dasharray") == in_the_legend.get("stroke-dasharray") == "5 3"


def test_errors_are_words_and_not_colour_alone(order: Trace) -> None:
    root = ElementTree.fromstring(waterfall.svg(order))
    labels = [each.text or "" for each in root.iter(SVG + "text") if "bad" in each.get("class", "")]
    assert labels == ["2 attempts, ERROR ValueError: no <beans>"]


def test_the_picture_has_its_words_beside_it(order: Trace) -> None:
    shown = waterfall.picture(order)
    assert 'role="img"' in shown and f"<title>{waterfall.caption(order)}</title>" in shown
    assert shown.count("<tr>") == 1 + len(order.segments)
    assert 'tabindex="0"' in shown  # it scrolls in a narrow cell, also by keyboard


def test_what_a_function_said_cannot_become_markup(order: Trace) -> None:
    assert "<beans>" not in waterfall.picture(order)


def test_two_pictures_on_a_page_do_not_share_their_patterns(order: Trace) -> None:
    other = replace(order, segments=(replace(order.segments[0], id="other"),))
    ids = [set(re.findall(r' id="([^"]+)"', waterfall.svg(each))) for each in (order, other)]
    assert ids[0] and not ids[0] & ids[1]


def test_texts_stay_inside_the_picture(order: Trace) -> None:
    long = replace(order.segments[4], name="sqs SendMessage " + "orders-of-the-day" * 3)
    late = replace(long, start_ms=139.0)
    for call in (long, late):
        segments = (*order.segments[:4], call, *order.segments[5:])
        root = ElementTree.fromstring(waterfall.svg(replace(order, segments=segments)))
        for each in root.iter(SVG + "text"):
            wide = LETTER * len(each.text or "")
            x, anchor = float(each.get("x", "0")), each.get("text-anchor")
            start = x - wide if anchor == "end" else x - wide / 2 if anchor == "middle" else x
            assert 0 <= start and start + wide <= waterfall.WIDTH + 2 * LETTER, each.text


def test_no_label_lies_on_a_bar(order: Trace) -> None:
    """Whoever ran all the time has no room for a label before or after the bar."""
    whole = {"start_ms": 0.0, "duration_ms": order.duration_ms}
    segments = tuple(
        replace(each, **whole) if each.kind in ("gateway", "function", "call") else each
        for each in order.segments
    )
    root = ElementTree.fromstring(waterfall.svg(replace(order, segments=segments)))
    kinds = {"gateway", "function", "call"}
    drawn_bars = [each for each in root.iter(SVG + "rect") if kinds & set(_classes(each))]
    bars = [
        [float(bar.get(name, 0)) for name in ("x", "y", "width", "height")] for bar in drawn_bars
    ]
    for label in (each for each in root.iter(SVG + "text") if "label" in _classes(each)):
        wide, x, base = (
            LETTER * len(label.text or ""),
            *map(float, (label.get("x", 0), label.get("y", 0))),
        )
        left = x - wide if label.get("text-anchor") == "end" else x
        for bar_x, bar_y, width, height in bars:
            beside = left >= bar_x + width or left + wide <= bar_x
            assert beside or base <= bar_y + 2 or base - 9 >= bar_y + height, label.text


def _classes(element: ElementTree.Element) -> list[str]:
    return element.get("class", "").split()


def test_calls_beyond_a_dozen_are_counted(order: Trace) -> None:
    calls = [replace(order.segments[4], id=f"c{n}") for n in range(15)]
    trace = replace(order, segments=(*order.segments[:4], *calls))
    assert len(drawn(trace, "rect", "call")) == waterfall.MOST_CALLS
    assert "and 3 more calls" in waterfall.svg(trace)


@pytest.mark.parametrize("total", [0.3, 7.0, 99.0, 30_000.0])
def test_the_axis_has_a_handful_of_round_ticks(total: float) -> None:
    step = waterfall._step(total)
    assert 4 <= total / step <= 9
    assert f"{step:.0e}"[0] in "125"


def test_one_lonely_segment_is_a_picture_too() -> None:
    lonely = Segment("a", None, "call", "s3 PutObject photos", 0.0, None, "running")
    assert "still running" in waterfall.svg(Trace("", 0.0, (lonely,)))
