"""The doctor: whether the workbook can work here, and the line that mends what is in its way.

    python3 -m workbook doctor, or doctor() in a notebook
      │
      ▼
    examination   which looks are taken, and that one that fails spoils none of the others
      │             ├── machine     system, Python, clock, text, memory, open files, browser
      │             ├── room        disk, folders
      │             ├── network     loopback, ports, proxies
      │             ├── place       the repository, the environment, the wheels, credentials
      │             └── inside      packages, widgets, a kernel, a local cloud: in the environment
      ▼
    report        findings as plain data, with a text and an HTML form

A look changes nothing, reaches nothing beyond loopback, and is the standard library's alone, but
for what `inside` starts. So it works before there is an environment.
"""

from workbook.doctor.examination import examine
from workbook.doctor.report import Finding, Report, State

__all__ = ["Finding", "Report", "State", "examine"]
