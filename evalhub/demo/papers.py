"""Small PDF papers for the invented tasks: a title and a few lines a page, in a face that every reader knows."""

import hashlib
import io
from typing import Any

from evalhub.services.files import KeptFile

PAGE_HEIGHT, LEFT, TOP, LEADING = 842, 72, 770, 26


def make_pdf(title: str, pages: list[list[str]]) -> bytes:
    """A PDF with Chinese text in the predefined font STSong-Light; nothing is embedded.

    Args:
        pages: lines of each page; the first page also carries the title.
    """
    objects: list[bytes] = [b"", b""]
    font = _add(objects, _font(objects))
    kids = []
    for number, lines in enumerate(pages, 1):
        text = _text([(18, title)] if number == 1 else [], lines, number, len(pages))
        content = _add(objects, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
        kids.append(
            _add(
                objects,
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
                b" /Resources << /Font << /F1 %d 0 R >> >> >>" % (content, font),
            )
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids))
    return _assemble(objects)


def _add(objects: list[bytes], body: bytes) -> int:
    objects.append(body)
    return len(objects)


def _font(objects: list[bytes]) -> bytes:
    descriptor = _add(
        objects,
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    descendant = _add(
        objects,
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor %d 0 R /DW 1000 >>" % descriptor,
    )
    return (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [%d 0 R] >>" % descendant
    )


def _text(heads: list[tuple[int, str]], lines: list[str], number: int, count: int) -> bytes:
    parts, y = [], TOP
    for size, words in [*heads, *((12, line) for line in lines), (9, f"第 {number} 页，共 {count} 页")]:
        encoded = words.encode("utf-16-be").hex().encode()
        parts.append(b"BT /F1 %d Tf %d %d Td <%s> Tj ET" % (size, LEFT, y, encoded))
        y -= LEADING + (size - 12)
    return b"\n".join(parts)


def _assemble(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def keep_paper(tools: Any, key_sealed: bytes, task_id: str, name: str, content: bytes, pages: int) -> KeptFile:
    """A paper of our own making goes into the store as an upload would, without a second look at its content."""
    key = tools.vault.unwrap_task_key(key_sealed, task_id)
    stored = tools.files.put_stream(key, io.BytesIO(content), len(content))
    digest = hashlib.sha256(content).hexdigest()
    return KeptFile(stored.name, name, "application/pdf", len(content), digest, pages, ())
