"""What counts as a photo: its bytes decide, whatever it is called."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import photos
from chalicelib.domain.photos import Photo, recognise


def png(width: int, height: int) -> bytes:
    header = struct.pack(">II", width, height) + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header


def gif(width: int, height: int, version: bytes = b"89a") -> bytes:
    return b"GIF" + version + struct.pack("<HH", width, height) + b"\0\0\0"


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9) + frame


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(640, 480), "image/png"),
        (gif(640, 480), "image/gif"),
        (gif(640, 480, b"87a"), "image/gif"),
        (jpeg(640, 480), "image/jpeg"),
    ],
    ids=["png", "gif", "old gif", "jpeg"],
)
def test_a_photo_is_known_by_its_bytes(content: bytes, kind: str) -> None:
    assert recognise("k", content, "now") == Photo("k", kind, len(content), 640, 480, "now")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg width='1' height='1'/>",  # may carry scripts
        png(640, 480)[:12],  # cut off
        b" " + png(640, 480),
        png(0, 480),
        png(640, 0),
    ],
    ids=["nothing", "text", "svg", "cut off", "shifted", "no width", "no height"],
)
def test_anything_else_is_none(content: bytes) -> None:
    assert recognise("k", content, "now") is None


@pytest.mark.parametrize(
    ("width", "height", "taken"),
    [(20_000, 1, True), (1, 20_000, True), (20_001, 1, False), (1, 20_001, False)],
)
def test_a_picture_that_claims_to_be_enormous_is_none(width: int, height: int, taken: bool) -> None:
    assert (recognise("k", png(width, height), "now") is not None) is taken


def test_a_photo_may_have_five_mebibytes_and_not_one_byte_more() -> None:
    largest = png(1, 1).ljust(5 * 1024 * 1024, b"\0")
    assert recognise("k", largest, "now") is not None
    assert recognise("k", largest + b"\0", "now") is None
    assert photos.MAX_BYTES == len(largest)


@given(st.sampled_from([b"", *(start for start, _ in photos._SIGNATURES)]), st.binary(max_size=300))
def test_no_bytes_whatever_raise(start: bytes, rest: bytes) -> None:
    found = recognise("k", start + rest, "now")
    assert found is None or (found.width > 0 and found.height > 0)
