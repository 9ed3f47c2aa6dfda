"""Decides whether a PDF only shows pages: no script, no action of its own, no attachment, no form program.

Every object of the file is looked at, reachable or not (qpdf through pikepdf reads object streams too). Objects are
searched as text first; only where a word of the list stands are they walked, since a string may contain the word.
Names and keys: ISO 32000-2, 12.6 (actions), 7.11.4 (embedded files), 12.7.8 (XFA).
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

from evalhub.infra.inspection.links import refuse_unsafe_link
from evalhub.infra.inspection.reasons import Reason, Refusal, answers_refusal

MOST_PAGES = 5_000
MOST_PIXELS = 100_000_000
_EDGE_BYTES = 64 * 1024
_MARKUP = re.compile(rb"<\s*(html|script|svg|!doctype|\?php|\?xml)", re.IGNORECASE)
_ACTIONS = {
    "/JavaScript": Reason.PDF_SCRIPT,
    "/Launch": Reason.PDF_LAUNCH,
    "/GoToE": Reason.PDF_ATTACHMENT,
    "/SubmitForm": Reason.PDF_ACTION,
    "/ImportData": Reason.PDF_ACTION,
    "/RichMediaExecute": Reason.PDF_MEDIA,
    "/Rendition": Reason.PDF_MEDIA,
    "/Movie": Reason.PDF_MEDIA,
    "/Sound": Reason.PDF_MEDIA,
}
_KEYS = {
    "/JS": Reason.PDF_SCRIPT,
    "/JavaScript": Reason.PDF_SCRIPT,
    "/EF": Reason.PDF_ATTACHMENT,
    "/EmbeddedFiles": Reason.PDF_ATTACHMENT,
    "/XFA": Reason.PDF_FORM,
    "/AA": Reason.PDF_ACTION,
    "/RichMediaContent": Reason.PDF_MEDIA,
}
_KINDS = {
    "/FileAttachment": Reason.PDF_ATTACHMENT,
    "/EmbeddedFile": Reason.PDF_ATTACHMENT,
    "/RichMedia": Reason.PDF_MEDIA,
    "/3D": Reason.PDF_MEDIA,
    "/Movie": Reason.PDF_MEDIA,
    "/Sound": Reason.PDF_MEDIA,
    "/Screen": Reason.PDF_MEDIA,
}
_SUSPECT = re.compile(
    "|".join(re.escape(word) + r"\b" for word in {*_ACTIONS, *_KEYS, *_KINDS, "/URI", "/OpenAction", "/Image"}).encode()
)


@answers_refusal
def inspect_pdf(file: BinaryIO) -> dict[str, Any]:
    """Facts about a harmless PDF: `pages`. Raises `Refusal`."""
    _refuse_edges(file)
    try:
        with pikepdf.open(file, attempt_recovery=False, suppress_warnings=True) as document:
            if document.is_encrypted:
                raise Refusal(Reason.ENCRYPTED)
            pages = len(document.pages)
            if pages > MOST_PAGES:
                raise Refusal(Reason.TOO_MANY_PAGES)
            if pages == 0:
                raise Refusal(Reason.PDF_BROKEN)
            for number, item in enumerate(document.objects):
                _inspect_object(item, f"object {number + 1}")
    except pikepdf.PasswordError:
        raise Refusal(Reason.ENCRYPTED) from None
    except (pikepdf.PdfError, RuntimeError):
        # opening an encrypted file needs the system's source of chance, which this process can no longer reach
        raise Refusal(Reason.ENCRYPTED if _names_encryption(file) else Reason.PDF_BROKEN) from None
    return {"pages": pages, "notices": []}


def _names_encryption(file: BinaryIO) -> bool:
    file.seek(0)
    before = b""
    while block := file.read(_EDGE_BYTES):
        if b"/Encrypt" in before + block:
            return True
        before = block[-8:]
    return False


def _refuse_edges(file: BinaryIO) -> None:
    """The file begins as a PDF, ends with its end mark, and is nothing else besides."""
    length = file.seek(0, 2)
    file.seek(0)
    head = file.read(1024)
    file.seek(max(0, length - _EDGE_BYTES))
    tail = file.read()
    file.seek(0)
    if not head.startswith(b"%PDF-"):
        raise Refusal(Reason.FOREIGN_DATA if b"%PDF-" in head else Reason.NOT_WHAT_IT_SAYS)
    surplus = tail.rpartition(b"%%EOF")
    if not surplus[1]:
        raise Refusal(Reason.PDF_BROKEN)
    if surplus[2].strip(b"\r\n\t \0") or b"PK\x05\x06" in tail or _MARKUP.search(head):
        raise Refusal(Reason.FOREIGN_DATA)


def _inspect_object(item: pikepdf.Object, place: str) -> None:
    is_stream = isinstance(item, pikepdf.Stream)
    text = item.stream_dict.unparse() if is_stream else item.unparse(resolved=True)
    if not _SUSPECT.search(text):
        return
    for entries in _dictionaries(item):
        _inspect_dictionary(entries, place)


def _dictionaries(item: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The dictionary itself and those written directly inside it; what is referred to comes as an object of its own."""
    if depth > 64:
        raise Refusal(Reason.PDF_BROKEN)
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        entries = dict(item.items())
        yield entries
        children = list(entries.values())
    elif isinstance(item, pikepdf.Array):
        children = list(item)
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _dictionaries(child, depth + 1)


def _inspect_dictionary(entries: dict[str, Any], place: str) -> None:
    for key, reason in _KEYS.items():
        if key in entries:
            raise Refusal(reason, place)
    kind, subtype, action = (_name(entries.get(key)) for key in ("/Type", "/Subtype", "/S"))
    for stated in (kind, subtype):
        if stated in _KINDS:
            raise Refusal(_KINDS[stated], place)
    if action in _ACTIONS and kind != "/StructElem":
        raise Refusal(_ACTIONS[action], place)
    if action == "/URI" and isinstance(entries.get("/URI"), pikepdf.String):
        refuse_unsafe_link(str(entries["/URI"]), place)
    opening = entries.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and _name(opening.get("/S")) != "/GoTo":
        raise Refusal(_ACTIONS.get(_name(opening.get("/S")), Reason.PDF_ACTION), place)
    if subtype == "/Image":
        _refuse_large_image(entries, place)


def _refuse_large_image(entries: dict[str, Any], place: str) -> None:
    try:
        pixels = int(entries.get("/Width", 0)) * int(entries.get("/Height", 0))
    except (TypeError, ValueError):
        raise Refusal(Reason.PDF_BROKEN, place) from None
    if pixels > MOST_PIXELS:
        raise Refusal(Reason.IMAGE_TOO_LARGE, place)


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""
