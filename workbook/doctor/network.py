"""Looks at the network as far as loopback, the only part of it that the workbook needs."""

from __future__ import annotations

import contextlib
import socket

from workbook import settings
from workbook.doctor.report import Finding, State

FIRST_PORT, PORTS = 8888, 50  # JupyterLab's own


def loopback() -> Finding:
    """Whether this machine can talk to itself, and knows its own name."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)
            with socket.create_connection(server.getsockname(), timeout=5) as client:
                client.sendall(b"?")
                with server.accept()[0] as accepted:
                    accepted.settimeout(5)
                    heard = accepted.recv(1)
    except OSError as error:
        return Finding(
            "loopback",
            State.BROKEN,
            f"127.0.0.1 does not answer: {error.strerror or error}.",
            "`sudo ip link set lo up`; a firewall or a sandbox may forbid it, too.",
        )
    if heard != b"?":
        return Finding("loopback", State.BROKEN, "127.0.0.1 answers with something else.")
    return _own_name()


def ports() -> Finding:
    """Which port JupyterLab will take."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as JupyterLab does
            tried.bind(("127.0.0.1", port))
            taken = f"; {FIRST_PORT} is in use" if port != FIRST_PORT else ""
            return Finding("ports", State.SOUND, f"{port} is free for JupyterLab{taken}")
    said = f"None of {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free."
    fix = "End other servers, or `python3 -m workbook lab --port 9999`"
    return Finding("ports", State.BROKEN, said, fix)


def proxies() -> Finding:
    """A proxy that would be asked for this machine's own addresses."""
    named, excepted = settings.proxies()
    if not named:
        return Finding("proxies", State.SOUND, "none is set")
    if {"127.0.0.1", "*"} & {part.strip() for part in excepted.split(",")}:
        return Finding("proxies", State.SOUND, f"{', '.join(named)}, but not for 127.0.0.1")
    return Finding(
        "proxies",
        State.NOTE,
        f"{', '.join(named)} also for 127.0.0.1: in a terminal, the local cloud is not reached.",
        "`export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost`",
    )


def _own_name() -> Finding:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo("localhost", 80, socket.AF_INET)}
    except OSError:
        found = set()
    if "127.0.0.1" in found:
        return Finding("loopback", State.SOUND, "127.0.0.1 answers, and localhost is it")
    said = "127.0.0.1 answers, but localhost is another or nothing."
    fix = "`echo 127.0.0.1 localhost | sudo tee -a /etc/hosts`"
    return Finding("loopback", State.NOTE, said, fix)
