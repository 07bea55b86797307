"""Binary or text: which bodies travel as base64, and which answers are compressed.

Pages: "Content type conversions in API Gateway", "Enable payload compression for an API".
"""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Sequence

from workbook.cloud.gateway.responses import JSON


def is_binary(header: str | None, binary_types: Sequence[str]) -> bool:
    """Whether a Content-Type or Accept header names one of an API's binary media types.

    "API Gateway honors only the first Accept media type". A wildcard among the binary types works
    on the right (`image/*`) or on both sides; one in the header is a name like any other. No
    header matches `*/*` alone.
    """
    named = (header or "").split(",")[0].split(";")[0].strip().lower()
    return any(_covers(each.lower(), named) for each in binary_types)


def _covers(binary_type: str, named: str) -> bool:
    if binary_type in ("*/*", named):
        return True
    kind, _, subtype = binary_type.partition("/")
    return subtype == "*" and named.startswith(f"{kind}/")


def body_for_event(
    body: bytes, content_type: str | None, binary_types: Sequence[str]
) -> tuple[str | None, bool]:
    """A request's body as the event carries it, and whether that is base64.

    What is not a binary media type is text to API Gateway: bytes that are not UTF-8 are replaced,
    which is how uploads break when their media type is not registered.
    """
    if not body:
        return None, False
    if is_binary(content_type or JSON, binary_types):
        return base64.b64encode(body).decode(), True
    return body.decode("utf-8", "replace"), False


def decompressed(body: bytes, encoding: str | None) -> bytes:
    """A request's body without its Content-Encoding.

    Raises:
        ValueError: the body is not what its header says.
    """
    try:
        match (encoding or "identity").strip().lower():
            case "gzip":
                return gzip.decompress(body)
            case "deflate":
                return zlib.decompress(body)
            case _:
                return body
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"not {encoding} data: {error}") from error


def compressed(body: bytes, accept_encoding: str | None) -> tuple[bytes, str] | None:
    """A body as the client would rather have it, and the encoding's name; None: as it is."""
    for each in (accept_encoding or "").lower().split(","):
        name, _, quality = each.strip().partition(";")
        if quality.replace(" ", "") in ("q=0", "q=0.0"):
            continue
        if name == "gzip":
            return gzip.compress(body, mtime=0), name
        if name == "deflate":
            return zlib.compress(body), name
    return None
