"""Writes official letters and their annexes as Word files: A4 after GB/T 9704-2012.

Text block 156 x 225 mm (28 characters by 22 lines of size 3, that is 16 points), binding edge 28 mm, title size 2
(22 points), red in the letterhead alone. Tables repeat their heads, rows stay whole, totals stay with the row before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Emu, Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from evalhub.infra import docx_marks as marks

_TITLE_FONT, _BODY_FONT, _HEAD_FONT, _SUBHEAD_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_SUBSTITUTES = {_TITLE_FONT: "华文中宋", _BODY_FONT: "仿宋", _SUBHEAD_FONT: "楷体"}
_ISSUER_POINTS, _TITLE_POINTS, _BODY_POINTS, _TABLE_POINTS, _FOOT_POINTS = 36, 22, 16, 12, 9
_LINE_POINTS = 29  # 225 mm by 22 lines
_RED = "C8372D"
_RULE_EIGHTHS = 6  # 0.75 point
_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "body": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Text:
    """One paragraph. `kind`: "body" (indented), "flush", "head" (一、), "subhead" （一）, "right", "center"."""

    text: str
    kind: str = "body"


@dataclass(frozen=True)
class Grid:
    """A table.

    Attributes:
        headings: one per column.
        rows: texts, one per column.
        widths: parts of the text width, one per column; equal when empty.
        aligned: "left", "right" or "center", one per column; left when empty.
        totals: how many of the last rows are totals.
        caption: line above the table.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()
    aligned: Sequence[str] = ()
    totals: int = 0
    caption: str = ""


Block = Text | Grid


@dataclass(frozen=True)
class Annex:
    """A part that begins on its own page, upright or landscape."""

    title: str
    blocks: Sequence[Block]
    is_landscape: bool = False


@dataclass(frozen=True)
class LetterWords:
    """The fixed words of a letter, in Chinese by law; a translation may be handed in."""

    attachments: str = "附件："
    copies: str = "抄送："
    draft: str = "草稿"
    page: tuple[str, str, str] = ("第 ", " 页，共 ", " 页")


@dataclass(frozen=True)
class Letter:
    """A letter as a value.

    Attributes:
        issuer: the bureau, in the red letterhead; "" for a document without one (a result sheet).
        number: such as 济高新财绩〔2026〕12号.
        addressee: without the colon.
        attachments: names, numbered here when more than one.
        signed_by, dated: the block at the right under the text; `dated` as printed, 2026年11月23日.
        signatures: labels of lines to be signed by hand.
        foot: what the foot of each page says before the page number: form, version with time, hash, check code.
        is_draft: the head of each page says so.
    """

    title: str
    blocks: Sequence[Block]
    issuer: str = ""
    number: str = ""
    addressee: str = ""
    attachments: Sequence[str] = ()
    signed_by: str = ""
    dated: str = ""
    signatures: Sequence[str] = ()
    copies_to: str = ""
    annexes: Sequence[Annex] = ()
    foot: str = ""
    is_draft: bool = False
    words: LetterWords = LetterWords()


def write_letter(letter: Letter) -> bytes:
    """The letter as a .docx file; equal letters give equal bytes."""
    document = docx.Document()
    _prepare(document, letter)
    _set_page(document.sections[0], is_landscape=False)
    _write_foot(document.sections[0], letter)
    if letter.issuer:
        _write_letterhead(document, letter)
    _add(document, letter.title, "center", _TITLE_FONT, _TITLE_POINTS, space_after=_LINE_POINTS, keep=True)
    if letter.addressee:
        _add(document, f"{letter.addressee}：", "left")
    _write_blocks(document, letter.blocks, Mm(156))
    _write_close(document, letter)
    for annex in letter.annexes:
        _write_annex(document, annex)
    return marks.saved_bytes(document)


def _prepare(document: Document, letter: Letter) -> None:
    properties = document.core_properties
    properties.author, properties.title, properties.comments = letter.issuer, letter.title, ""
    properties.created = properties.modified = _MADE_AT
    properties.last_modified_by, properties.language = "", "zh-CN"
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _BODY_FONT, Pt(_BODY_POINTS)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BODY_FONT)
    normal.element.get_or_add_rPr().append(marks.element("lang", val="zh-CN", eastAsia="zh-CN"))
    marks.declare_fonts(document, _SUBSTITUTES)


def _set_page(section: Section, *, is_landscape: bool) -> None:
    """A4. Landscape is bound at its upper edge, so the 28 mm stand there."""
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_landscape else (Mm(210), Mm(297))
    top, right, bottom, left = (28, 16, 14, 16) if is_landscape else (37, 26, 35, 28)
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.footer_distance = Mm(7 if is_landscape else 25)


def _write_foot(section: Section, letter: Letter) -> None:
    """Once for the first section; later ones are linked to it."""
    if letter.is_draft:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        marks.add_text(head, letter.words.draft, _HEAD_FONT, _TABLE_POINTS)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = letter.words.page
    lead = f"{letter.foot}　" if letter.foot else ""
    marks.add_text(foot, lead + before, _BODY_FONT, _FOOT_POINTS)
    marks.add_field(foot, "PAGE", _BODY_FONT, _FOOT_POINTS)
    marks.add_text(foot, between, _BODY_FONT, _FOOT_POINTS)
    marks.add_field(foot, "NUMPAGES", _BODY_FONT, _FOOT_POINTS)
    marks.add_text(foot, after, _BODY_FONT, _FOOT_POINTS)


def _write_letterhead(document: Document, letter: Letter) -> None:
    mark = _add(document, letter.issuer, "center", _TITLE_FONT, _ISSUER_POINTS, color=_RED, space_after=12)
    mark.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    number = _add(document, letter.number, "center", space_after=_LINE_POINTS)
    marks.add_rule_below(number, _RED, 8)


def _write_blocks(document: Document, blocks: Sequence[Block], width: int) -> None:
    fonts = {"head": _HEAD_FONT, "subhead": _SUBHEAD_FONT}
    for block in blocks:
        if isinstance(block, Grid):
            _write_grid(document, block, width)
            continue
        alignment = {"flush": "left", "right": "right", "center": "center"}.get(block.kind, "body")
        font = fonts.get(block.kind, _BODY_FONT)
        paragraph = _add(document, block.text, alignment, font, keep=block.kind in fonts)
        if alignment == "body":
            marks.indent_characters(paragraph, _BODY_POINTS, first=2)


def _write_grid(document: Document, grid: Grid, width: int) -> None:
    if grid.caption:
        _add(document, grid.caption, "center", _HEAD_FONT, _TABLE_POINTS, keep=True)
    table = document.add_table(rows=1, cols=len(grid.headings), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    marks.rule_table(table, _RULE_EIGHTHS)
    parts = list(grid.widths) or [1] * len(grid.headings)
    widths = [Emu(width * part // sum(parts)) for part in parts]
    for column, one in zip(table.columns, widths, strict=True):
        column.width = one
    marks.repeat_head(table.rows[0])
    _fill_row(table.rows[0].cells, grid.headings, ["center"] * len(widths), widths, _HEAD_FONT, keep=True)
    aligned = list(grid.aligned) or ["left"] * len(widths)
    first_total = len(grid.rows) - grid.totals
    for index, texts in enumerate(grid.rows):
        font = _HEAD_FONT if index >= first_total else _BODY_FONT
        is_kept = grid.totals > 0 and first_total - 1 <= index < len(grid.rows) - 1
        _fill_row(table.add_row().cells, texts, aligned, widths, font, keep=is_kept)
    for row in table.rows:
        marks.keep_whole(row)
    document.add_paragraph().paragraph_format.line_spacing = Pt(_TABLE_POINTS)


def _fill_row(
    cells: Sequence[_Cell],
    texts: Sequence[str],
    aligned: Sequence[str],
    widths: Sequence[Length],
    font: str,
    *,
    keep: bool,
) -> None:
    for cell, text, alignment, width in zip(cells, texts, aligned, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.alignment = _ALIGNMENTS[alignment]
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.keep_with_next = keep or None
        marks.add_text(paragraph, text, font, _TABLE_POINTS)


def _write_close(document: Document, letter: Letter) -> None:
    """Attachments, who signs and when, lines for signatures, copies: kept together with what stands before."""
    if letter.attachments:
        _add(document, "", "left")
        for number, name in enumerate(letter.attachments, start=1):
            lead = letter.words.attachments if number == 1 else "　" * len(letter.words.attachments)
            numbered = f"{number}. {name}" if len(letter.attachments) > 1 else name
            marks.indent_characters(_add(document, lead + numbered, "left"), _BODY_POINTS, first=2)
    signing = [(text, "right", 4) for text in (letter.signed_by, letter.dated) if text]
    signing += [(f"{label}：＿＿＿＿＿＿＿＿", "left", 0) for label in letter.signatures]
    if signing:
        for paragraph in document.paragraphs[-2:]:
            paragraph.paragraph_format.keep_with_next = True
        _add(document, "", "left", keep=True)
    for index, (text, alignment, right) in enumerate(signing):
        paragraph = _add(document, text, alignment, keep=index < len(signing) - 1)
        if right:
            marks.indent_characters(paragraph, _BODY_POINTS, right=right)
    if letter.copies_to:
        copies = _add(document, letter.words.copies + letter.copies_to, "left", points=14)
        marks.add_rule_below(copies, "000000", _RULE_EIGHTHS)


def _write_annex(document: Document, annex: Annex) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _set_page(section, is_landscape=annex.is_landscape)
    _add(document, annex.title, "center", _TITLE_FONT, _TITLE_POINTS, space_after=12, keep=True)
    _write_blocks(document, annex.blocks, Mm(297 - 32) if annex.is_landscape else Mm(156))


def _add(
    document: Document,
    text: str,
    alignment: str,
    font: str = _BODY_FONT,
    points: float = _BODY_POINTS,
    *,
    color: str | None = None,
    space_after: float = 0,
    keep: bool = False,
) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = _ALIGNMENTS[alignment]
    form = paragraph.paragraph_format
    form.space_after, form.keep_with_next = Pt(space_after), keep or None
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(_LINE_POINTS, points * 1.45))
    marks.add_text(paragraph, text, font, points, color=color)
    return paragraph
