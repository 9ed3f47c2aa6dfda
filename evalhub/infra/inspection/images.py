"""Decides whether a PNG or JPEG is whole, of a size that can be shown, and nothing else besides."""

import struct
import zlib
from typing import Any, BinaryIO

from evalhub.infra.inspection.reasons import Reason, Refusal, answers_refusal

MOST_PIXELS = 100_000_000
_MOST_CHUNKS = 100_000
_PNG_MARK = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # SOF markers; the three are tables, not frames
_BLOCK = 1024 * 1024


@answers_refusal
def inspect_png(file: BinaryIO) -> dict[str, Any]:
    """Facts about a harmless PNG: `width`, `height` in pixels. Raises `Refusal`."""
    file.seek(0)
    if file.read(8) != _PNG_MARK:
        raise Refusal(Reason.NOT_WHAT_IT_SAYS)
    size = (0, 0)
    for number in range(_MOST_CHUNKS):
        kind, content = _png_chunk(file)
        if (number == 0) != (kind == b"IHDR"):
            raise Refusal(Reason.IMAGE_BROKEN)
        if kind == b"IHDR":
            size = struct.unpack(">2L", content[:8])
        if kind == b"IEND":
            if file.read(1):
                raise Refusal(Reason.FOREIGN_DATA)
            return _facts(*size)
    raise Refusal(Reason.IMAGE_BROKEN)


@answers_refusal
def inspect_jpeg(file: BinaryIO) -> dict[str, Any]:
    """Facts about a harmless JPEG: `width`, `height` in pixels. Raises `Refusal`.

    Cameras write data behind the picture's end; only a hidden zip archive there is refused.
    """
    length = file.seek(0, 2)
    file.seek(max(0, length - 64 * 1024))
    tail = file.read()
    if b"PK\x05\x06" in tail:
        raise Refusal(Reason.FOREIGN_DATA)
    if b"\xff\xd9" not in tail:
        raise Refusal(Reason.IMAGE_BROKEN)
    file.seek(0)
    if file.read(2) != b"\xff\xd8":
        raise Refusal(Reason.NOT_WHAT_IT_SAYS)
    for _ in range(_MOST_CHUNKS):
        marker, content = _jpeg_segment(file)
        if marker in _JPEG_FRAMES and len(content) >= 5:
            height, width = struct.unpack(">2H", content[1:5])
            return _facts(width, height)
        if marker in (0xD9, 0xDA):
            break
    raise Refusal(Reason.IMAGE_BROKEN)


def _png_chunk(file: BinaryIO) -> tuple[bytes, bytes]:
    """Kind and first bytes of the next chunk, whose checksum holds."""
    head = file.read(8)
    if len(head) < 8:
        raise Refusal(Reason.IMAGE_BROKEN)
    left, kind = struct.unpack(">L4s", head)
    first, checksum = b"", zlib.crc32(kind)
    while left:
        block = file.read(min(left, _BLOCK))
        if not block:
            raise Refusal(Reason.IMAGE_BROKEN)
        left -= len(block)
        first = first or block
        checksum = zlib.crc32(block, checksum)
    if file.read(4) != struct.pack(">L", checksum) or (kind == b"IHDR" and len(first) != 13):
        raise Refusal(Reason.IMAGE_BROKEN)
    return kind, first


def _jpeg_segment(file: BinaryIO) -> tuple[int, bytes]:
    """Marker and content of the next segment before the picture data."""
    if file.read(1) != b"\xff":
        raise Refusal(Reason.IMAGE_BROKEN)
    marker = file.read(1)
    while marker == b"\xff":
        marker = file.read(1)
    if not marker:
        raise Refusal(Reason.IMAGE_BROKEN)
    if marker[0] == 0x01 or 0xD0 <= marker[0] <= 0xD9:
        return marker[0], b""
    stated = file.read(2)
    if len(stated) < 2 or (size := int.from_bytes(stated, "big")) < 2:
        raise Refusal(Reason.IMAGE_BROKEN)
    return marker[0], file.read(size - 2)


def _facts(width: int, height: int) -> dict[str, Any]:
    if not width or not height:
        raise Refusal(Reason.IMAGE_BROKEN)
    if width * height > MOST_PIXELS:
        raise Refusal(Reason.IMAGE_TOO_LARGE)
    return {"width": width, "height": height, "pages": 1, "notices": []}
