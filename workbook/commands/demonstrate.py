"""Deploy the service of chalice_app/ to a local cloud, use all of it, follow it, delete it.

Everything happens on this machine, in a throwaway copy; chalice_app/demonstrate.py has the steps.
"""

from __future__ import annotations

import argparse
import os
import sys

from workbook import settings

HELP = "run the whole service of chalice_app/ once, and show each step"
NEEDS_ENVIRONMENT = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has no options."""


def run(options: argparse.Namespace) -> int:
    """Become the script."""
    script = settings.root() / "chalice_app" / "demonstrate.py"
    os.execve(sys.executable, [sys.executable, str(script)], settings.variables_for_learning())
