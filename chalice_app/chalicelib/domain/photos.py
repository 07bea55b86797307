"""What makes an upload a photo: its first bytes, not its name or what it is declared to be."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import imagesize

MAX_BYTES = 5 * 1024 * 1024
MAX_SIDE = 20_000  # pixels; a few bytes may claim to be a picture that no memory can hold

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True)
class Photo:
    """A picture of an item; sizes in bytes and pixels, the time in ISO 8601."""

    key: str
    content_type: str
    size: int
    width: int
    height: int
    uploaded_at: str


def recognise(key: str, content: bytes, uploaded_at: str) -> Photo | None:
    """The photo that these bytes are; None if they are none that the shop shows."""
    content_type = next((kind for start, kind in _SIGNATURES if content.startswith(start)), None)
    if content_type is None or len(content) > MAX_BYTES:
        return None
    try:
        width, height = imagesize.get(BytesIO(content))
    except Exception:  # noqa: BLE001
        # Whoever uploads chooses the bytes: no fault of theirs may stop the queue.
        return None
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        return None
    return Photo(key, content_type, len(content), width, height, uploaded_at)
