"""The demonstration runs from its first step to its last, and leaves nothing."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from stage import HERE as SERVICE


@pytest.mark.slow
def test_it_shows_what_it_promises() -> None:
    ran = subprocess.run(
        [sys.executable, str(SERVICE / "demonstrate.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    shown = re.sub(r"[0-9a-f]{32}", "ID", ran.stdout)
    for line in (
        '401 {"message":"Unauthorized"}',
        '"width": 640, "height": 480',
        "in quarantine:  1 object",
        "order 3: reserved ; 0 left",
        "order 4: rejected beans has 0 in stock, not 4.; 0 left",
        '"low": [{"item_id": "beans", "stock": 0, "missing": 5}]',
        "inventory-service-dev-orders     order reserved",
        "inventory-service-dev-alerts     alert recorded",
        "└ dynamodb TransactWriteItems OrdersTable, ItemsTable",
        "topic AlertsTopic → function inventory-service-dev-alerts",
        "left in the cloud: nothing",
    ):
        assert line in shown
    assert shown.count('"alert_id"') == 1
