"""Lambda's execution side: deployed zips really run, each in processes of their own.

An invocation's way:

    Functions.invoke ── service.py
        │           ─── scaling.py ─────── a warm environment, a new one, or Throttled
        │
        ▼
    ExecutionEnvironment ── environment.py  one process, one request at a time
        │         ▲
        │ event   │ answer
        ▼         │
    RuntimeApi ── runtime_api.py ────────── AWS's documented HTTP endpoints, one socket each
        │         ▲
        ▼         │
    worker/ ─────────────────────────────── the program in the process: imports and calls

Around it: package.py unpacks the code, import_path.py says what it may import, variables.py
what it finds in os.environ, log.py what reaches CloudWatch Logs; guard.py sees that nothing
outlives the cloud, and cpu_share.py that nothing gets more CPU than its memory buys, where that is
asked for. Nothing here knows moto or HTTP gateways; callables are handed in.
"""

from workbook.cloud.functions.package import check_package, unzipped_bytes
from workbook.cloud.functions.service import Functions
from workbook.cloud.functions.spec import (
    FunctionSpec,
    InvalidPackage,
    Layer,
    Outcome,
    Provisioned,
    RequestTooLarge,
    StorageFull,
    Throttled,
)

__all__ = [
    "FunctionSpec",
    "Functions",
    "InvalidPackage",
    "Layer",
    "Outcome",
    "Provisioned",
    "RequestTooLarge",
    "StorageFull",
    "Throttled",
    "check_package",
    "unzipped_bytes",
]
