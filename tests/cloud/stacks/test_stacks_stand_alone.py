"""Stacks know AWS's API and nothing of who answers it."""

from __future__ import annotations

import subprocess
import sys


def test_importing_stacks_imports_neither_moto_nor_the_other_parts():
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, types, pathlib, workbook\n"
            "package = types.ModuleType('workbook.cloud')\n"
            "package.__path__ = [str(pathlib.Path(workbook.__file__).parent / 'cloud')]\n"
            "sys.modules['workbook.cloud'] = package\n"
            "import workbook.cloud.stacks\n"
            "print([name for name in sys.modules if name.split('.')[0] == 'moto'"
            " or name.startswith('workbook.cloud.') and '.stacks' not in name])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout == "[]\n"
