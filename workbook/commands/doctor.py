"""Look at this machine and at the workbook on it, and say how to mend what is broken.

It changes nothing and needs no network. The exit code is 1 when something is broken.
"""

from __future__ import annotations

import argparse
import sys

from workbook.environment import entering
from workbook.errors import SetUpError

HELP = "say what is not sound here, each with the line that mends it"
NEEDS_ENVIRONMENT = False  # it looks at the one there is, and makes none


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has no options."""


def run(options: argparse.Namespace) -> int:
    """Look, in the environment if there is one; 1 when something is broken."""
    try:
        place = entering.ready()
    except SetUpError:  # no lock to go by: that is among what will be found
        place = None
    if place is not None and not entering.runs_in(place):
        entering.start_anew(place, ["doctor"])
    from workbook import doctor

    report = doctor.examine(within=place is not None)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a mark has the words
    print(report)
    return 1 if report.broken else 0
