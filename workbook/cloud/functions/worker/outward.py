"""No call of a function leaves this machine: what would is refused before a name is looked up.

An audit hook sees every connection that Python code opens, whatever library asks for it, and
cannot be taken off again. Not AWS's: there a function reaches the internet. RuntimeError, because
the HTTP libraries would take an OSError for a passing trouble and try again in silence.
"""

import sys

LOOPBACK_NAMES = ("localhost", "::1", "0.0.0.0", "::", "")
HOST_FIRST = ("socket.getaddrinfo", "socket.gethostbyname")
ADDRESS_SECOND = ("socket.connect", "socket.sendto", "socket.sendmsg")


def stay_on_this_machine():
    """From now on, refuse connections to anywhere else."""
    sys.addaudithook(_hook)


def _hook(event, arguments):
    if not event.startswith("socket."):  # hundreds of others a request
        return
    if event in HOST_FIRST:
        _check(arguments[0])
    elif event in ADDRESS_SECOND and isinstance(arguments[1], tuple):
        _check(arguments[1][0])


def _check(host):
    if isinstance(host, (bytes, bytearray)):
        host = host.decode("ascii", "replace")
    if host is not None and not is_here(host):
        raise RuntimeError(
            f"The function called {host}, but no call may leave this machine: the local cloud"
            " runs without a network. Make AWS clients without endpoint_url."
        )


def is_here(host):
    """Whether a host's name or address is this machine's own."""
    if host in LOOPBACK_NAMES or host.endswith(".localhost"):
        return True
    return host.startswith("127.") and host.replace(".", "").isdigit()
