"""What a function finds around it: variables, folders, what it may import."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from functions_bench import RUNTIME, Bench

SHOW = "import os\ndef handler(event, context): return dict(os.environ)"


def variables(bench: Bench, **changes: Any) -> dict[str, str]:
    found: dict[str, str] = json.loads(bench.deploy(SHOW, **changes)().payload)
    return found


def test_the_documented_variables_are_set(bench: Bench) -> None:
    found = variables(bench, memory_mb=512)
    (environment,) = bench.functions.environments()
    assert {
        "_HANDLER": "app.handler",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{RUNTIME}",
        "AWS_LAMBDA_FUNCTION_NAME": "shop",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/shop",
        "AWS_LAMBDA_LOG_STREAM_NAME": environment["log_stream"],
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
    }.items() <= found.items()
    assert {"LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "PATH", "LD_LIBRARY_PATH"} <= found.keys()
    assert "_LAMBDA_TELEMETRY_LOG_FD" not in found


def test_the_functions_own_variables_come_on_top_but_reserved_ones_stay(bench: Bench) -> None:
    found = variables(
        bench, environment={"TABLE": "items", "PATH": "/mine", "AWS_REGION": "elsewhere"}
    )
    assert found["TABLE"] == "items"
    assert found["PATH"] == "/mine"
    assert found["AWS_REGION"] == "eu-central-1"


def test_a_functions_own_import_path_comes_before_the_runtime(bench: Bench) -> None:
    call = bench.deploy(
        "import boto3, parts\ndef handler(event, context): return parts.__name__",
        files={"lib/parts.py": ""},
        environment={"PYTHONPATH": "lib"},
    )
    assert call().payload == b'"parts"'


def test_nothing_of_the_hosts_environment_gets_in(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = {
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "AWS_CONFIG_FILE": "/real",
        "HTTPS_PROXY": "http://proxy",
        "PYTHONHOME": "",
        "SECRET_OF_THE_HOST": "1",
    }
    for name, value in poison.items():
        monkeypatch.setenv(name, value)
    found = variables(bench)
    assert found.keys() & poison.keys() == set()
    assert found["HOME"] != os.environ["HOME"]
    assert found["HOME"] == found["TMPDIR"]


def test_the_trace_header_is_of_the_request(bench: Bench) -> None:
    call = bench.deploy(
        "import os\ndef handler(event, context): return os.environ.get('_X_AMZN_TRACE_ID')"
    )
    assert call(trace_header="Root=1-2-3").payload == b'"Root=1-2-3"'
    assert call().payload == b"null"


def test_boto3_comes_with_the_runtime_and_finds_the_cloud_and_the_functions_keys(
    bench: Bench,
) -> None:
    call = bench.deploy("""
        import boto3
        def handler(event, context):
            client = boto3.client("s3")
            keys = boto3.Session().get_credentials()
            return [client.meta.endpoint_url, client.meta.region_name, keys.access_key, keys.method]
        """)
    assert json.loads(call().payload) == ["http://127.0.0.1:9", "eu-central-1", "local", "env"]


@pytest.mark.parametrize(
    "name", ["boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3", "json"]
)
def test_what_aws_has_can_be_imported(shared_bench: Bench, name: str) -> None:
    assert (
        shared_bench.deploy(f"import {name}\ndef handler(event, context): return 1")().payload
        == b"1"
    )


@pytest.mark.parametrize("name", ["chalice", "workbook", "pytest", "pip", "scaling", "moto"])
def test_what_aws_has_not_cannot_be_imported(shared_bench: Bench, name: str) -> None:
    outcome = shared_bench.deploy(f"import {name}\ndef handler(event, context): return 1")()
    assert json.loads(outcome.payload)["errorMessage"] == (
        f"Unable to import module 'app': No module named '{name}'"
    )


def test_the_zip_comes_before_the_runtime_and_before_the_standard_library(bench: Bench) -> None:
    call = bench.deploy(
        "import boto3, wave\ndef handler(event, context): return [boto3.mine, wave.mine]",
        files={"boto3.py": "mine = 1", "wave.py": "mine = 2"},
    )
    assert call().payload == b"[1, 2]"


def test_modules_named_as_the_runtimes_own_are_the_functions(bench: Bench) -> None:
    call = bench.deploy(
        "import context, errors, logs\n"
        "def handler(event, _): return [context.mine, errors.mine, logs.mine]",
        files={f"{name}.py": f"mine = '{name}'" for name in ("context", "errors", "logs")},
    )
    assert call().payload == b'["context", "errors", "logs"]'


def test_the_working_folder_is_the_code_and_no_bytecode_is_left_there(bench: Bench) -> None:
    call = bench.deploy(
        "import os, shop\ndef handler(event, context): return [os.getcwd(), os.listdir()]",
        files={"shop.py": ""},
    )
    folder, names = json.loads(call().payload)
    assert sorted(names) == ["app.py", "shop.py"]
    assert Path(folder).is_relative_to(bench.folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere; see test_package.py")
def test_the_code_cannot_be_written(bench: Bench) -> None:
    outcome = bench.deploy("def handler(event, context): open('app.py', 'w')")()
    assert json.loads(outcome.payload)["errorType"] == "PermissionError"


def test_each_environment_has_a_tmp_of_its_own_that_survives_between_requests_only(
    bench: Bench,
) -> None:
    source = """
        import os, pathlib, tempfile
        def handler(event, context):
            with open(os.path.join(tempfile.gettempdir(), "count"), "a+") as file:
                file.write("x")
                file.seek(0)
                return [tempfile.gettempdir(), len(file.read())]
        """
    first = bench.deploy(source)
    folder, _ = json.loads(first().payload)
    assert json.loads(first().payload) == [folder, 2]
    other, count = json.loads(bench.deploy(source, name="other")().payload)
    assert (other != folder, count) == (True, 1)
    bench.functions.remove(bench.spec().arn)
    assert not Path(folder).exists()
    assert Path(other).exists()


def test_output_is_utf_8(bench: Bench) -> None:
    bench.deploy("def handler(event, context): print('Käse ☕')")()
    assert "Käse ☕\n" in bench.log()


def test_a_stand_in_for_a_foreign_package_is_named_in_the_log(bench: Bench) -> None:
    info = "urllib3-1.0.dist-info"
    call = bench.deploy(
        "import urllib3\ndef handler(event, context): return urllib3.__version__",
        files={
            "urllib3/__init__.py": "raise ImportError('wrong architecture')",
            f"{info}/METADATA": "Metadata-Version: 2.1\nName: urllib3\nVersion: 1.0\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nTag: cp311-cp311-win_arm64\n",
            f"{info}/RECORD": f"urllib3/__init__.py,,\n{info}/WHEEL,,\n",
        },
    )
    assert call().function_error is None
    assert "[workbook] urllib3 1.0 in the package is not built for this machine" in bench.log()[1]
