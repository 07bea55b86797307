"""The check engine: judges what a learner built by how it behaves, and says why.

    check("read-one-item", app)
      │  catalogue    which exercise is meant; which check, hints and minutes it has
      ▼
    examiner ── surroundings (fresh state, handed in by the lessons)
      │         guard         a limit on time, and what it cannot stop
      ▼
    the lesson's check function ── expect, call, NotAttempted
      │  blame        whose fault an exception is, and the line that raised it
      ▼
    Verdict: not attempted, failed or passed ── text and HTML ──▶ progress (JSON)

It knows nothing of Chalice or AWS: lessons bring the checks and the state they run on.
"""

from workbook.check.catalogue import Catalogue, Chapter, Exercise
from workbook.check.examiner import Examiner
from workbook.check.expectation import Failed, NotAttempted, call, expect
from workbook.check.hint import Hint
from workbook.check.progress import Progress
from workbook.check.verdict import Failure, Fault, Status, Verdict

__all__ = [
    "Catalogue",
    "Chapter",
    "Examiner",
    "Exercise",
    "Failed",
    "Failure",
    "Fault",
    "Hint",
    "NotAttempted",
    "Progress",
    "Status",
    "Verdict",
    "call",
    "expect",
]
