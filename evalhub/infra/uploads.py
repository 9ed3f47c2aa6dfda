"""Takes a file from outside, believes nothing about it, and hands it on only when it is harmless.

In order: the name, the number of bytes while they come, the first bytes against the name's ending, then the inspection
in a limited child. The bytes wait in an unnamed temporary file, so nothing is left whatever happens. The file itself is
never changed: what is accepted is byte for byte what was sent.
"""

import contextlib
import hashlib
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from evalhub.infra.inspection.reasons import Reason
from evalhub.infra.sandbox import DEFAULT_LIMITS, Limits, SandboxFailed, run_limited

__all__ = ["DOCUMENTS", "EVIDENCE", "KINDS", "Kind", "Reason", "Upload", "UploadRefused", "clean_name", "receive"]

_BLOCK = 1024 * 1024
_LONGEST_NAME = 120
_INSPECTION = "evalhub.infra.inspection"
_GRACE_SECONDS = 60.0
_SLOWEST_BYTES_A_SECOND = 1024
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """One kind of file: its ending, the first bytes of every such file, its media type, and who inspects it."""

    ending: str
    mark: bytes
    media_type: str
    inspector: str


_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.ending: kind
    for kind in (
        Kind("docx", b"PK\x03\x04", f"{_OOXML}wordprocessingml.document", f"{_INSPECTION}.office:inspect_docx"),
        Kind("xlsx", b"PK\x03\x04", f"{_OOXML}spreadsheetml.sheet", f"{_INSPECTION}.office:inspect_xlsx"),
        Kind("pdf", b"%PDF-", "application/pdf", f"{_INSPECTION}.pdf:inspect_pdf"),
        Kind("jpg", b"\xff\xd8\xff", "image/jpeg", f"{_INSPECTION}.images:inspect_jpeg"),
        Kind("png", b"\x89PNG\r\n\x1a\n", "image/png", f"{_INSPECTION}.images:inspect_png"),
    )
}
DOCUMENTS = ("docx", "pdf", "xlsx")
EVIDENCE = (*DOCUMENTS, "jpg", "png")


class UploadRefused(Exception):
    """A file was refused; nothing of it was kept. `place` names the part of the file at fault, or is ""."""

    def __init__(self, reason: Reason, place: str = "") -> None:
        super().__init__(reason.code, place)
        self.reason = reason
        self.place = place

    @property
    def code(self) -> str:
        """The stable code, such as "F-30"."""
        return self.reason.code


@dataclass(frozen=True)
class Upload:
    """A harmless file, open at its beginning; gone when `receive` ends.

    Attributes:
        name: cleaned name for people; never used as a path.
        sha256: 64 hexadecimal digits, of the bytes as sent.
        pages: pages of a PDF or picture, else None.
        notices: what a reader should know: "comments", "hidden_cells", "hidden_text", "tracked_changes".
    """

    file: BinaryIO
    name: str
    kind: str
    media_type: str
    size_bytes: int
    sha256: str
    pages: int | None
    notices: tuple[str, ...]


@contextlib.contextmanager
def receive(
    source: BinaryIO,
    name: str,
    *,
    limit_bytes: int,
    kinds: Collection[str] = EVIDENCE,
    stated_bytes: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Upload]:
    """Read, judge and lend out one uploaded file.

    Args:
        source: the body as it comes.
        name: the name the browser sent.
        limit_bytes: the most it may have; counted while reading, whatever was stated.
        kinds: endings allowed here, of `KINDS`.
        stated_bytes: the Content-Length, if any: a greater one is refused before the first byte.

    Raises:
        UploadRefused: with a stable code.
    """
    shown = clean_name(name)
    kind = _kind_of(shown, kinds)
    if stated_bytes is not None and stated_bytes > limit_bytes:
        raise UploadRefused(Reason.TOO_LARGE)
    with tempfile.TemporaryFile() as file:
        size, sha256 = _spool(source, file, limit_bytes, clock)
        file.seek(0)
        if not file.read(16).startswith(kind.mark):
            raise UploadRefused(_why_not(file, kind))
        facts = _inspect(file, kind, limits)
        file.seek(0)
        yield Upload(
            file, shown, kind.ending, kind.media_type, size, sha256, facts.get("pages"), tuple(facts["notices"])
        )


def clean_name(name: str) -> str:
    """The name as people see it: last part of a path, at most 120 characters, with its ending.

    Raises:
        UploadRefused: it is empty or holds characters that are not seen or turn the direction of writing.
    """
    last = re.split(r"[/\\]", name)[-1].strip()
    if not last.strip(". ") or any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in last):
        raise UploadRefused(Reason.BAD_NAME)
    if _RESERVED.match(last):
        last = f"_{last}"
    stem, dot, ending = last.rpartition(".")
    ending = ending[:10] if stem else ""
    return last if len(last) <= _LONGEST_NAME else last[: _LONGEST_NAME - len(ending) - 1] + dot + ending


def _kind_of(name: str, kinds: Collection[str]) -> Kind:
    ending = name.rpartition(".")[2].lower()
    ending = "jpg" if ending == "jpeg" else ending
    if "." not in name or ending not in kinds:
        raise UploadRefused(Reason.KIND_NOT_ALLOWED)
    return KINDS[ending]


def _spool(source: BinaryIO, file: BinaryIO, limit: int, clock: Callable[[], float]) -> tuple[int, str]:
    """Copy the body; its size and SHA-256."""
    size, running, began = 0, hashlib.sha256(), clock()
    while block := source.read(min(_BLOCK, limit + 1 - size)):
        size += len(block)
        if size > limit:
            raise UploadRefused(Reason.TOO_LARGE)
        elapsed = clock() - began
        if elapsed > _GRACE_SECONDS and size < elapsed * _SLOWEST_BYTES_A_SECOND:
            raise UploadRefused(Reason.TOO_SLOW)
        running.update(block)
        file.write(block)
    if size == 0:
        raise UploadRefused(Reason.EMPTY)
    file.flush()
    return size, running.hexdigest()


def _why_not(file: BinaryIO, kind: Kind) -> Reason:
    """Whether the wanted file stands behind foreign bytes, or it is another kind altogether."""
    file.seek(0)
    return Reason.FOREIGN_DATA if kind.mark in file.read(1024) else Reason.NOT_WHAT_IT_SAYS


def _inspect(file: BinaryIO, kind: Kind, limits: Limits) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = run_limited(kind.inspector, file, limits=limits)
    except SandboxFailed as failure:
        reasons = {"time": Reason.TOO_LONG, "memory": Reason.TOO_MUCH_MEMORY, "busy": Reason.BUSY}
        raise UploadRefused(reasons.get(failure.cause, Reason.UNREADABLE)) from None
    if "refused" in facts:
        raise UploadRefused(Reason(facts["refused"]), facts["place"])
    return facts
