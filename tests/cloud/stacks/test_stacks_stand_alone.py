"""Stacks know AWS's API and nothing of who answers it."""

from __future__ import annotations

import subprocess
import sys

# Without workbook.cloud's own __init__, which composes all the parts.
ALONE = """
import pathlib, sys, types, workbook
package = types.ModuleType("workbook.cloud")
package.__path__ = [str(pathlib.Path(workbook.__file__).parent / "cloud")]
sys.modules["workbook.cloud"] = package
import workbook.cloud.stacks
LEAF = "workbook.cloud.missing"  # knows nothing, and every part may know it
for name in sys.modules:
    if name.startswith("moto") or name.startswith("workbook.cloud.") and ".stacks" not in name and name != LEAF:
        print(name)
"""


def test_importing_stacks_imports_neither_moto_nor_the_other_parts():
    ran = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    assert ran.stdout == ""
