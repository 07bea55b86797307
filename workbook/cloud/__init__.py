"""The local cloud: an AWS that `chalice deploy` reaches and that runs what was deployed.

A request's journey:

    curl, boto3, chalice                          this process: LocalCloud, the firewall
         │                                             local.py, firewall.py, client.py, views.py
    ─────┼──────────────── HTTP, 127.0.0.1 ───────────────────────────────────────────────
         ▼                                        the cloud's process: daemon.py
      server.py ─▶ front.py ─┬─ a deployed API, ▶ gateway/ ──────────────┐
                             │  or a WebSocket                           │
                             ├─ Lambda's Invoke ▶ invocation.py ─────────┼─▶ functions/ ─▶ workers
                             ├─ /_workbook ─────▶ control.py             │
                             └─ any AWS call ───▶ unimplemented.py?      │
                                                       │ no              │
                                                       ▼                 │
                                  moto ─ seams.py ─▶ events/ ────────────┘
                                    │
                                    └─ mirror.py, websocket_apis.py ─▶ what functions/ and
                                                                       gateway/ run

moto keeps the state of every AWS API. functions/, gateway/ and events/ do what moto does not, and
know neither moto nor each other; emulator.py composes them all.
"""

from workbook.cloud.local import LocalCloud

__all__ = ["LocalCloud"]
