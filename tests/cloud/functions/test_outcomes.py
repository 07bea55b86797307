"""What an invocation comes to, for the caller and in the log, when the function runs for real.

What a function's own errors look like is test_conformance.py's matter.
"""

from __future__ import annotations

import json
import re
import sys

import pytest
from functions_bench import Bench

from workbook.cloud.functions import Outcome, RequestTooLarge

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def error_of(outcome: Outcome) -> dict[str, str]:
    assert outcome.function_error == "Unhandled"
    error: dict[str, str] = json.loads(outcome.payload)
    return error


def test_a_result_comes_back_and_the_second_request_finds_the_environment_warm(
    bench: Bench,
) -> None:
    call = bench.deploy("def handler(event, context): return {'doubled': event * 2}")
    first, second = call(21), call("ab")
    assert (first.payload, second.payload) == (b'{"doubled": 42}', b'{"doubled": "abab"}')
    assert (first.function_error, first.executed_version) == (None, "$LATEST")
    assert (first.cold, second.cold) == (True, False)
    assert first.init_ms is not None
    assert second.init_ms is None
    assert first.environment_id == second.environment_id
    assert first.billed_ms >= first.duration_ms + first.init_ms
    assert re.fullmatch(UUID, first.request_id)


def test_the_log_of_a_request_reads_as_on_aws(bench: Bench) -> None:
    call = bench.deploy("def handler(event, context): print('hello')")
    outcome = call(request_id="8476a536-e9f4-11e8-9739-2dfe598c3fcd")
    ((group, stream),) = bench.logs
    assert group == "/aws/lambda/shop"
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\]" + outcome.environment_id, stream)
    runtime = "arn:aws:lambda:eu-central-1::runtime:[0-9a-f]{64}"
    patterns = [
        rf"INIT_START Runtime Version: python:3\.\d+\.v\d+\tRuntime Version ARN: {runtime}\n",
        r"START RequestId: 8476a536-e9f4-11e8-9739-2dfe598c3fcd Version: \$LATEST\n",
        r"hello\n",
        r"END RequestId: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\n",
        (
            r"REPORT RequestId: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\tDuration: \d+\.\d\d ms\t"
            r"Billed Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\t"
            r"Init Duration: \d+\.\d\d ms\t\n"
        ),
    ]
    lines = bench.log()
    assert len(lines) == len(patterns)
    for line, pattern in zip(lines, patterns, strict=True):
        assert re.fullmatch(pattern, line)
    assert outcome.log_tail == "".join(lines)


def test_a_line_without_its_end_is_logged_with_its_request(bench: Bench) -> None:
    outcome = bench.deploy("def handler(event, context): print('half', end='')")()
    assert bench.log()[2:4] == ["half\n", f"END RequestId: {outcome.request_id}\n"]


def test_the_tail_is_of_one_request_alone(bench: Bench) -> None:
    call = bench.deploy("def handler(event, context): print(event)")
    call("first")
    assert "first" not in call("second").log_tail


def test_an_empty_payload_is_an_empty_object(bench: Bench) -> None:
    spec = bench.spec("def handler(event, context): return [event]")
    bench.functions.deploy(spec)
    assert bench.functions.invoke(spec.arn, b"").payload == b"[{}]"


def test_a_timeout_ends_the_environment_and_the_next_request_finds_a_new_one(
    bench: Bench,
) -> None:
    call = bench.deploy(
        "def handler(event, context):\n    print('on')\n    while event: pass",
        timeout_seconds=1,
    )
    outcome = call(True)
    request_id = outcome.request_id
    assert outcome.payload.decode() == (
        '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: '
        f'{request_id} Error: Task timed out after 1.00 seconds"}}'
    )
    assert outcome.function_error == "Unhandled"
    assert outcome.duration_ms == 1000.0
    log = bench.log()
    assert log[2] == "on\n"
    assert re.fullmatch(
        rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ {request_id}"
        r" Task timed out after 1\.00 seconds\n\n",
        log[3],
    )
    assert log[5].endswith("Status: timeout\n")
    assert bench.functions.environments()[-1]["state"] == "timed out"
    after = call(False)
    assert after.payload == b"null"
    assert after.cold


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("sys.exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit()", "Runtime exited without providing a reason"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os._exit(255)", "Runtime exited with error: exit status 255"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
    ],
)
def test_an_exit_is_named_and_the_next_request_finds_a_new_environment(
    bench: Bench, how: str, reason: str
) -> None:
    call = bench.deploy(f"import os, sys\ndef handler(event, context):\n    if event: {how}")
    outcome = call(True)
    assert error_of(outcome) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {outcome.request_id} Error: {reason}",
    }
    words = [f"RequestId: {outcome.request_id} Error: {reason}\n", "Runtime.ExitError\n"]
    assert bench.log()[2:4] == words
    assert bench.log()[-1].endswith("\tStatus: error\tError Type: Runtime.ExitError\n")
    assert bench.functions.environments()[-1]["state"] == "crashed"
    assert call(False).cold


def test_a_package_beside_the_workbook_but_not_in_the_zip_is_missing_as_on_aws(
    bench: Bench,
) -> None:
    call = bench.deploy("import moto\ndef handler(event, context): pass")
    assert error_of(call()) == {
        "errorMessage": "Unable to import module 'app': No module named 'moto'",
        "errorType": "Runtime.ImportModuleError",
        "requestId": "",
        "stackTrace": [],
    }


def test_an_init_that_fails_is_tried_again_within_the_request_and_reported_twice(
    bench: Bench,
) -> None:
    call = bench.deploy("import absent")
    call(request_id="8476a536-e9f4-11e8-9739-2dfe598c3fcd")
    log = [re.sub(r"[\d.]+ ms", "N ms", line) for line in bench.log()]
    failed = "Status: error\tError Type: Runtime.ImportModuleError\n"
    assert [line for line in log if line.startswith(("INIT_REPORT", "START", "REPORT"))] == [
        f"INIT_REPORT Init Duration: N ms\tPhase: init\t{failed}",
        f"INIT_REPORT Init Duration: N ms\tPhase: invoke\t{failed}",
        "START RequestId: 8476a536-e9f4-11e8-9739-2dfe598c3fcd Version: $LATEST\n",
        log[-1],
    ]
    assert log[-1].endswith(failed)
    assert sum(line.startswith("[ERROR] Runtime.ImportModuleError") for line in log) == 2


def test_an_init_that_takes_too_long_is_given_the_functions_own_timeout_then(
    bench_with: object,
) -> None:
    bench: Bench = bench_with(init_seconds=0.2)  # type: ignore[operator]
    call = bench.deploy("while True: pass", timeout_seconds=1)
    error = error_of(call())
    assert error["errorType"] == "Sandbox.Timedout"
    reports = [line.split("\t", 1)[1] for line in bench.log() if line.startswith("INIT_REPORT")]
    assert reports == ["Phase: init\tStatus: timeout\n", "Phase: invoke\tStatus: timeout\n"]


def test_an_init_that_succeeds_the_second_time_is_answered_by_and_counts_as_duration(
    bench_with: object,
) -> None:
    bench: Bench = bench_with(init_seconds=1.0)  # type: ignore[operator]
    call = bench.deploy("""
        import os, tempfile
        tried = os.path.join(tempfile.gettempdir(), "tried")
        while not os.path.exists(tried) or os.path.getsize(tried) == os.getpid():
            if not os.path.exists(tried):
                with open(tried, "w") as file: file.truncate(os.getpid())
        def handler(event, context): return 1
        """)
    outcome = call()
    assert (outcome.payload, outcome.init_ms) == (b"1", None)
    assert [line.split("\t", 1)[1] for line in bench.log() if line.startswith("INIT_R")] == [
        "Phase: init\tStatus: timeout\n"
    ]
    assert outcome.duration_ms > 5


def test_a_response_too_large_is_the_functions_error(bench: Bench) -> None:
    call = bench.deploy("def handler(event, context): return 'x' * event")
    assert len(call(6_291_554).payload) == 6_291_556
    assert error_of(call(6_291_555)) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size"
        " (6291556 bytes).",
    }
    assert call(1).payload == b'"x"'


def test_a_request_too_large_is_refused(bench: Bench) -> None:
    call = bench.deploy("def handler(event, context): return len(event)")
    assert call("x" * (6 * 1024 * 1024 - 2)).payload == b"6291454"
    with pytest.raises(RequestTooLarge, match="must be smaller than 6291456 bytes"):
        call("x" * (6 * 1024 * 1024 - 1))


@pytest.mark.parametrize(
    ("memory_mb", "needed", "then"),
    [(24, 30_000_000, "pass"), (128, 200_000_000, "time.sleep(60)")],
    ids=["quickly", "for long"],
)
def test_a_function_that_needs_more_memory_than_it_has_is_killed(
    bench: Bench, memory_mb: int, needed: int, then: str
) -> None:
    call = bench.deploy(
        f"import time\ndef handler(event, context):\n    x = b'x' * event\n    {then}",
        memory_mb=memory_mb,
    )
    outcome = call(needed)
    assert error_of(outcome) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {outcome.request_id} Error: Runtime exited with error:"
        " signal: killed",
    }
    assert outcome.max_memory_mb == memory_mb
    assert bench.log()[-1].endswith("Error Type: Runtime.OutOfMemory\n")


def test_the_memory_used_is_measured(bench: Bench) -> None:
    call = bench.deploy("def handler(event, context): x = b'x' * event", memory_mb=512)
    little, much = call(1).max_memory_mb, call(100_000_000).max_memory_mb
    assert 0 < little < 60
    assert 90 < much - little < 110


def test_a_stack_trace_names_files_as_aws_does(bench: Bench) -> None:
    call = bench.deploy("import json\ndef handler(event, context): json.loads('no')")
    stack = json.loads(call().payload)["stackTrace"]
    files = [line.split('"')[1] for line in stack]
    assert files[0].startswith("/var/task/")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert files[1] == f"/var/lang/lib/{version}/json/__init__.py"
