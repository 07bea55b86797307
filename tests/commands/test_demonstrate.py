"""`python3 -m workbook demonstrate` becomes the service's own script, away from any account."""

import os
import sys
from pathlib import Path

from workbook.commands import demonstrate


def test_it_becomes_the_services_script_without_real_credentials(monkeypatch):
    became = []
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "real")
    monkeypatch.setattr(os, "execve", lambda *given: became.append(given))
    demonstrate.run(None)
    [(program, (_, script), environment)] = became
    assert sys.executable == program
    assert Path(script).is_file()
    assert "real" != environment["AWS_ACCESS_KEY_ID"]
