"""Our worker against awslambdaric, AWS's own runtime client, on the same Runtime API.

Each case is deployed to both; what callers get and what is logged must be equal, letter for
letter, but for the times that were measured and the folder the code lies in.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from functions_bench import Bench

from workbook.cloud.functions.import_path import link_runtime
from workbook.cloud.functions.runtime import INTERPRETER, Runtime

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("awslambdaric") is None,
    reason="awslambdaric has wheels for Linux only",
)
REQUEST_ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
TRACE = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"
CLIENT_CONTEXT = """{
    "client": {"installation_id": "i", "app_title": "Shop", "app_version_name": "1",
               "app_version_code": "2", "app_package_name": "p"},
    "custom": {"cart": 3}, "env": {"locale": "de"}, "w3c": {"traceparent": "00-1-2-01"}}"""

RESULTS: dict[str, str] = {
    "event": "event",
    "letters": "'Käse ☕ \\u2028'",
    "half a letter": "'\\ud83d'",
    "nothing": "None",
    "bytes": "b'{\"raw\": true}'",
    "not a number": "[float('nan'), float('inf'), -float('inf')]",
    "decimals": "[Decimal('1.10'), Decimal('1E+3'), Decimal('-0'), Decimal('NaN')]",
    "decimal as key": "{Decimal('1.10'): 1}",
    "named tuples": "{'items': [Item('a', Item(1, 2)), (2, 3)]}",
    "bytes inside": "{'text': b'abc', b'key': 1}",
    "no text inside": "{'text': b'\\xff'}",
    "keys": "{1: 'a', 2.5: 'b', None: 'c', True: 'd'}",
    "subclasses": "[Word('w'), Number(3), Table(a=1), OrderedDict(b=2)]",
    "enumeration": "[Colour.RED, {Colour.RED: 1}]",
    "set": "{1, 2}",
    "date": "[datetime.datetime(2026, 9, 29)]",
    "exception": "ValueError('returned')",
    "tuple key": "{(1, 2): 3}",
    "circle": "ring",
    "deep": "deep",
    "large number": "2 ** 200",
    "generator": "(n for n in range(3))",
}
RETURN = """
    import datetime, enum
    from collections import OrderedDict, namedtuple
    from decimal import Decimal
    Item = namedtuple('Item', 'sku price')
    Colour = enum.IntEnum('Colour', 'RED GREEN')
    class Word(str): pass
    class Number(int): pass
    class Table(dict): pass
    ring = []
    ring.append(ring)
    deep = []
    for _ in range(100_000): deep = [deep]
    def handler(event, context): return eval(event['result'])
"""
CASES: dict[str, str] = {
    "raise": """
        def look_up(item):
            return {}[item]
        def handler(event, context):
            return look_up('item_9')
    """,
    "raise own": """
        class OutOfStock(Exception): pass
        def handler(event, context):
            try:
                1 / 0
            except ZeroDivisionError as error:
                raise OutOfStock('none left\\nof it') from error
    """,
    "raise without message": "def handler(event, context): raise ValueError",
    "logging": """
        import logging
        log = logging.getLogger()
        log.setLevel('INFO')
        log.warning('at import')
        def handler(event, context):
            log.debug('unseen'); log.info('seen %s', 1); log.error('two\\nlines')
            try:
                1 / 0
            except ZeroDivisionError:
                log.exception('caught')
            logging.getLogger('shop').warning('named')
            context.log('by context\\n')
    """,
    "basicConfig": """
        import logging
        logging.basicConfig(level=logging.INFO, format='mine: %(message)s')
        def handler(event, context): logging.info('seen or not')
    """,
    "print": """
        import sys
        def handler(event, context):
            print('one'); print('two\\nthree', end=''); print('err', file=sys.stderr)
            print()
            sys.stdout.writelines(['four\\n', 'five'])
    """,
    "context": """
        def handler(event, context):
            left = context.get_remaining_time_in_millis()
            named = {name: repr(getattr(context, name)) for name in (
                'function_name function_version invoked_function_arn memory_limit_in_mb '
                'aws_request_id log_group_name tenant_id').split()}
            stream = context.log_stream_name
            return [named, stream.split(']')[0], 29_000 < left <= 30_000, type(left).__name__,
                    repr(context.client_context), context.client_context.client.app_title,
                    context.client_context.custom, repr(context.identity), context.w3c(),
                    str(context).split('log_stream_name')[0]]
    """,
    "variables": """
        import os
        def handler(event, context):
            return sorted((k, v) for k, v in os.environ.items() if k not in (
                'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_LAMBDA_RUNTIME_API', 'TMPDIR', 'HOME',
                'LAMBDA_RUNTIME_DIR', 'PYTHONPATH', 'LD_LIBRARY_PATH', 'LC_CTYPE',
                'LAMBDA_TASK_ROOT'))
    """,
    "import path": """
        import os, sys
        def handler(event, context):
            return [sys.path[0] == os.environ['LAMBDA_TASK_ROOT'] == os.getcwd(),
                    os.environ['LAMBDA_RUNTIME_DIR'] in sys.path, sys.dont_write_bytecode]
    """,
    "exit": "import sys\ndef handler(event, context): sys.exit(3)",
    "exit quietly": "import os\ndef handler(event, context): os._exit(0)",
    "abort": "import os\ndef handler(event, context): os.abort()",
    "timeout": "import time\ndef handler(event, context): print('slow'); time.sleep(60)",
    "too large": "def handler(event, context): return 'x' * 6_400_000",
    "no handler": "def other(event, context): pass",
    "missing import": "import not_there",
    "syntax error": "def handler(event, context)\n    return 1",
    "raise at import": "raise ValueError('no settings')",
    "raise in a module": "import broken",
    "exit at import": "import sys; print('bye'); sys.exit(4)",
    "built-in module": "",
    "malformed": "",
    "nested module": "",
}
CHANGES: dict[str, dict[str, Any]] = {
    "timeout": {"timeout_seconds": 0.3},
    "raise in a module": {"files": {"broken.py": "def f():\n    return {}['x']\nf()\n"}},
    "built-in module": {"handler": "sys.handler"},
    "malformed": {"handler": "handler"},
    "nested module": {
        "handler": "shop/api.handler",
        "files": {"shop/api.py": "def handler(event, context): return __name__"},
    },
}


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, Bench]]:
    ours = Bench(tmp_path_factory.mktemp("ours"))
    theirs = Bench(tmp_path_factory.mktemp("theirs"), prepare=_awslambdaric)
    with ours.functions, theirs.functions:
        yield ours, theirs


@pytest.mark.parametrize("case", CASES)
def test_the_worker_answers_and_logs_as_awslambdaric_does(
    benches: tuple[Bench, Bench], case: str
) -> None:
    ours, theirs = (_run(bench, case) for bench in benches)
    assert ours == theirs


@pytest.mark.parametrize("result", RESULTS)
def test_the_worker_writes_json_as_awslambdaric_does(
    benches: tuple[Bench, Bench], result: str
) -> None:
    """One environment each answers all of these, so this costs little."""
    outcomes = []
    for bench in benches:
        call = bench.deploy(RETURN, name="json")
        outcomes.append(call({"result": RESULTS[result]}, request_id=REQUEST_ID))
    # where in the interpreter a stack ends is not the runtime's
    ours, theirs = (re.sub(rb" while [\w ]+", b"", one.payload) for one in outcomes)
    assert ours == theirs
    assert outcomes[0].function_error == outcomes[1].function_error


def _awslambdaric(folder: Path) -> Runtime:
    runtime = folder / "awslambdaric"
    link_runtime(runtime, ["boto3", "awslambdaric"])
    return Runtime((*INTERPRETER, "-m", "awslambdaric"), runtime)


def _run(bench: Bench, case: str) -> dict[str, Any]:
    name = re.sub(r"\W", "-", case)
    call = bench.deploy(CASES[case], name=name, **CHANGES.get(case, {}))
    event = {"item": "item_1", "price": 1.5, "word": "Käse"}
    options = {"request_id": REQUEST_ID, "trace_header": TRACE, "client_context": CLIENT_CONTEXT}
    outcomes = [call(event, **options)]
    if bench.functions.environments()[-1]["state"] == "idle":
        outcomes.append(call(event, **options))
    return {
        "payloads": [_plain(outcome.payload.decode()) for outcome in outcomes],
        "errors": [outcome.function_error for outcome in outcomes],
        "cold": [outcome.cold for outcome in outcomes],
        "log": [
            _plain(line)
            for line in bench.log(f"/aws/lambda/{name}")
            if not line.startswith(("  File ", "    "))  # the runtimes' own stacks differ
        ],
    }


def _plain(text: str) -> str:
    """The text without what differs from run to run."""
    text = re.sub(r"/[^\s\"]*/code/[0-9a-f]{16}", "/var/task", text)
    text = text.replace(f"{sys.base_prefix}/", "/var/lang/")
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "TIME", text)
    text = re.sub(r"\[\d{13}\]", "[MS]", text)
    text = re.sub(r"(Duration|Used): [\d.]+ (ms|MB)", r"\1: N \2", text)
    return text
