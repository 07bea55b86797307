"""How much CPU time functions get with --cpu-by-memory, beside what their memory buys on AWS.

    python benchmarks/cpu_share.py [--quick]

Prints one table; the exit code is 1 where a bound does not hold. A function counts as fast as it
can for a fixed time and tells the CPU seconds it used. At 1,769 MB, one vCPU, that is what this
machine gives one process just then; the smaller ones are measured turn by turn with it. Linux only:
elsewhere it says so, and measures nothing.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import sys
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from workbook.cloud import LocalCloud
from workbook.cloud.functions.cpu_share import VCPU_MB, supported

COUNT = """
import time

def handler(event, context):
    began, used = time.monotonic(), time.process_time()
    while time.monotonic() - began < event["seconds"]:
        pass
    return [time.process_time() - used, time.monotonic() - began]
"""
MEMORIES = (128, 512, 1_024, 1_769)
TOLERANCE = 0.1  # of what is expected


def main() -> int:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer and shorter turns")
    quick = parser.parse_args().quick
    if not supported():
        print(f"skipped: {sys.platform} does not tell the CPU time of other processes")
        return 0
    turns, seconds = (3, 1.0) if quick else (5, 3.0)
    with LocalCloud.start(cpu_by_memory=True) as cloud:
        for memory in MEMORIES:
            create(cloud, memory)
        client = cloud.client("lambda")
        for memory in MEMORIES:
            share(client, memory, 0.1)  # started
        measured = [[share(client, memory, seconds) for memory in MEMORIES] for _ in range(turns)]
    shares = [statistics.median(column) for column in zip(*measured)]
    lines = [
        "| memory   | CPU seconds a second | expected | ratio | verdict |",
        "| -------- | -------------------- | -------- | ----- | ------- |",
    ]
    whole, holds = shares[-1], True
    for memory, got in zip(MEMORIES, shares):
        expected = min(memory / VCPU_MB, whole)  # what one process gets here is the most there is
        good = abs(got / expected - 1) <= TOLERANCE
        holds = holds and good
        verdict = "holds" if good else "DOES NOT HOLD"
        lines.append(
            f"| {f'{memory:,} MB':<8} | {got:<20.3f} | {expected:<8.3f} | {got / expected:<5.2f} | {verdict:<7} |"
        )
    print("\n".join(lines))
    print(f"\n{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    return 0 if holds else 1


def create(cloud: LocalCloud, memory: int) -> None:
    """The function, with so much memory."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", COUNT)
    role = cloud.client("iam").create_role(
        RoleName=f"count-{memory}", AssumeRolePolicyDocument="{}"
    )
    cloud.client("lambda").create_function(
        FunctionName=f"count-{memory}",
        Role=role["Role"]["Arn"],
        Runtime="python3.12",
        Handler="app.handler",
        Code={"ZipFile": packed.getvalue()},
        MemorySize=memory,
        Timeout=60,
    )


def share(client: Any, memory: int, seconds: float) -> float:
    """CPU seconds a second that a function of so much memory gets."""
    payload = json.dumps({"seconds": seconds})
    answer = client.invoke(FunctionName=f"count-{memory}", Payload=payload)
    used, took = json.loads(answer["Payload"].read())
    return float(used / took)


if __name__ == "__main__":
    sys.exit(main())
