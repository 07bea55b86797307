"""A service's tests are run in copies of it, each in a process that nothing else has touched."""

from __future__ import annotations

import json
import os

import pytest

from workbook.errors import WorkbookError
from workbook.lessons import layer_runs, projects

LAYERS = {"rules": "tests/test_rules.py", "surroundings": "tests/test_surroundings.py"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("layers") / "shop"
    (folder / "tests").mkdir(parents=True)
    (folder / ".chalice").mkdir()
    (folder / ".chalice" / "config.json").write_text('{"app_name": "shop"}')
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    (folder / "rules.py").write_text("def double(n):\n    return 2 * n\n")
    (folder / "tests" / "test_rules.py").write_text(
        "import rules\n\n\ndef test_two():\n    assert rules.double(2) == 4\n"
    )
    (folder / "tests" / "test_surroundings.py").write_text(
        "import os\n\n\ndef test_told():\n    assert os.environ['TOLD'] == 'yes'\n"
        "    os.environ['LEFT'] = 'behind'\n\n\ndef test_untouched():\n    assert 'KEPT' in os.environ\n"
    )
    return folder


def outcomes(runs):
    return {(run.layer, run.test): run.passed for run in runs}


def test_every_test_is_reported_with_its_layer(shop, monkeypatch):
    monkeypatch.setenv("KEPT", "yes")
    runs = layer_runs.run(shop, LAYERS, TOLD="yes")
    assert outcomes(runs) == {
        ("rules", "test_two"): True,
        ("surroundings", "test_told"): True,
        ("surroundings", "test_untouched"): True,
    }
    assert all(run.seconds > 0 for run in runs)
    assert "LEFT" not in os.environ


def test_a_copy_has_its_mistake_its_name_and_modules_of_its_own(shop):
    rules = {"rules": LAYERS["rules"]}
    assert all(run.passed for run in layer_runs.run(shop, rules))
    mistakes = {"thrice": ("rules.py", "2 * n", "3 * n"), "no module": ("rules.py", "2 *", "2 * (")}
    copies = layer_runs.copies(shop, mistakes)
    assert outcomes(layer_runs.run(copies["thrice"], rules)) == {("rules", "test_two"): False}
    assert outcomes(layer_runs.run(copies["no module"], rules)) == {("rules", "(import)"): False}
    assert all(run.passed for run in layer_runs.run(shop, rules))
    names = [
        json.loads((copy / ".chalice" / "config.json").read_text())["app_name"]
        for copy in copies.values()
    ]
    assert names == ["shop-1", "shop-2"]


def test_a_mistake_that_does_not_fit_is_refused(shop):
    with pytest.raises(WorkbookError, match="0 times"):
        layer_runs.copies(shop, {"nothing": ("rules.py", "4 * n", "3 * n")})


def test_a_deploy_that_fails_says_what_it_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    broken = projects.new("broken")
    (broken / "app.py").write_text("raise ValueError('no app here')\n")
    with pytest.raises(WorkbookError, match="no app here"):
        layer_runs.deployed(None, broken)


def test_when_the_process_has_ended_it_is_said_once_and_started_anew(shop):
    layer_runs.get_ready()
    layer_runs._server().kill()
    layer_runs._server().wait()
    with pytest.raises(WorkbookError, match="has ended"):
        layer_runs.run(shop, {"rules": LAYERS["rules"]})
    assert all(run.passed for run in layer_runs.run(shop, {"rules": LAYERS["rules"]}))
