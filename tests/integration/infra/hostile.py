"""Builds the hostile files of the tests; none is stored, each is made from a harmless one by a single change.

A function named after the attack returns the bytes. Parts are changed by replacing text in a real file, so that what is
refused is the attack and not a badly made test file.
"""

import io
import itertools
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable

import docx
import pikepdf
import xlsxwriter

TYPES = "[Content_Types].xml"
WORD_RELATIONS = "word/_rels/document.xml.rels"
BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
OFFICE_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_file() -> bytes:
    """A small sound Word file."""
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("绩效评价报告")
    document.save(out)
    return out.getvalue()


def excel_file(rows: int = 3) -> bytes:
    """A small sound Excel file with two sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("明细")
        book.add_worksheet("说明")
        for row in range(rows):
            sheet.write_row(row, 0, ["项目", row, 12.5])
        sheet.write_formula(0, 5, "=SUM(B1:B3)")
    return out.getvalue()


def pdf_file(change: Callable[[pikepdf.Pdf], None] = lambda pdf: None, **saving) -> bytes:
    """A sound PDF of one page, changed by `change` before it is saved."""
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(595, 842))
    change(pdf)
    pdf.save(out, **saving)
    return out.getvalue()


def entries_of(archive: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [(info.filename, opened.read(info)) for info in opened.infolist()]


def zip_of(entries: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in entries:
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def changed(archive: bytes, part: str, old: str, new: str) -> bytes:
    """The file with one text of one part replaced; fails when the text is not there."""
    entries = dict(entries_of(archive))
    text = entries[part].decode()
    assert old in text, (part, old)
    entries[part] = text.replace(old, new, 1).encode()
    return zip_of(list(entries.items()))


def added(archive: bytes, name: str, content: bytes, content_type: str = "", relation: str = "") -> bytes:
    """The file with one part more, declared and related as an attacker would."""
    files = zip_of([*entries_of(archive), (name, content)])
    if content_type:
        override = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
        files = changed(files, TYPES, "</Types>", override)
    if relation:
        home = WORD_RELATIONS if name.startswith(("word/", "customXml/")) else BOOK_RELATIONS
        files = related(files, home, relation, name.partition("/")[2])
    return files


def related(archive: bytes, home: str, kind: str, target: str, mode: str = "Internal") -> bytes:
    one = f'<Relationship Id="rIdX" Type="{OFFICE_RELATION}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return changed(archive, home, "</Relationships>", one + "</Relationships>")


def in_body(xml: str) -> bytes:
    """A Word file with this XML as its first paragraph."""
    return changed(word_file(), "word/document.xml", "<w:body>", f"<w:body>{xml}")


def with_field(*instructions: str) -> bytes:
    runs = "".join(f"<w:r><w:instrText>{text}</w:instrText></w:r>" for text in instructions)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return in_body(f"<w:p>{begin}{runs}{end}</w:p>")


def with_formula(formula: str) -> bytes:
    return changed(excel_file(), "xl/worksheets/sheet1.xml", "SUM(B1:B3)", formula)


def with_doctype(declaration: str, use: str = "") -> bytes:
    entries = dict(entries_of(word_file()))
    head = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    assert entries["word/document.xml"].startswith(head)
    body = entries["word/document.xml"][len(head) :].decode().replace("绩效", use or "绩效", 1)
    entries["word/document.xml"] = head + f"<!DOCTYPE d {declaration}>{body}".encode()
    return zip_of(list(entries.items()))


def billion_laughs() -> bytes:
    chain = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return with_doctype(f'[<!ENTITY l0 "ha">{chain}]', "&l9;")


def quadratic_entity() -> bytes:
    return with_doctype(f'[<!ENTITY a "{"a" * 100_000}">]', "&a;" * 10_000)


def deep_xml() -> bytes:
    return in_body("<w:x>" * 100_000 + "</w:x>" * 100_000)


def raw_zip(*, local_name: bytes = b"a.xml", central_name: bytes = b"a.xml", times: int = 1, gap: bytes = b"") -> bytes:
    """A zip of one stored entry, written by hand: its headers may disagree or be listed more than once."""
    content = b"<a/>"
    checksum = zlib.crc32(content)
    local = (
        struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, checksum, 4, 4, len(local_name), 0) + local_name + content
    )
    central = b""
    for number in range(times):
        name = central_name if number == 0 else b"b%d.xml" % number
        fields = (b"PK\1\2", 20, 20, 0, 0, 0, 0, checksum, 4, 4, len(name), 0, 0, 0, 0, 0, 0)
        central += struct.pack("<4s6H3L5H2L", *fields) + name
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, times, times, len(central), len(local) + len(gap), 0)
    return local + gap + central + end


def bomb() -> bytes:
    return zip_of([*entries_of(word_file()), ("word/media/image1.png", bytes(80 * 2**20))])


def lying_size() -> bytes:
    """An entry that unpacks to far more than both its headers state."""
    archive = bytearray(zip_of([*entries_of(word_file()), ("word/media/image1.png", bytes(2**20))]))
    name = b"word/media/image1.png"
    local, central = archive.find(name), archive.rfind(name)
    for at in (local - 8, central - 22):
        assert archive[at : at + 4] == struct.pack("<L", 2**20)
        archive[at : at + 4] = struct.pack("<L", 100)
    return bytes(archive)


def nested_zip() -> bytes:
    inner = zip_of([("x.txt", bytes(10_000))])
    for _ in range(5):
        inner = zip_of([(f"{number}.zip", inner) for number in range(4)])
    return zip_of([*entries_of(word_file()), ("word/media/image1.png", inner)])


def self_containing() -> bytes:
    """An archive whose only entry is the archive itself, as a quine shows itself: the data runs into the directory."""
    archive = bytearray(raw_zip())
    whole = struct.pack("<LL", len(archive), len(archive))
    for at in (18, archive.index(b"PK\1\2") + 20):
        archive[at : at + 8] = whole
    return bytes(archive)


def many_entries() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"word/{number}"), b"")
    return out.getvalue()


def encrypted_entry() -> bytes:
    archive = bytearray(word_file())
    archive[6] |= 1
    at = archive.index(b"PK\1\2")
    archive[at + 8] |= 1
    return bytes(archive)


def with_entry(name: str) -> bytes:
    return zip_of([*entries_of(word_file()), (name, b"<a/>")])


def with_symlink() -> bytes:
    link = zipfile.ZipInfo("word/media/image1.png")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    return zip_of([*entries_of(word_file()), (link, b"/etc/passwd")])


def huge_sheet() -> bytes:
    """2.6 million cells that unpack only 14 times their packed size (reliability measure M10)."""
    cells = (f"<c><v>{number * 2654435761 % 99_991}</v></c>" for number in range(2_600_000))
    rows = "".join(f"<row>{''.join(itertools.islice(cells, 260))}</row>" for _ in range(10_000))
    files = dict(entries_of(excel_file()))
    head, _, rest = files["xl/worksheets/sheet1.xml"].decode().partition("<sheetData>")
    files["xl/worksheets/sheet1.xml"] = f"{head}<sheetData>{rows}{rest[rest.index('</sheetData>') :]}".encode()
    return zip_of(list(files.items()))


def pdf_action(kind: str, **keys: object) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(kind), **keys)

    return change


def pdf_link(uri: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(uri))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(link)])

    return change


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["invoice.exe"] = b"MZ"


def add_xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pdf.make_stream(b"<xdp/>"))


def add_page_script(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))


def add_huge_image(pdf: pikepdf.Pdf) -> None:
    image = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=1_000_000,
        Height=1_000_000,
        BitsPerComponent=1,
        ColorSpace=pikepdf.Name.DeviceGray,
    )
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=pdf.make_stream(b"\0", image)))


def add_movie(pdf: pikepdf.Pdf) -> None:
    movie = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9])
    pdf.pages[0].Annots = pikepdf.Array([movie])


def looping_xref() -> bytes:
    """A cross-reference table that names itself as the one before."""
    pdf = pdf_file(static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    start = int(pdf.rpartition(b"startxref")[2].split()[0])
    return pdf.replace(b"trailer <<", b"trailer << /Prev %d" % start, 1)


def png_file(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))

    head = struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\0\0" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg_file(width: int = 16, height: int = 16) -> bytes:
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8\xff\xe0\0\x04\0\0\xff\xc0" + frame + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + bytes(16) + b"\xff\xd9"


def png_picture() -> io.BytesIO:
    return io.BytesIO(png_file())
