"""Sound files, odd or large as they may be, pass unchanged."""

import hashlib
import io
import os
import zipfile

import docx
import openpyxl
import pikepdf
import pytest

from evalhub.infra.uploads import receive
from tests.integration.infra import hostile as h
from tests.integration.infra.hostile import png_picture

pytestmark = pytest.mark.usefixtures("nothing_left")
MIB = 2**20


def rich_word_file() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_picture(png_picture())
    document.add_table(rows=2, cols=2)
    paragraph = document.add_paragraph()
    paragraph.add_run("修改").font.hidden = True
    document.save(out)
    return h.related(out.getvalue(), h.WORD_RELATIONS, "hyperlink", "https://www.gov.cn/", "External")


def book_of_openpyxl() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["𠮷", 1, '=HYPERLINK("https://www.gov.cn/","网")'])
    book.active.row_dimensions[2].hidden = True
    book.save(out)
    return out.getvalue()


def streamed_zip() -> bytes:
    """The same parts written by a program that cannot seek back: sizes follow the data."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.parts = []

        def writable(self):
            return True

        def write(self, block):
            self.parts.append(bytes(block))
            return len(block)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in h.entries_of(h.word_file()):
            archive.writestr(name, content)
    return b"".join(pipe.parts)


SOUND = {
    "docx": ("绩效评价报告.docx", h.word_file, None, ()),
    "docx with pictures and hidden text": ("a.docx", rich_word_file, None, ("hidden_text",)),
    "docx with a table of contents": ("a.docx", lambda: h.with_field(' TOC \\o "1-3" \\h '), None, ()),
    "docx streamed": ("a.docx", streamed_zip, None, ()),
    "docx of WPS": (
        "a.docx",
        lambda: h.added(
            h.word_file(),
            "customXml/item2.xml",
            b"<s:customData xmlns:s='http://www.wps.cn/officeDocument/2013/wpsCustomData'/>",
        ),
        None,
        (),
    ),
    "docx with a chart": (
        "a.docx",
        lambda: h.added(h.word_file(), "word/embeddings/Sheet1.xlsx", h.excel_file(), "", "package"),
        None,
        (),
    ),
    "xlsx": ("费用明细表.XLSX", h.excel_file, None, ()),
    "xlsx of openpyxl": ("a.xlsx", book_of_openpyxl, None, ("hidden_cells",)),
    "pdf": ("到货验收单.pdf", h.pdf_file, 1, ()),
    "pdf with a link": ("a.pdf", lambda: h.pdf_file(h.pdf_link("https://www.gov.cn/")), 1, ()),
    "pdf that speaks of scripts": (
        "a.pdf",
        lambda: h.pdf_file(lambda pdf: pdf.docinfo.update({"/Title": "about /JavaScript"})),
        1,
        (),
    ),
    "png": ("现场.png", h.png_file, 1, ()),
    "jpeg": ("现场.JPEG", h.jpeg_file, 1, ()),
}


@pytest.mark.parametrize("case", SOUND)
def test_sound_file_passes_unchanged(case):
    name, build, pages, notices = SOUND[case]
    content = build()

    with receive(io.BytesIO(content), name, limit_bytes=200 * MIB) as upload:
        assert upload.file.read() == content
        assert (upload.name, upload.pages, upload.notices) == (name, pages, notices)
        assert (upload.size_bytes, upload.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def scanned_pdf() -> bytes:
    def change(pdf):
        for _ in range(19):
            pdf.add_blank_page(page_size=(595, 842))
        for page in pdf.pages:
            scan = pikepdf.Dictionary(
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=2480,
                Height=3508,
                BitsPerComponent=8,
                ColorSpace=pikepdf.Name.DeviceRGB,
                Filter=pikepdf.Name.DCTDecode,
            )
            stream = pdf.make_stream(os.urandom(9 * MIB), scan)
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=stream))

    return h.pdf_file(change)


def report_with_photos() -> bytes:
    photos = [(f"word/media/image{number}.jpeg", b"\xff\xd8\xff" + os.urandom(9 * MIB)) for number in range(20)]
    return h.zip_of([*h.entries_of(h.word_file()), *photos])


@pytest.mark.parametrize(("name", "build"), [("扫描件.pdf", scanned_pdf), ("报告.docx", report_with_photos)])
def test_sound_file_of_180_mb_passes_within_the_limits(name, build):
    content = build()

    with receive(io.BytesIO(content), name, limit_bytes=200 * MIB) as upload:
        assert upload.size_bytes == len(content) > 180 * MIB
