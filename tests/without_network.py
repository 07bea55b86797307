"""Runs a command where there is loopback and nothing else.

    unshare --map-root-user --net python tests/without_network.py COMMAND…

In the fresh network namespace that `unshare` makes even loopback is down. This puts it up, makes
sure that nothing else can be reached, and becomes the command. Linux only.
"""

from __future__ import annotations

import array
import errno
import fcntl
import os
import socket
import struct
import sys

SIOCSIFFLAGS = 0x8914
IFF_UP, IFF_RUNNING = 0x1, 0x40
ELSEWHERE = ("192.0.2.1", 443)  # an address that documentation uses and nobody has


def main(command: list[str]) -> None:
    """Put loopback up, prove that there is no way out, and become the command."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", IFF_UP | IFF_RUNNING)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, array.array("B", request))
    with socket.socket() as tried:
        tried.settimeout(1)
        if tried.connect_ex(ELSEWHERE) != errno.ENETUNREACH:
            raise SystemExit("There is a way out of this namespace: nothing would be proven.")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
