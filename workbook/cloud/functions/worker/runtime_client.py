"""The worker's side of the Runtime API, on a bare socket: http.client would double the start."""

from __future__ import annotations

import _socket
import os
import sys
import time

PREFIX = "/2018-06-01/runtime/"


class RuntimeApi:
    """One kept-open connection; as much HTTP as the other end speaks."""

    def __init__(self, address: str) -> None:
        host, port = address.rsplit(":", 1)
        self.host = address
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self.socket.connect((host, int(port)))
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)

    def next(self) -> tuple[dict[str, str], bytes]:
        """The next event's headers (names in lower case) and body; waits for it."""
        _, headers, body = self.exchange("GET", "invocation/next", b"", {})
        return headers, body

    def respond(self, request_id: str, body: str | bytes, content_type: str) -> None:
        """Post a result. What is too large is refused, which ends AWS's runtime as well."""
        headers = {"Content-Type": content_type}
        status, answer = self.post(f"invocation/{request_id}/response", body, headers)
        if status != 202:
            print(
                f"[ERROR] [{time.time_ns() // 1_000_000}] LAMBDA_RUNTIME Failed to post handler"
                f" success response. Http response code: {status}. {answer.decode()}",
                file=sys.stderr,
            )
            raise RuntimeError("Failed to post invocation response")

    def post(self, path: str, body: str | bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Post to a path; the status and the body of the answer.

        Half a surrogate pair cannot be encoded, and ends AWS's runtime as well.
        """
        data = body.encode() if isinstance(body, str) else body
        if not os.path.isdir("/proc/self"):
            headers = {**headers, "Workbook-Peak-Memory-Bytes": str(peak_memory())}
        status, _, answer = self.exchange("POST", path, data, headers)
        return status, answer

    def exchange(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """One request and its response: status, headers, body."""
        lines = [f"{method} {PREFIX}{path} HTTP/1.1", f"Host: {self.host}"]
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body)
        return self.receive()

    def receive(self) -> tuple[int, dict[str, str], bytes]:
        """A response, whole."""
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.some(65536)
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        parts = [data[end + 4 :]]
        missing = int(headers["content-length"]) - len(parts[0])
        while missing > 0:
            parts.append(self.some(min(missing, 262144)))
            missing -= len(parts[-1])
        return int(first.split(" ", 2)[1]), headers, b"".join(parts)

    def some(self, size: int) -> bytes:
        """At most so many bytes, and at least one."""
        data = self.socket.recv(size)
        if not data:
            os._exit(0)  # the environment is gone, and with it everyone who could be told
        return data


def peak_memory() -> int:
    """The peak of resident memory in bytes, where the system does not show it from outside."""
    import resource  # not on Linux, where the cloud reads it in /proc

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
