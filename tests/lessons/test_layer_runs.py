"""A service's tests are run in copies of it, each in a process that nothing else has touched."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path

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


def test_what_a_layer_had_cost_before_is_added_to_its_tests(shop):
    (deployed,) = layer_runs.run(shop, {"rules": LAYERS["rules"]}, {"rules": 100.0, "none": 1.0})
    assert 100 < deployed.seconds < 200


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


def test_each_mistake_is_tried_out_by_the_layers(shop):
    mistakes = {"thrice": ("rules.py", "2 * n", "3 * n"), "turned": ("rules.py", "2 * n", "n * 2")}
    tried = layer_runs.try_out(shop, mistakes, {"rules": LAYERS["rules"]})
    assert [("thrice", False), ("turned", True)] == [
        (mistake, run.passed) for mistake, (run,) in tried.items()
    ]


def test_a_process_that_made_clients_before_hands_no_keys_on(shop, monkeypatch):
    (shop / "tests" / "whose_keys.py").write_text(
        "import boto3\n\n\ndef test_keys():\n"
        "    assert boto3.client('s3')._get_credentials().access_key == 'mine'\n"
    )
    keys = {"AWS_ACCESS_KEY_ID": "mine", "AWS_SECRET_ACCESS_KEY": "mine", "AWS_REGION": "us-east-1"}
    (run,) = layer_runs.run(shop, {"keys": "tests/whose_keys.py"}, **keys)
    assert run.passed


@pytest.fixture
def endless(shop):
    (shop / "tests" / "endless.py").write_text(
        "import os, pathlib, select\n\n\ndef test_waits():\n"
        "    pathlib.Path('child').write_text(str(os.getpid()))\n    select.select([], [], [])\n"
    )
    (shop / "child").unlink(missing_ok=True)
    return shop


def child_of(folder):
    """The process that runs the endless test, once it does."""
    for _ in range(1000):
        if (folder / "child").exists() and (pid := (folder / "child").read_text()):
            return int(pid)
        threading.Event().wait(0.02)
    raise AssertionError("no test runs")


def gone(pid):
    """Whether it ends within some seconds; a zombie has ended."""
    for _ in range(1000):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        threading.Event().wait(0.02)
    return False


def test_an_interrupted_run_ends_its_test_and_spoils_no_later_answer(endless):
    def interrupt():
        child_of(endless)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        layer_runs.printed(endless, ["tests/endless.py"])
    assert gone(child_of(endless))
    assert all(run.passed for run in layer_runs.run(endless, {"rules": LAYERS["rules"]}))


def test_when_nobody_asks_any_longer_a_running_test_ends_as_well(endless):
    server = layer_runs._server()
    job = layer_runs._job("pytest", endless, ["tests/endless.py"], {})
    asked = {"at_once": 1, "jobs": [{**job, "answer": os.devnull}]}
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    child = child_of(endless)
    server.stdin.close()  # as when its parent is killed
    assert server.wait(timeout=30)
    layer_runs._server.cache_clear()
    assert gone(child)


def test_what_a_shell_wishes_of_pytest_reaches_neither_the_process_nor_its_tests(shop, monkeypatch):
    layer_runs._end(layer_runs._server())  # the next one starts in this shell
    monkeypatch.setenv("PYTEST_PLUGINS", "no_plugin_of_this_name")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--durations=3 --no-such-option")
    monkeypatch.setenv("CI", "true")
    printed = layer_runs.printed(shop, ["-q", LAYERS["rules"]])
    assert printed.startswith(".")
    assert "slowest" not in printed
    asked = ["-q", LAYERS["rules"]]
    assert "slowest" in layer_runs.printed(shop, asked, PYTEST_ADDOPTS="--durations=3 -vv")


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
