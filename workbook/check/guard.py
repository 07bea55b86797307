"""A limit on the time that a learner's code may take inside a check.

In the main thread, where notebook cells run, a POSIX interval timer raises inside the running
code; in any other thread an asynchronous exception does. What neither can stop:

- a loop that swallows it: a bare ``except:`` or ``except BaseException:`` inside ``while True``.
  The timer goes on firing; after the third time it tells the learner to restart the kernel;
- one long call inside C (a huge power, a catastrophic regular expression, a blocking read in
  another thread): Python gets no chance to raise until it returns.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

REPEAT_SECONDS = 0.5


class OutOfTime(BaseException):
    """Raised inside code that outlasts its limit; no Exception, so that `except Exception` lets it by."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Run the block for at most this many seconds.

    Raises:
        OutOfTime: in the block, when the time is up.
    """
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
        with _by_timer(seconds):
            yield
    else:
        with _by_asynchronous_exception(seconds):
            yield


@contextmanager
def _by_timer(seconds: float) -> Iterator[None]:
    fired = 0

    def on_alarm(number: int, frame: FrameType | None) -> None:
        nonlocal fired
        fired += 1
        if fired == 3:
            print(_SWALLOWED, file=sys.stderr, flush=True)
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _by_asynchronous_exception(seconds: float) -> Iterator[None]:
    target = ctypes.c_ulong(threading.get_ident())
    done = threading.Event()

    def watch() -> None:
        if not done.wait(seconds):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(target, ctypes.py_object(OutOfTime))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


_SWALLOWED = (
    "This check cannot stop your code: it catches every exception, the check's own included "
    "(a bare `except:` inside a loop). Restart the kernel (press 0 twice), then write "
    "`except Exception:` or name the exceptions you expect. Your notebook keeps its text."
)
