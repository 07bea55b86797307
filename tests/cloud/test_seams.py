"""Each seam against the moto that is installed. A failure here names what an upgrade has moved."""

from __future__ import annotations

import importlib
import inspect
import re
import threading
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest

from workbook.cloud import seams
from workbook.cloud.seams import SEAMS, Seam
from workbook.cloud.seams.postponed import POSTPONED

BY_NAME = {f"{seam.module}:{seam.target}": seam for seam in SEAMS}


@pytest.mark.parametrize("seam", SEAMS, ids=list(BY_NAME))
def test_moto_still_has_what_the_seam_replaces(seam: Seam) -> None:
    try:
        found = seam.original()
    except (ImportError, AttributeError):
        pytest.fail(f"moto has no {seam.module}:{seam.target} any more. {_why(seam)}")
    parameters = tuple(inspect.signature(found).parameters)
    assert seam.parameters == parameters, (
        f"{seam.target} takes other parameters than the seam expects. {_why(seam)}"
    )


@pytest.mark.parametrize("seam", SEAMS, ids=list(BY_NAME))
def test_moto_still_behaves_as_the_seam_says(seam: Seam) -> None:
    source = inspect.getsource(seam.original())
    assert seam.rests_on in source, (
        f"{seam.target} no longer has {seam.rests_on!r}: see whether it still {seam.replaces}. "
        f"{_why(seam)}"
    )


@pytest.mark.parametrize("importer", POSTPONED)
def test_moto_still_imports_what_is_postponed(importer: str) -> None:
    source = Path(inspect.getsourcefile(importlib.import_module(importer)) or "").read_text()
    for name, stand_in in POSTPONED[importer]().items():
        for offered in vars(stand_in).keys() - vars(ModuleType("stand-in")).keys():
            imported = rf"from {re.escape(name)} import [^)]*\b{offered}\b"
            assert re.search(imported, source), f"{importer} imports no {offered} from {name} now."


def test_every_target_has_one_seam() -> None:
    assert len(BY_NAME) == len(SEAMS)


def test_every_module_of_seams_is_laid() -> None:
    written = {path.stem for path in Path(seams.__file__).parent.glob("*.py")}
    laid = {seam.build.__module__.rpartition(".")[2] for seam in SEAMS}
    assert {"__init__", "hooks", "laying", "postponed", "seam"} == written - laid


def test_a_seam_is_in_the_module_that_has_moto_s_name_for_its_service() -> None:
    elsewhere = [
        name
        for name, seam in BY_NAME.items()
        if name.split(".")[1] != seam.build.__module__.rpartition(".")[2].partition("_")[0]
    ]
    assert [] == elsewhere


def test_two_calls_to_dynamodb_do_not_overlap() -> None:
    """Else both may find a condition true before either writes: conditional writes would lie."""
    both_inside = threading.Barrier(2)
    met: list[bool] = []

    def original(handler: object) -> None:
        try:
            both_inside.wait(timeout=0.2)
            met.append(True)
        except threading.BrokenBarrierError:
            met.append(False)

    seam = BY_NAME["moto.dynamodb.responses:DynamoHandler.call_action"]
    call_action = seam.build(original, mock.Mock())
    threads = [threading.Thread(target=call_action, args=[None]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [False, False] == met


def _why(seam: Seam) -> str:
    return f"The seam in {seam.build.__module__} is there because moto {seam.replaces}."
