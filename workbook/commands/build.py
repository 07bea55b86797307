"""Write exercises/ from solutions/, and refresh the outputs of the notebooks.

What has not changed stays byte for byte the same.
"""

from __future__ import annotations

import argparse

HELP = "write the exercises from the solutions, refresh outputs (for authors)"
NEEDS_ENVIRONMENT = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which notebooks, and --check."""
    parser.add_argument(
        "only", nargs="*", metavar="NAME", help="how their names begin, as in 02; all without it"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where something would change"
    )


def run(options: argparse.Namespace) -> int:
    """Build or check; 0 when all is (now) as it should be."""
    from workbook.authoring import build

    return build.run(options.check, options.only)
