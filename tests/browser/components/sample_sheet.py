"""A half-filled score sheet with its papers, as the page of a rater gets it."""

import io
from types import SimpleNamespace
from typing import Any

import pikepdf

LINES = (
    "三、工程进度与质量情况",
    "透水混凝土抽检 18 组，合格 16 组，合格率 88.9%。",
    "不合格两组位于 K3+640、K3+910，已要求返工。",
)


def sample_pdf() -> bytes:
    """Two pages of Chinese text in a font that is not embedded, as office printers make them."""
    pdf = pikepdf.new()
    # fmt: off
    descendant = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.CIDFontType0,
            BaseFont=pikepdf.Name("/STSong-Light"),
            CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="GB1", Supplement=4),
            FontDescriptor=pikepdf.Dictionary(
                Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name("/STSong-Light"), Flags=6, ItalicAngle=0,
                FontBBox=[-25, -254, 1000, 880], Ascent=880, Descent=-120, CapHeight=880, StemV=93,
            ),
        )
    )
    # fmt: on
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name("/STSong-Light"),
            Encoding=pikepdf.Name("/UniGB-UCS2-H"),
            DescendantFonts=pikepdf.Array([descendant]),
        )
    )
    for number in (1, 2):
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[-1]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        shown = [f"第 {number} 页", *LINES] if number == 2 else [LINES[0]]
        text = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -30 Td" for line in shown)
        page.Contents = pdf.make_stream(f"BT /F1 16 Tf 60 760 Td {text} ET".encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def line(code: str, name: str, full: int, value: str = "", **more: Any) -> SimpleNamespace:
    known: dict[str, Any] = {
        "code": code, "name": name, "full_points": full, "value": value, "is_na": False, "may_be_na": False,
        "standard": "合格率达到 95% 得满分；每低 3 个百分点扣 1.00 分，扣完为止。", "evidence_wanted": "监理抽检记录、验收报告",
        "reason": "", "document": None, "document_name": "", "page": None, "quote": "", "error": None,
    }  # fmt: skip
    return SimpleNamespace(**{**known, **more})


def group(code: str, name: str, *lines: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(code=code, name=name, full_points=sum(each.full_points for each in lines), lines=list(lines))


def branch(code: str, name: str, *groups: SimpleNamespace) -> SimpleNamespace:
    full = sum(each.full_points for each in groups)
    is_finished = all(each.value or each.is_na for part in groups for each in part.lines)
    return SimpleNamespace(code=code, name=name, full_points=full, groups=list(groups), is_finished=is_finished)


def branches() -> list[SimpleNamespace]:
    given = {"reason": "2 项效益指标没有目标值。", "document": "d1", "document_name": "自评报告", "page": 3}
    quoted = {"reason": "透水铺装抽检合格率 88.9%，低于约定 95%，按标准扣 2.00 分。", "document": "d2",
              "document_name": "监理月报 3 月", "page": 12, "quote": "透水混凝土抽检 18 组……"}  # fmt: skip
    return [
        branch(
            "A", "决策",
            group(
                "A1", "项目立项",
                line("A11", "立项依据充分性", 1000, "10.00"),
                line("A12", "绩效指标明确性", 1000, "8.50", **given),
            ),
        ),
        branch("B", "过程", group("B1", "资金管理", line("B11", "预算执行率", 2000, "17.20", **given))),
        branch(
            "C", "产出",
            group("C1", "产出数量", line("C11", "绿道完成里程", 800, "8.00")),
            group(
                "C2", "产出质量",
                line("C21", "分部工程验收合格率", 600, "4.00", **quoted),
                line("C22", "返工整改率", 400, "3.00"),
            ),
            group(
                "C3", "产出时效",
                line("C31", "完成及时性", 1000),
                line("C32", "征地腾退及时性", 200, is_na=True, may_be_na=True),
            ),
        ),
        branch("D", "效益", group("D1", "社会效益", line("D11", "沿线居民使用率", 3000))),
    ]  # fmt: skip


def totals(parts: list[SimpleNamespace]) -> dict[str, SimpleNamespace]:
    """Sums as the sheet service gives them, for sample values."""

    def add(lines: list[SimpleNamespace]) -> SimpleNamespace:
        scored = [each for each in lines if each.value]
        return SimpleNamespace(
            points=sum(round(float(each.value) * 100) for each in scored),
            full=sum(each.full_points for each in scored),
            settled=len(scored) + sum(each.is_na for each in lines),
            lines=len(lines),
            missing_reasons=1,
        )

    found = {"": add([each for part in parts for some in part.groups for each in some.lines])}
    for part in parts:
        found[part.code] = add([each for some in part.groups for each in some.lines])
        found.update({some.code: add(some.lines) for some in part.groups})
    return found


def sheet_page(language: str, is_editable: bool = True) -> dict[str, Any]:
    parts = branches()
    words = ("差", "中", "良", "优") if language == "zh" else ("Poor", "Fair", "Good", "Excellent")
    return {
        "sheet": SimpleNamespace(
            task_name="绿道二期工程", state="draft" if is_editable else "locked", deadline="11-27 18:00", days_left=4,
            version=6, is_editable=is_editable, saved_at="10:42", receipt=None if is_editable else "7Q4M-2KXD",
            back_url="#", save_url="/gallery-save", submit_url="/gallery-submit", branches=parts,
        ),
        "totals": totals(parts),
        "documents": [
            SimpleNamespace(id="d1", name="自评报告", url="/gallery-paper", media_type="application/pdf"),
            SimpleNamespace(id="d2", name="监理月报 3 月", url="/gallery-paper", media_type="application/pdf"),
            SimpleNamespace(id="d3", name="支付台账", url="/gallery-paper", media_type="application/vnd.ms-excel.sheet"),
        ],
        "grades": list(zip((0, 6000, 8000, 9000), words, strict=True)),
        "form": None,
    }  # fmt: skip
