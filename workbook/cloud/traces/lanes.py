"""Which lane of the picture each segment of a trace belongs to, and what leads to each lane.

A lane is a request, or a function with all attempts at the same event. Drawing is waterfall.py's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from workbook.cloud.traces.trace import Segment, Trace


@dataclass(frozen=True)
class Arrival:
    """What set a lane going: a call or a request, by way of events, or directly."""

    origin: Segment | None
    waits: tuple[Segment, ...]
    at_ms: float


@dataclass
class Lane:
    """One lane.

    Attributes:
        title: whose it is.
        runs: the request itself, or the function's runs.
        phases: inits and handlers.
        calls: AWS calls, a row for each.
    """

    title: str
    runs: list[Segment] = field(default_factory=list)
    phases: list[Segment] = field(default_factory=list)
    calls: list[Segment] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)

    @property
    def waits(self) -> list[Segment]:
        """What was on its way to this lane, each event once."""
        return list({wait.id: wait for each in self.arrivals for wait in each.waits}.values())


class Lanes:
    """The lanes of a trace, in the order in which they begin in its tree.

    Attributes:
        lanes: from top to bottom.
        of: the lane that a segment is drawn in, by the segment's id.
    """

    def __init__(self, trace: Trace) -> None:
        self.lanes: list[Lane] = []
        self.of: dict[str, Lane] = {}
        self._segments = {segment.id: segment for segment in trace.segments}
        self._causes = {segment.parent for segment in trace.segments}
        self._by_way: dict[tuple[str, str], Lane] = {}
        self._ran: dict[str, Segment] = {}  # the last run for an event, by the event's id
        for segment in trace.segments:
            self._place(segment)

    def _place(self, segment: Segment) -> None:
        match segment.kind:
            case "gateway" | "schedule":
                self._lane(segment, segment.name).runs.append(segment)
            case "function":
                self._run(segment)
            case "init" | "handler":
                self._within(segment).phases.append(segment)
            case "call" if segment.parent is None:
                self._lane(segment, "you").calls.append(segment)
            case "call":
                self._within(segment).calls.append(segment)
            case "again":
                self._again(segment)
            case "event" if segment.id not in self._causes:
                lane = self._lane(segment, segment.name.rpartition("→ ")[2])
                lane.arrivals.append(self._arrival(segment, ends_waiting=True))

    def _lane(self, segment: Segment, title: str) -> Lane:
        lane = self.of[segment.id] = Lane(title)
        self.lanes.append(lane)
        return lane

    def _within(self, segment: Segment) -> Lane:
        """The lane of a segment's parent, which is the lane of this one."""
        assert segment.parent is not None  # only what begins a trace has none
        lane = self.of.get(segment.parent)
        if lane is None:  # an event, which has none: somebody went on with its header
            return self._lane(segment, "you")
        self.of[segment.id] = lane
        return lane

    def _run(self, segment: Segment) -> None:
        way = (segment.parent or segment.id, segment.name)
        if way in self._by_way:  # another attempt at the same event
            lane = self.of[segment.id] = self._by_way[way]
        else:
            lane = self._by_way[way] = self._lane(segment, segment.name)
            lane.arrivals.append(self._arrival(segment))
        lane.runs.append(segment)
        self._ran[way[0]] = segment

    def _again(self, segment: Segment) -> None:
        """A batch that has its lane: this is another message that led to it."""
        run = self._segments[segment.detail["of"]]
        way = (segment.parent or segment.id, segment.name)
        if way not in self._by_way:
            self._by_way[way] = self.of[run.id]
            self.of[run.id].arrivals.append(self._arrival(segment))
        self._ran[way[0]] = run

    def _arrival(self, segment: Segment, *, ends_waiting: bool = False) -> Arrival:
        waits = [segment] if ends_waiting else []
        above = self._parent(segment)
        while above is not None and above.kind == "event":
            waits.insert(0, above)
            above = self._parent(above)
        moves = [number for number, wait in enumerate(waits) if wait.detail.get("moved")]
        if moves:  # to the dead letters, after a last run
            waits = waits[moves[-1] :]
            above = self._ran.get(waits[0].parent or "", above)
        began = waits[0] if waits else segment
        return Arrival(above, tuple(waits), began.start_ms)

    def _parent(self, segment: Segment) -> Segment | None:
        return None if segment.parent is None else self._segments[segment.parent]
