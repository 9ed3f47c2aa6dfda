"""Decides whether a Word or Excel file (OOXML) holds only what can be read on paper.

First the list of parts and their content types, then every relation, then the text of the parts. What is not known to
be harmless is refused: a picture is, an embedded program is not.
"""

import io
from typing import Any, BinaryIO

from evalhub.infra.inspection import office_xml as xml
from evalhub.infra.inspection.archive import Entry, read_archive, unpack
from evalhub.infra.inspection.links import refuse_unsafe_link
from evalhub.infra.inspection.parts import Ignore, PartReader, read_part
from evalhub.infra.inspection.reasons import Reason, Refusal, answers_refusal

_MAIN_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_REFUSED_WORDS = (  # in a content type, a part's name or a relation's type, all lower case; the first that fits counts
    ("macrosheet", Reason.MACRO_SHEET),
    ("dialogsheet", Reason.MACRO_SHEET),
    ("macroenabled", Reason.MACRO),
    ("vba", Reason.MACRO),
    ("keymapcustomizations", Reason.MACRO),
    ("attachedtoolbars", Reason.MACRO),
    ("activex", Reason.ACTIVE_CONTROL),
    ("ctrlprop", Reason.ACTIVE_CONTROL),
    ("oleobject", Reason.EMBEDDED_OBJECT),
    ("embeddings/", Reason.EMBEDDED_OBJECT),
    ("afchunk", Reason.EMBEDDED_OBJECT),
    ("externallink", Reason.EXTERNAL_SOURCE),
    ("connections", Reason.EXTERNAL_SOURCE),
    ("querytable", Reason.EXTERNAL_SOURCE),
    ("attachedtemplate", Reason.EXTERNAL_SOURCE),
    ("mailmergesource", Reason.EXTERNAL_SOURCE),
    ("webextension", Reason.EXTERNAL_SOURCE),
    ("taskpanes", Reason.EXTERNAL_SOURCE),
)
_REFUSED_RELATIONS = {
    "package": Reason.EMBEDDED_OBJECT,
    "control": Reason.ACTIVE_CONTROL,
    "control+xml": Reason.ACTIVE_CONTROL,
    "subdocument": Reason.EXTERNAL_SOURCE,
}
_MOST_CHART_TABLE_BYTES = 32 * 1024 * 1024
_PICTURES = {"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp", "odttf", "fntdata"}
_XML_ENDINGS = {"xml", "rels", "vml", "svg"}
_PROGRAM_MARKS = {
    b"MZ": Reason.EMBEDDED_OBJECT,
    b"\x7fELF": Reason.EMBEDDED_OBJECT,
    b"\xd0\xcf\x11\xe0": Reason.EMBEDDED_OBJECT,
    b"{\\rt": Reason.EMBEDDED_OBJECT,
    b"%PDF": Reason.EMBEDDED_OBJECT,
    b"PK\x03\x04": Reason.ARCHIVE_NESTED,
    b"Rar!": Reason.ARCHIVE_NESTED,
    b"7z\xbc\xaf": Reason.ARCHIVE_NESTED,
    b"\x1f\x8b": Reason.ARCHIVE_NESTED,
}


@answers_refusal
def inspect_docx(file: BinaryIO) -> dict[str, Any]:
    """Facts about a harmless Word file: `notices`, codes of what a reader should know. Raises `Refusal`."""
    return _inspect(file, "docx")


@answers_refusal
def inspect_xlsx(file: BinaryIO) -> dict[str, Any]:
    """Facts about a harmless Excel file: `notices`, and the number of `sheets`. Raises `Refusal`."""
    return _inspect(file, "xlsx")


def _inspect(file: BinaryIO, kind: str, *, is_embedded: bool = False) -> dict[str, Any]:
    entries = [entry for entry in read_archive(file) if not entry.name.endswith("/")]
    types = xml.ContentTypes("[Content_Types].xml")
    _read(file, _named(entries, "[Content_Types].xml"), types)
    _refuse_kind(file, entries, types, kind)
    notices: set[str] = set()
    sheets = cells = 0
    for entry in entries:
        _refuse_words(entry.name, types.of(entry.name))
        reader = _reader_for(entry.name, types.of(entry.name))
        if reader is None:
            _check_binary(file, entry, is_embedded)
            continue
        namespace = _read(file, entry, reader)
        _refuse_custom(entry.name, namespace)
        notices |= getattr(reader, "notices", set())
        sheets += getattr(reader, "sheets", 0)
        cells += getattr(reader, "cells", 0)
        if isinstance(reader, xml.Relationships):
            _refuse_relations(reader)
    if cells > xml.MOST_CELLS:
        raise Refusal(Reason.TOO_MANY_CELLS)
    if any(entry.name.endswith(("/comments.xml", "/comments1.xml")) for entry in entries):
        notices.add("comments")
    return {"notices": sorted(notices), "sheets": sheets}


def _named(entries: list[Entry], name: str) -> Entry:
    for entry in entries:
        if entry.name == name:
            return entry
    raise Refusal(Reason.NOT_WHAT_IT_SAYS)


def _read(file: BinaryIO, entry: Entry, reader: PartReader) -> str:
    return read_part(entry.name, unpack(file, entry), reader)


def _refuse_kind(file: BinaryIO, entries: list[Entry], types: xml.ContentTypes, kind: str) -> None:
    """The part the package names as its document has the content type of this kind."""
    root = xml.Relationships("_rels/.rels")
    _read(file, _named(entries, "_rels/.rels"), root)
    mains = [target.lstrip("/") for relation, target, external in root.found if relation == "officeDocument"]
    if len(mains) != 1:
        raise Refusal(Reason.NOT_WHAT_IT_SAYS)
    stated = types.of(_named(entries, mains[0]).name)
    if "macroenabled" in stated:
        raise Refusal(Reason.MACRO, mains[0])
    if stated != _MAIN_TYPES[kind]:
        raise Refusal(Reason.NOT_WHAT_IT_SAYS, mains[0])


def _refuse_words(name: str, content_type: str) -> None:
    for word, reason in _REFUSED_WORDS:
        if word == "embeddings/" and _is_chart_table(name):
            continue
        if word in name.lower() or word in content_type:
            raise Refusal(reason, name)


def _reader_for(name: str, content_type: str) -> PartReader | None:
    """The reader of an XML part, None for a part that is not XML."""
    ending = name.lower().rpartition(".")[2]
    if ending not in _XML_ENDINGS and not content_type.endswith("xml"):
        return None
    if ending == "rels":
        return xml.Relationships(name)
    if ending in ("vml", "svg"):
        return xml.Drawing(name)
    if content_type == _MAIN_TYPES["xlsx"]:
        return xml.Workbook(name)
    if "wordprocessingml" in content_type:
        return xml.WordPart(name)
    if "spreadsheetml" in content_type:
        return xml.Worksheet(name)
    return Ignore()


def _refuse_custom(name: str, namespace: str) -> None:
    lowered = name.lower()
    is_custom = lowered.startswith("customxml/item") and "props" not in lowered and not lowered.endswith(".rels")
    if is_custom and not namespace.startswith(xml.KNOWN_CUSTOM_DATA):
        raise Refusal(Reason.CUSTOM_DATA, name)


def _refuse_relations(relations: xml.Relationships) -> None:
    for kind, target, external in relations.found:
        if external and kind == "hyperlink":
            refuse_unsafe_link(target, relations.place)
            continue
        _refuse_words(target, kind.lower())
        if kind.lower() in _REFUSED_RELATIONS and not (kind == "package" and _is_chart_table(target)):
            raise Refusal(_REFUSED_RELATIONS[kind.lower()], relations.place)
        if external:
            raise Refusal(Reason.EXTERNAL_SOURCE, relations.place)


def _check_binary(file: BinaryIO, entry: Entry, is_embedded: bool) -> None:
    """A part that is not XML unpacks as stated and is a picture, a font, printer settings or the table of a chart."""
    if _is_chart_table(entry.name) and not is_embedded:
        _inspect_chart_table(file, entry)
        return
    head = b""
    for piece in unpack(file, entry):
        head = head or piece[:8]
    for mark, reason in _PROGRAM_MARKS.items():
        if head.startswith(mark):
            raise Refusal(reason, entry.name)
    ending = entry.name.rpartition(".")[2].lower()
    is_printer = ending == "bin" and "printersettings" in entry.name.lower()
    if ending not in _PICTURES and not is_printer:
        raise Refusal(Reason.EMBEDDED_OBJECT, entry.name)


def _is_chart_table(name: str) -> bool:
    return "embeddings/" in name and name.lower().endswith(".xlsx")


def _inspect_chart_table(file: BinaryIO, entry: Entry) -> None:
    """The workbook behind a chart is judged like any other, one level deep."""
    if entry.size > _MOST_CHART_TABLE_BYTES:
        raise Refusal(Reason.EMBEDDED_OBJECT, entry.name)
    try:
        _inspect(io.BytesIO(b"".join(unpack(file, entry))), "xlsx", is_embedded=True)
    except Refusal as refusal:
        raise Refusal(refusal.reason, entry.name) from None
