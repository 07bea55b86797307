"""Shortens what a Chalice app logs when a view raises, so that a notebook shows the lines that count.

Chalice prints the whole traceback, most of it Chalice's own frames. `short_log(app)` keeps the
innermost frame and the error.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

from chalice import Chalice

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def short_log(app: Chalice) -> None:
    """From now on this app logs to the notebook, with tracebacks of two lines.

    Args:
        app: whose logger, shared by all apps of its name, is changed.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_Short(Chalice.FORMAT_STRING))
    app.log.handlers, app.log.disabled = [handler], False


class _Short(logging.Formatter):
    def formatException(self, ei: _ExcInfo) -> str:
        kind, error, trace = ei
        innermost = traceback.extract_tb(trace)[-1]
        named = traceback.format_exception_only(kind, error)[-1].strip()
        return f"  … in {innermost.name}: {innermost.line}\n{named}"
