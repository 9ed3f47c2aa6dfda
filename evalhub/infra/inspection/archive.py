"""Proves that a zip file has exactly one reading before any parser sees it.

Two programs that read a zip differently can be shown two different documents. So the central directory, the local
headers and the bytes between them must agree to the last byte: entries stand one after another from byte 0, nothing
overlaps, nothing lies between, before or behind them, and every entry unpacks to the size and checksum it states.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from evalhub.infra.inspection.reasons import Reason, Refusal

MOST_ENTRIES = 5_000
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
MOST_RATIO = 50
RATIO_COUNTS_FROM_BYTES = 16 * 1024 * 1024
_BLOCK = 256 * 1024

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000
_DESCRIPTOR_FLAG, _UTF8_FLAG = 0x0008, 0x0800
_DESCRIPTOR_MARK = b"PK\x07\x08"


@dataclass(frozen=True)
class Entry:
    """One file in the archive; offsets and sizes in bytes."""

    name: str
    method: int
    flags: int
    checksum: int
    packed: int
    size: int
    offset: int
    data_offset: int


def read_archive(file: BinaryIO) -> list[Entry]:
    """The entries of a zip whose framing holds, in the order of the file. Raises `Refusal`."""
    length = file.seek(0, 2)
    start, count = _find_directory(file, length)
    entries = sorted(_read_directory(file, start, count, length - _END.size), key=lambda entry: entry.offset)
    _refuse_same_names(entries)
    _refuse_bombs(entries, length)
    at = 0
    placed = []
    for entry in entries:
        if entry.offset != at:
            raise Refusal(Reason.ARCHIVE_OVERLAP if entry.offset < at else Reason.ARCHIVE_SURPLUS, entry.name)
        entry, at = _place(file, entry, start)
        placed.append(entry)
    if at != start:
        raise Refusal(Reason.ARCHIVE_OVERLAP if at > start else Reason.ARCHIVE_SURPLUS)
    return placed


def unpack(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The entry's content in pieces; raises `Refusal` when it is not of the stated size and checksum."""
    checksum = size = 0
    for piece in _inflate(file, entry):
        size += len(piece)
        if size > entry.size:
            raise Refusal(Reason.ARCHIVE_MISMATCH, entry.name)
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if (size, checksum) != (entry.size, entry.checksum):
        raise Refusal(Reason.ARCHIVE_MISMATCH, entry.name)


def _find_directory(file: BinaryIO, length: int) -> tuple[int, int]:
    """Offset of the central directory and its number of entries."""
    file.seek(max(0, length - _END.size))
    tail = file.read(_END.size)
    if len(tail) < _END.size or not tail.startswith(b"PK\x05\x06"):
        file.seek(max(0, length - 0x10000 - _END.size))
        surplus = b"PK\x05\x06" in file.read()
        raise Refusal(Reason.ARCHIVE_SURPLUS if surplus else Reason.ARCHIVE_BROKEN)
    _, disk, first_disk, here, count, size, start, comment = _END.unpack(tail)
    if disk or first_disk or here != count or comment:
        raise Refusal(Reason.ARCHIVE_BROKEN)
    if 0xFFFF in (count,) or 0xFFFFFFFF in (size, start) or count > MOST_ENTRIES:
        raise Refusal(Reason.ARCHIVE_ENTRIES)
    if start + size != length - _END.size:
        raise Refusal(Reason.ARCHIVE_SURPLUS)
    return start, count


def _read_directory(file: BinaryIO, start: int, count: int, end: int) -> Iterator[Entry]:
    file.seek(start)
    for _ in range(count):
        head = file.read(_CENTRAL.size)
        if len(head) < _CENTRAL.size or not head.startswith(b"PK\x01\x02"):
            raise Refusal(Reason.ARCHIVE_BROKEN)
        fields = _CENTRAL.unpack(head)
        _, made_by, _, flags, method, _, _, checksum, packed, size, names, extra, comment, _, _, mode, offset = fields
        name = _decode(file.read(names), flags)
        file.seek(extra + comment, 1)
        _refuse_odd_entry(name, method, flags, made_by >> 8, mode >> 16)
        yield Entry(name, method, flags, checksum, packed, size, offset, 0)
    if file.tell() != end:
        raise Refusal(Reason.ARCHIVE_SURPLUS)


def _place(file: BinaryIO, entry: Entry, limit: int) -> tuple[Entry, int]:
    """The entry with the place of its data, and the offset just behind it, as its local header has it."""
    file.seek(entry.offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
        raise Refusal(Reason.ARCHIVE_MISMATCH, entry.name)
    _, _, flags, method, _, _, checksum, packed, size, names, extra = _LOCAL.unpack(head)
    name = _decode(file.read(names), flags)
    stated = (checksum, packed, size)
    wanted = {(entry.checksum, entry.packed, entry.size)}
    if flags & _DESCRIPTOR_FLAG:
        wanted.add((0, 0, 0))
    if (name, flags, method) != (entry.name, entry.flags, entry.method) or stated not in wanted:
        raise Refusal(Reason.ARCHIVE_MISMATCH, entry.name)
    data_offset = entry.offset + _LOCAL.size + names + extra
    end = data_offset + entry.packed
    if end > limit:
        raise Refusal(Reason.ARCHIVE_OVERLAP, entry.name)
    if flags & _DESCRIPTOR_FLAG:
        end += _descriptor_size(file, entry, end)
    placed = Entry(name, method, flags, entry.checksum, entry.packed, entry.size, entry.offset, data_offset)
    return placed, end


def _descriptor_size(file: BinaryIO, entry: Entry, at: int) -> int:
    file.seek(at)
    found = file.read(16)
    body = struct.pack("<3L", entry.checksum, entry.packed, entry.size)
    if found == _DESCRIPTOR_MARK + body:
        return 16
    if found.startswith(body):
        return 12
    raise Refusal(Reason.ARCHIVE_MISMATCH, entry.name)


def _decode(name: bytes, flags: int) -> str:
    try:
        return name.decode("utf-8" if flags & _UTF8_FLAG else "cp437")
    except UnicodeDecodeError:
        raise Refusal(Reason.ARCHIVE_BROKEN) from None


def _refuse_odd_entry(name: str, method: int, flags: int, system: int, mode: int) -> None:
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or any(mark in name for mark in "\\:\0") or not name.isprintable():
        raise Refusal(Reason.ARCHIVE_PATH, name if name.isprintable() else "")
    if system == 3 and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refusal(Reason.ARCHIVE_LINK, name)
    if flags & _ENCRYPTED_FLAGS or method == 99:
        raise Refusal(Reason.ENCRYPTED, name)
    if method not in (_STORED, _DEFLATED):
        raise Refusal(Reason.ARCHIVE_BROKEN, name)


def _refuse_same_names(entries: list[Entry]) -> None:
    seen = set()
    for entry in entries:
        if entry.name.casefold() in seen:
            raise Refusal(Reason.ARCHIVE_DUPLICATE, entry.name)
        seen.add(entry.name.casefold())


def _refuse_bombs(entries: list[Entry], length: int) -> None:
    unpacked = sum(entry.size for entry in entries)
    if unpacked > MOST_UNPACKED_BYTES or (unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MOST_RATIO * length):
        raise Refusal(Reason.ARCHIVE_BOMB)


def _inflate(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    file.seek(entry.data_offset)
    left = entry.packed
    inflater = zlib.decompressobj(-15)
    try:
        while left and (block := file.read(min(left, _BLOCK))):
            left -= len(block)
            if entry.method == _STORED:
                yield block
                continue
            while block:
                yield inflater.decompress(block, _BLOCK)
                block = inflater.unconsumed_tail
        yield inflater.flush() if entry.method == _DEFLATED else b""
    except zlib.error:
        raise Refusal(Reason.ARCHIVE_BROKEN, entry.name) from None
    if left or (entry.method == _DEFLATED and (not inflater.eof or inflater.unused_data)):
        raise Refusal(Reason.ARCHIVE_MISMATCH, entry.name)
