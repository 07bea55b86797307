"""The worker's side of the Runtime API, on a bare socket: http.client would double the start."""

from __future__ import annotations

import _socket
import os
import sys
import time

PREFIX = "/2018-06-01/runtime/"
TOGETHER_BYTES = 65536  # of a result that is sent with the question for the next event


class RuntimeApi:
    """One kept-open connection; as much HTTP as the other end speaks."""

    def __init__(self, address: str) -> None:
        host, port = address.rsplit(":", 1)
        self.host = address
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self.socket.connect((host, int(port)))
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self.received = b""

    def next(self) -> tuple[dict[str, str], bytes]:
        """The next event's headers (names in lower case) and body; waits for it."""
        self.socket.sendall(self.request("GET", "invocation/next"))
        _, headers, body = self.receive()
        return headers, body

    def respond(
        self, request_id: str, body: str | bytes, content_type: str
    ) -> tuple[dict[str, str], bytes]:
        """Post a result, then wait for the next event.

        What is too large is refused, which ends AWS's runtime as well. A small result and the
        question for the next event go out together, which saves both ends a turn.
        """
        path, headers = f"invocation/{request_id}/response", {"Content-Type": content_type}
        data = encoded(body)
        if len(data) > TOGETHER_BYTES:
            self.check(*self.post(path, data, headers))
            return self.next()
        asking = self.request("GET", "invocation/next")
        self.socket.sendall(self.request("POST", path, data, self.measured(headers)) + asking)
        status, _, answer = self.receive()
        self.check(status, answer)
        _, headers, event = self.receive()
        return headers, event

    def check(self, status: int, answer: bytes) -> None:
        """Give up where a result was refused."""
        if status != 202:
            print(
                f"[ERROR] [{time.time_ns() // 1_000_000}] LAMBDA_RUNTIME Failed to post handler"
                f" success response. Http response code: {status}. {answer.decode()}",
                file=sys.stderr,
            )
            raise RuntimeError("Failed to post invocation response")

    def post(self, path: str, body: str | bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Post to a path; the status and the body of the answer."""
        self.socket.sendall(self.request("POST", path, encoded(body), self.measured(headers)))
        status, _, answer = self.receive()
        return status, answer

    def measured(self, headers: dict[str, str]) -> dict[str, str]:
        """The headers of a post, with the peak of memory where only this process can tell it."""
        if os.path.isdir("/proc/self"):
            return headers
        return {**headers, "Workbook-Peak-Memory-Bytes": str(peak_memory())}

    def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> bytes:
        """The bytes of a request."""
        lines = [f"{method} {PREFIX}{path} HTTP/1.1", f"Host: {self.host}"]
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body

    def receive(self) -> tuple[int, dict[str, str], bytes]:
        """A response, whole; what came beyond it is kept for the next."""
        data = self.received
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.some(65536)
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body_end = end + 4 + int(headers["content-length"])
        parts, self.received = [data[end + 4 : body_end]], data[body_end:]
        missing = body_end - len(data)
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


def encoded(body: str | bytes) -> bytes:
    """The bytes of a body. Half a surrogate pair has none, which ends AWS's runtime as well."""
    return body.encode() if isinstance(body, str) else body


def peak_memory() -> int:
    """The peak of resident memory in bytes, where the system does not show it from outside."""
    import resource  # not on Linux, where the cloud reads it in /proc

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
