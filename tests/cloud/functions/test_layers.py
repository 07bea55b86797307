"""Layers: unpacked one over the other, imported after the function's own code, as on AWS."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from functions_bench import RUNTIME, Bench

from workbook.cloud.functions import InvalidPackage, Layer
from workbook.cloud.functions.package import unpack

SITE = f"python/lib/{RUNTIME}/site-packages"
TELL = "import tea\ndef handler(event, context): return tea.KIND"


def layer(bench: Bench, files: dict[str, str]) -> Layer:
    path, digest = bench.package(files)
    return Layer(digest, path)


@pytest.mark.parametrize("place", ["python", SITE])
def test_a_layer_is_imported_from_both_places_that_aws_has(bench: Bench, place: str) -> None:
    found = layer(bench, {f"{place}/tea.py": "KIND = 'green'"})
    assert bench.deploy(TELL, layers=(found,))().payload == b'"green"'


def test_code_of_the_function_goes_before_layers_and_layers_before_the_runtime(
    bench: Bench,
) -> None:
    shadows = layer(bench, {"python/tea.py": "KIND = 'layer'", "python/boto3.py": "MINE = True"})
    call = bench.deploy(
        "import boto3, tea\ndef handler(event, context): return [tea.KIND, boto3.MINE]",
        files={"tea.py": "KIND = 'own'"},
        layers=(shadows,),
    )
    assert json.loads(call().payload) == ["own", True]


def test_a_later_layer_lies_over_an_earlier_one(bench: Bench) -> None:
    first = layer(bench, {"python/tea.py": "KIND = 'first'", "python/cup.py": "SIZE = 1"})
    second = layer(bench, {"python/tea.py": "KIND = 'second'"})
    source = "import tea, cup\ndef handler(event, context): return [tea.KIND, cup.SIZE]"
    assert json.loads(bench.deploy(source, layers=(first, second))().payload) == ["second", 1]
    assert json.loads(bench.deploy(source, layers=(second, first))().payload) == ["first", 1]


def test_other_layers_make_other_environments_and_the_same_keep_them(bench: Bench) -> None:
    green, black = (
        layer(bench, {"python/tea.py": f"KIND = '{kind}'"}) for kind in ("green", "black")
    )
    call = bench.deploy(TELL, layers=(green,))
    assert (call().cold, call().cold) == (True, False)
    bench.deploy(TELL, layers=(green,))
    assert not call().cold
    bench.deploy(TELL, layers=(black,))
    assert call().payload == b'"black"'
    assert [one["state"] for one in bench.functions.environments()] == ["reaped", "idle"]


def test_without_its_layer_a_function_does_not_find_what_was_in_it(bench: Bench) -> None:
    call = bench.deploy(TELL, layers=(layer(bench, {"python/tea.py": "KIND = 'green'"}),))
    call()
    bench.deploy(TELL)
    assert "No module named 'tea'" in json.loads(call().payload)["errorMessage"]


def test_a_layers_folder_goes_with_the_last_function_that_has_it(bench: Bench) -> None:
    found = layer(bench, {"python/tea.py": "KIND = 'green'"})
    specs = [bench.spec(TELL, layers=(found,), name=name, arn=name) for name in ("shop", "mail")]
    for spec in specs:
        bench.functions.deploy(spec)

    def unpacked() -> list[Path]:
        return [*bench.folder.rglob("tea.py")]

    (one,) = unpacked()  # for both
    bench.functions.remove("shop")
    assert unpacked() == [one]
    bench.functions.remove("mail")
    assert unpacked() == []


def test_an_error_in_a_layer_is_shown_below_opt(bench: Bench) -> None:
    broken = layer(bench, {"python/tea.py": "def pour():\n    raise OSError('empty')"})
    source = "import tea\ndef handler(event, context): tea.pour()"
    stack = json.loads(bench.deploy(source, layers=(broken,))().payload)["stackTrace"]
    assert [line.split('"')[1] for line in stack] == ["/var/task/app.py", "/opt/python/tea.py"]


def test_programs_and_files_of_a_layer_are_found_through_the_environment(bench: Bench) -> None:
    found = layer(bench, {"bin/kettle": "#!/bin/sh", "leaves.txt": "green"})
    call = bench.deploy(
        """
        import os
        def handler(event, context):
            root = os.environ["WORKBOOK_OPT"]
            below = [f"{root}/{name}" in os.environ[variable].split(":")
                     for variable, name in (("PATH", "bin"), ("LD_LIBRARY_PATH", "lib"))]
            return [open(f"{root}/leaves.txt").read(), *below]
        """,
        layers=(found,),
    )
    assert json.loads(call().payload) == ["green", True, True]


def test_the_import_path_stays_honest(bench: Bench) -> None:
    call = bench.deploy(
        "import pytest\ndef handler(event, context): return 1",
        layers=(layer(bench, {"python/tea.py": ""}),),
    )
    assert "No module named 'pytest'" in json.loads(call().payload)["errorMessage"]


def test_a_layer_that_is_no_zip_leaves_the_function_as_it_was(bench: Bench, tmp_path: Path) -> None:
    call = bench.deploy("def handler(event, context): return 1")
    broken = tmp_path / "broken.zip"
    broken.write_text("no zip")
    with pytest.raises(InvalidPackage):
        bench.deploy("def handler(event, context): return 2", layers=(Layer("broken", broken),))
    assert call().payload == b"1"
    bench.functions.remove(bench.spec().arn)
    assert [*bench.folder.rglob("app.py")] == []  # of the code that was unpacked in vain, too


@pytest.mark.parametrize("place", ["python", SITE])
def test_a_compiled_package_of_a_layer_has_a_stand_in_too(
    bench: Bench, tmp_path: Path, place: str
) -> None:
    own = f"cp{sys.version_info.major}{sys.version_info.minor}"
    elsewhere = "macosx_11_0_arm64" if sys.platform == "linux" else "manylinux_2_17_s390x"
    info = f"{place}/urllib3-1.0.dist-info"
    files = {
        f"{place}/urllib3/__init__.py": "packed = True",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: urllib3\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nTag: {own}-{own}-{elsewhere}\n",
        f"{info}/RECORD": "urllib3/__init__.py,,\nurllib3-1.0.dist-info/METADATA,,\n",
    }
    code = unpack(tmp_path / "opt", bench.package(files)[0])
    assert "packed" not in (code.root / place / "urllib3" / "__init__.py").read_text()
    assert "stands in for it" in code.notes[0]
