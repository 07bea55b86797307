"""How fast and how large the local cloud is, as ratios to floors measured in the same run.

    python benchmarks/local_cloud.py [--quick]

Prints one table; the exit code is 1 where a bound does not hold. It leaves nothing behind. What it
is measured against is in floors.py, turn by turn with it, since a laptop's speed changes by the
minute; features.py uses all there is, for the server's memory.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import floors
from features import make_sources, use_every_feature
from table import Row, markdown, medians, shown

from workbook.cloud import LocalCloud

NAME = "bench"
SMALLEST = f"{NAME}-dev-tidy"  # the function whose own work is next to nothing
APP = Path(__file__).with_name("app.py").read_text(encoding="utf-8")
WITHOUT_S3 = APP[: APP.index("@app.on_s3_event")] + APP[APP.index("@app.on_sqs_message") :]
TICK = {
    "version": "0",
    "id": "1",
    "account": "123456789012",
    "region": "us-east-1",
    "time": "2026-01-01T00:00:00Z",
    "source": "aws.events",
    "detail-type": "Scheduled Event",
    "resources": [],
    "detail": {},
}
CLIENTS = 8
SERVER_MB = 200


@dataclass(frozen=True)
class Effort:
    """How often each thing is repeated."""

    starts: int
    deploys: int
    requests: int
    colds: int
    rounds: int


FULL = Effort(starts=7, deploys=5, requests=1_000, colds=15, rounds=15)
QUICK = Effort(starts=3, deploys=2, requests=300, colds=5, rounds=7)


def main() -> int:
    """Measure everything, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone")
    options = parser.parse_args()
    effort = QUICK if options.quick else FULL
    parts = [PARTS[name] for name in options.only or PARTS]
    began = time.perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="workbook-benchmark-"))
    try:
        rows = [row for part in parts for row in part(folder, effort)]
    finally:
        shutil.rmtree(folder)
    print(markdown(rows))
    machine = f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores"
    print(f"\n{machine}; load {os.getloadavg()[0]:.1f}; {time.perf_counter() - began:.0f} s")
    return 0 if all(row.holds for row in rows) else 1


def start(folder: Path, effort: Effort) -> Iterator[Row]:
    """LocalCloud.start, until it answers."""
    ours, floor = [], []
    for _ in range(effort.starts + 1):
        floor.append(floors.seconds(lambda: floors.python("import moto.server")))
        began = time.perf_counter()
        with LocalCloud.start():
            ours.append(time.perf_counter() - began)
    # The first turn reads files that the later ones find in memory.
    yield medians("start, until it answers", ours[1:], "import moto.server", floor[1:], 1.5)


def deploys(folder: Path, effort: Effort) -> Iterator[Row]:
    """`chalice deploy` into a fresh cloud, and again with changed code."""
    first, again, floor = [], [], []
    for turn in range(effort.deploys):
        packaged = write_project(folder / f"packaged-{turn}", WITHOUT_S3)
        floor.append(floors.chalice(packaged, "package", "out"))
        project = write_project(folder / f"deployed-{turn}", APP)
        with LocalCloud.start() as cloud:
            make_sources(cloud)
            first.append(floors.chalice(project, "deploy"))
            (project / "app.py").write_text(f"{APP}\n# changed\n", encoding="utf-8")
            again.append(floors.chalice(project, "deploy"))
    yield medians("first chalice deploy", first, "chalice package", floor, 3.0)
    yield medians("second chalice deploy", again, "the first", first, 1.0)


def serving(folder: Path, effort: Effort) -> Iterator[Row]:
    """What a deployed app is like to its callers."""
    project = write_project(folder / "served", APP)
    with LocalCloud.start() as cloud:
        make_sources(cloud)
        floors.chalice(project, "deploy")
        code = unpacked(project, folder / "code")
        port = int(cloud.endpoint.rpartition(":")[2])
        stage = cloud.api(NAME).url.removeprefix(cloud.endpoint)
        yield from warm_requests(project, floors.Caller(port, f"{stage}/"), effort)
        yield from cold_start(cloud, code, effort)
        yield many_clients("50 ms handler", port, f"{stage}/wait", 8, 8, 6.0, effort)
        yield many_clients("trivial route", port, f"{stage}/", 200, 25, 1.0, effort)


def warm_requests(project: Path, here: floors.Caller, effort: Effort) -> Iterator[Row]:
    """One client, one route, turn by turn with `chalice local`."""
    ours, floor = [], []
    with floors.chalice_local(project) as local_port:
        there = floors.Caller(local_port, "/")
        # Whichever way of calling it is faster: its kept connections may wait 40 ms for
        # acknowledgements, which would make any bound hold.
        ways = (there.call, there.call_reconnecting)
        best = min(ways, key=lambda way: statistics.median(samples(way, 20)))
        samples(here.call, 50)
        for _ in range(10):
            floor += samples(best, effort.requests // 10)
            ours += samples(here.call, effort.requests // 10)
    yield medians("warm request, median", ours, "chalice local", floor, 3.0)
    usual, rare = statistics.median(ours), statistics.quantiles(ours, n=100)[98]
    against = f"its median: {shown(usual)}"
    yield Row("warm request, 99th percentile", shown(rare), against, rare / usual, 10.0)


def cold_start(cloud: LocalCloud, code: Path, effort: Effort) -> Iterator[Row]:
    """The first request to a new environment, and the memory it then holds."""
    client = cloud.client("lambda")
    ours, floor = [], []
    invoke(client)
    for turn in range(effort.colds):
        settings = {"Variables": {"TURN": str(turn)}}  # a change, so that old ones are retired
        client.update_function_configuration(FunctionName=SMALLEST, Environment=settings)
        floor.append(floors.seconds(lambda: floors.python("import app", path=code)))
        ours.append(floors.seconds(lambda: invoke(client)))
    yield medians("cold start, as its caller sees it", ours, "python -c 'import app'", floor, 1.3)
    [pid] = [
        one["pid"]
        for one in cloud.environments()
        if one["function"] == SMALLEST and one["state"] == "idle"
    ]
    used, least = floors.resident_mb(pid), floors.resident_after("import app", path=code)
    against = f"python -c 'import app': {least:.0f} MB"
    yield Row("memory of a worker", f"{used:.0f} MB", against, used / least, 1.2)


def many_clients(
    what: str, port: int, path: str, alone: int, each: int, bound: float, effort: Effort
) -> Row:
    """The throughput of eight clients against that of one, in pairs that take about as long.

    Args:
        alone: requests of the one client.
        each: requests of each of the eight.
    """
    callers = [floors.Caller(port, path) for _ in range(CLIENTS)]
    floors.throughput(callers, 5)  # so that every environment is warm
    one, eight = [], []
    for _ in range(effort.rounds):
        one.append(floors.throughput(callers[:1], alone))
        eight.append(floors.throughput(callers, each))
    ratio = statistics.median(many / single for many, single in zip(eight, one, strict=True))
    measured = f"{statistics.median(eight):.0f} /s"
    against = f"one client: {statistics.median(one):.0f} /s"
    return Row(f"{CLIENTS} clients, {what}", measured, against, ratio, bound, at_least=True)


def server(folder: Path, effort: Effort) -> Iterator[Row]:
    """The memory of a cloud that enforces IAM, every feature of which was used."""
    project = write_project(folder / "everything", APP)
    with LocalCloud.start(enforce_iam=True) as cloud:
        make_sources(cloud)
        floors.chalice(project, "deploy")
        use_every_feature(cloud)
        used = floors.resident_mb(cloud.pid)
    what = "memory of the server, all used"
    yield Row(what, f"{used:.0f} MB", f"{SERVER_MB} MB", used / SERVER_MB, 1.0)


def write_project(folder: Path, source: str) -> Path:
    """A Chalice project with this app."""
    (folder / ".chalice").mkdir(parents=True)
    (folder / "requirements.txt").touch()
    (folder / "app.py").write_text(source, encoding="utf-8")
    config = {"version": "2.0", "app_name": NAME, "stages": {"dev": {}}}
    (folder / ".chalice" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def unpacked(project: Path, folder: Path) -> Path:
    """The code that was deployed, as the floor imports it."""
    [package] = (project / ".chalice" / "deployments").glob("*.zip")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def invoke(client: Any) -> None:
    """Run the smallest function once."""
    answer = client.invoke(FunctionName=SMALLEST, Payload=json.dumps(TICK))
    if "FunctionError" in answer:
        raise SystemExit(answer["Payload"].read().decode())


def samples(work: Callable[[], object], count: int) -> list[float]:
    """Seconds, of each of so many times."""
    return [floors.seconds(work) for _ in range(count)]


PARTS: dict[str, Callable[[Path, Effort], Iterator[Row]]] = {
    "start": start,
    "deploy": deploys,
    "serve": serving,
    "memory": server,
}

if __name__ == "__main__":
    sys.exit(main())
