"""What every test rests on."""

import gc
import signal

# A shell that starts the tests in the background ignores SIGINT for them, and each child would
# inherit that: tests of Ctrl-C would wait for ever. With a handler here, children get the default.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Leave the collected tests, and all that they imported, out of the search for garbage.

    They stay to the end; to look through them again and again was a quarter of the tests' time.
    """
    gc.collect()
    gc.freeze()
