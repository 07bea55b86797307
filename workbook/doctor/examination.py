"""Which looks the doctor takes, in what order, and that one that fails spoils none of the others."""

from __future__ import annotations

from collections.abc import Callable

from workbook.doctor import inside, machine, network, place, room
from workbook.doctor.report import Finding, Report, State
from workbook.errors import WorkbookError

Look = Callable[[], Finding]

ANYWHERE: dict[str, Look] = {
    "system": machine.system,
    "Python": machine.python,
    "clock": machine.clock,
    "text": machine.language,
    "memory": machine.memory,
    "open files": machine.open_files,
    "disk": room.disk,
    "folders": room.folders,
    "loopback": network.loopback,
    "ports": network.ports,
    "proxies": network.proxies,
    "browser": machine.browser,
    "credentials": place.credentials,
    "repository": place.repository,
    "environment": place.environment,
    "wheels": place.wheels,
}
INSIDE: dict[str, Look] = {"packages": inside.packages, "widgets": inside.widgets}


def examine(within: bool) -> Report:
    """Look at everything.

    Args:
        within: whether this process runs in the environment, so that it can be looked at too.
    """
    findings = [_look(name, look) for name, look in ANYWHERE.items()]
    if within:
        findings += [_look(name, look) for name, look in INSIDE.items()]
        findings += _tried(findings)
    return Report(tuple(findings))


def _tried(findings: list[Finding]) -> list[Finding]:
    if any(each.name == "loopback" and each.state is State.BROKEN for each in findings):
        return [
            Finding(name, State.NOTE, "not tried: it needs loopback")
            for name in ("kernel", "local cloud")
        ]
    with inside.Trials() as trials:
        return [_look("kernel", trials.kernel), _look("local cloud", trials.cloud)]


def _look(name: str, look: Look) -> Finding:
    try:
        return look()
    except WorkbookError as error:
        return Finding(name, State.BROKEN, error.problem, error.fix)
    except Exception as error:  # noqa: BLE001 - whatever a machine has in store: the rest is worth seeing
        said = f"could not be looked at: {type(error).__name__}: {error}"
        return Finding(name, State.NOTE, said)
