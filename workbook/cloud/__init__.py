"""The local cloud: an AWS that `chalice deploy` reaches and that runs what was deployed.

A request's journey:

    curl, boto3, chalice                          this process: LocalCloud, the firewall
         │                                             local.py, launch.py, firewall.py,
         │                                             client.py, views.py
    ─────┼──────────────── HTTP, 127.0.0.1 ───────────────────────────────────────────────
         ▼                                        the cloud's process: daemon.py
      server.py ─▶ front.py ─┬─ a deployed API ──────────▶ gateway/ ──────────┐
                             │  (a WebSocket stays there)                     │
                             ├─ /_workbook ▶ control.py                       │
                             └─ an AWS call                                   │
                                  ▼                                           │
                                iam/ (if enforced)                            │
                                  ▼                                           │
                                constraints.py ▶ 400, where AWS has not what it asks for
                                  ▼                                           │
                                unimplemented/ ▶ 501, by a name of missing.py
                                  ▼                                           │
                                ├─ Lambda's layers, provisioned concurrency   │
                                │      ▶ layers.py, provisioned.py            │
                                │  what Lambda would not take                 │
                                │      ▶ function_settings, function_conflicts│
                                ├─ Lambda's Invoke ▶ invocation.py ───────────┼─▶ functions/ ─▶ workers
                                ├─ CloudFormation ─▶ stacks/ ─▶ AWS calls     │
                                ├─ @connections ──▶ gateway/sockets/          │
                                └─ any other ─▶ moto ── seams/ ──▶ events/ ───┘
                                                  │    hooks.py
                                                  └─ mirror.py, api_mirror.py, websocket_apis.py
                                                         ─▶ what functions/, gateway/, events/ run

traces/ has a span of everything that happens on the way, and ties them when it is asked;
metrics.py counts the functions' runs for CloudWatch.

moto keeps the state of every AWS API but CloudFormation. functions/, gateway/, events/, stacks/ and
iam/ do what moto does not, and know neither moto nor each other; emulator.py composes them all.
"""

from workbook.cloud.local import LocalCloud

__all__ = ["LocalCloud"]
