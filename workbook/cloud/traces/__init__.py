"""Traces: what one request set going, from the gateway to the last function that an event reached.

    front.py, emulator.py ──▶ journal.py ── a span for each request, call, invocation and event
    events/, gateway/ ─────▶ causes.py ──── what is the cause of what happens in this thread now
                                │
    cloud.trace(id) ──▶ shaping.py ── the spans of one trace, as segments (in the cloud's process)
                                │
                             trace.py ── Segment and Trace, with a text tree (in the notebook's)
                             waterfall.py ── the picture

Two things tie spans. Between processes it is the X-Ray header, which the runtime puts into a
function's environment and botocore passes on. Inside the cloud it is `causes.CAUSE`, a context
variable that outboxes carry along, and for messages and stream records the journal's memory of
who wrote them. Functions are not instrumented, and nothing is sampled.

To record must cost next to nothing, since every request is recorded: a span is a few attributes in
a bounded deque. What it means is worked out when somebody asks.
"""
