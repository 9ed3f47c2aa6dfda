"""The marks of Word's own XML that python-docx does not offer: East-Asian fonts, fields, rules, repeated heads."""

import io
import re
import zipfile

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, RGBColor
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_BEYOND_BMP = re.compile("([\U00010000-\U0010ffff][\U000e0100-\U000e01ef]?)")
_BEYOND_BMP_FONT = "SimSun-ExtB"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Word reads the children of a paragraph's properties in the order of its schema
_AFTER_PARAGRAPH_BORDERS = (
    *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct"),
    *("w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind"),
    *("w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment"),
    *("w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def element(name: str, **attributes: str) -> BaseOxmlElement:
    """A `w:` element with `w:` attributes."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def add_text(
    paragraph: Paragraph, text: str, font: str, points: float, *, bold: bool = False, color: str | None = None
) -> None:
    """Append text in one face for all scripts; characters beyond the BMP get a face that has them."""
    for piece in _BEYOND_BMP.split(_NOT_XML.sub("\ufffd", text)):
        if piece:
            run = paragraph.add_run(piece)
            set_font(run, _BEYOND_BMP_FONT if _BEYOND_BMP.match(piece) else font, points)
            run.bold = bold or None
            if color:
                run.font.color.rgb = RGBColor.from_string(color)


def set_font(run: Run, font: str, points: float) -> None:
    """One face and size for Latin and Chinese alike; without `eastAsia` Chinese falls to Word's default face."""
    run.font.size = Pt(points)
    run.font.name = font
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def add_field(paragraph: Paragraph, instruction: str, font: str, points: float) -> None:
    """Append a field that Word fills in, such as PAGE or NUMPAGES."""
    for kind, content in (("begin", None), ("", instruction), ("separate", None), ("shown", "1"), ("end", None)):
        run = paragraph.add_run(content if kind == "shown" else "")
        set_font(run, font, points)
        if kind == "":
            code = element("instrText")
            code.text = f" {content} "
            run._element.append(code)
        elif kind != "shown":
            run._element.append(element("fldChar", fldCharType=kind))


def add_rule_below(paragraph: Paragraph, color: str, eighths: int) -> None:
    """A line under the paragraph, as wide as the text; thickness in eighths of a point."""
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz=str(eighths), space="6", color=color))
    paragraph._element.get_or_add_pPr().insert_element_before(borders, *_AFTER_PARAGRAPH_BORDERS)


def indent_characters(paragraph: Paragraph, points: float, *, first: int = 0, right: int = 0) -> None:
    """Indents counted in characters of a size, so that Word follows the type; others read the lengths beside."""
    form = paragraph.paragraph_format
    indent = paragraph._element.get_or_add_pPr().get_or_add_ind()
    if first:
        form.first_line_indent = Pt(first * points)
        indent.set(qn("w:firstLineChars"), str(first * 100))
    if right:
        form.right_indent = Pt(right * points)
        indent.set(qn("w:rightChars"), str(right * 100))


def rule_table(table: Table, eighths: int) -> None:
    """Black rules around and between all cells; thickness in eighths of a point."""
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(side, val="single", sz=str(eighths), space="0", color="000000"))
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def repeat_head(row: _Row) -> None:
    """Let Word repeat the row at the head of each page."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def keep_whole(row: _Row) -> None:
    """Never break the row over two pages."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def declare_fonts(document: Document, substitutes: dict[str, str]) -> None:
    """Name a substitute for faces that a machine may lack."""
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            entries = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
                for name, other in substitutes.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")


def saved_bytes(document: Document) -> bytes:
    """The file; equal documents give equal bytes."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo(entry.filename, _ZIP_TIME), source.read(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()
