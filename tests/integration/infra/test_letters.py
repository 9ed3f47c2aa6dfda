"""Letters as Word files: the measures of GB/T 9704, the text as given, and nothing our own inspection would refuse."""

import io

import docx
import pytest
from docx.shared import Mm, Pt

from evalhub.infra.letters import Annex, Grid, Letter, Text, write_letter
from evalhub.infra.uploads import receive
from tests.integration.infra.hostile import entries_of

LETTER = Letter(
    title="关于反馈校园食堂改造项目绩效评价结果的函",
    issuer="示例高新区财政局",
    number="示高财绩〔2026〕12号",
    addressee="区教育局",
    blocks=[
        Text("一、评价结论", "head"),
        Text("经专家组评分并汇总，项目得分 82.65 分，评价等级为“良”。负责人：𠮷野、㛃某。"),
        Grid(
            headings=["指标", "满分", "得分"],
            rows=[["立项依据充分性", "8.00", "7.10"], ["合计", "100.00", "82.65"]],
            widths=[4, 1, 1],
            aligned=["left", "right", "right"],
            totals=1,
            caption="指标得分",
        ),
    ],
    attachments=["指标得分明细", "问题清单"],
    signed_by="示例高新区财政局",
    dated="2026年11月23日",
    signatures=["评价专家签字"],
    copies_to="区审计局",
    annexes=[Annex("附件 1 指标得分明细", [Text("说明")], is_landscape=True)],
    foot="示高财绩 表 07 第 1 版 2026-11-23 10:42　校验 1F2E3D4C5B6A7980",
)


@pytest.fixture(scope="module")
def opened():
    return docx.Document(io.BytesIO(write_letter(LETTER)))


def part(name: str, letter: Letter = LETTER) -> str:
    return dict(entries_of(write_letter(letter)))[name].decode()


def test_page_has_the_measures_of_the_standard(opened):
    page = opened.sections[0]
    millimetres = [
        round(length.mm) for length in (page.page_width, page.page_height, page.top_margin, page.left_margin)
    ]

    assert millimetres == [210, 297, 37, 28]
    assert page.page_width - page.left_margin - page.right_margin == pytest.approx(Mm(156), abs=1000)
    assert page.page_height - page.top_margin - page.bottom_margin == pytest.approx(Mm(225), abs=1000)


def test_annex_is_a_landscape_section_with_the_same_foot(opened):
    annex = opened.sections[1]

    assert (round(annex.page_width.mm), round(annex.page_height.mm)) == (297, 210)
    assert annex.footer.is_linked_to_previous


def test_text_stands_as_given_in_order(opened):
    texts = [paragraph.text for paragraph in opened.paragraphs if paragraph.text]

    assert texts == [
        "示例高新区财政局",
        "示高财绩〔2026〕12号",
        "关于反馈校园食堂改造项目绩效评价结果的函",
        "区教育局：",
        "一、评价结论",
        "经专家组评分并汇总，项目得分 82.65 分，评价等级为“良”。负责人：𠮷野、㛃某。",
        "指标得分",
        "附件：1. 指标得分明细",
        "　　　2. 问题清单",
        "示例高新区财政局",
        "2026年11月23日",
        "评价专家签字：＿＿＿＿＿＿＿＿",
        "抄送：区审计局",
        "附件 1 指标得分明细",
        "说明",
    ]


def test_faces_and_sizes_follow_the_standard(opened):
    runs = {paragraph.text: paragraph.runs[0] for paragraph in opened.paragraphs if paragraph.runs}

    def face(text):
        run = runs[text]
        return run._element.rPr.rFonts.get(docx.oxml.ns.qn("w:eastAsia")), run.font.size, run.font.color.rgb

    assert face("区教育局：") == ("仿宋_GB2312", Pt(16), None)
    assert face("一、评价结论") == ("黑体", Pt(16), None)
    assert face("关于反馈校园食堂改造项目绩效评价结果的函") == ("方正小标宋简体", Pt(22), None)


def test_body_is_indented_by_two_characters(opened):
    body = next(paragraph for paragraph in opened.paragraphs if paragraph.text.startswith("经专家组"))

    assert body.paragraph_format.first_line_indent == Pt(32)
    assert 'w:firstLineChars="200"' in body._element.xml


def test_red_is_in_the_letterhead_alone():
    text = part("word/document.xml")

    assert text.count("C8372D") == 2
    assert "C8372D" not in part("word/document.xml", Letter("成绩单", [Text("正文")]))


def test_character_beyond_the_bmp_gets_a_face_that_has_it(opened):
    faces = {run.text: run.font.name for paragraph in opened.paragraphs for run in paragraph.runs}

    assert faces["𠮷"] == "SimSun-ExtB"
    assert "野、㛃某。" in faces


def test_table_repeats_its_head_and_keeps_rows_and_totals(opened):
    (table,) = opened.tables
    rows = [row._tr.xml for row in table.rows]

    assert [[cell.text for cell in row.cells] for row in table.rows][2] == ["合计", "100.00", "82.65"]
    assert ["w:tblHeader" in row for row in rows] == [True, False, False]
    assert all("w:cantSplit" in row for row in rows)
    assert [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows] == [True, True, None]
    assert sum(cell.width for cell in table.rows[0].cells) == pytest.approx(Mm(156), abs=1000)
    assert [cell.paragraphs[0].alignment for cell in table.rows[1].cells] == [0, 2, 2]


def test_foot_has_its_words_and_counts_pages():
    foot = part("word/footer1.xml")

    assert "校验 1F2E3D4C5B6A7980" in foot
    assert "> PAGE <" in foot
    assert "> NUMPAGES <" in foot


def test_draft_says_so_in_the_head(opened):
    draft = docx.Document(io.BytesIO(write_letter(Letter("函", [], is_draft=True))))

    assert draft.sections[0].header.paragraphs[0].text == "草稿"
    assert opened.sections[0].header.paragraphs[0].text == ""


def test_signatures_stay_with_two_lines_before_them(opened):
    texts = [paragraph.text for paragraph in opened.paragraphs]
    at = texts.index("2026年11月23日")

    assert all(paragraph.paragraph_format.keep_with_next for paragraph in opened.paragraphs[at - 4 : at + 1])


def test_equal_letters_are_equal_files_and_tell_nothing_of_their_making():
    assert write_letter(LETTER) == write_letter(LETTER)
    assert "2000-01-01" in part("docProps/core.xml")
    assert "python" not in part("docProps/core.xml")


def test_letter_passes_our_own_inspection():
    with receive(io.BytesIO(write_letter(LETTER)), "函.docx", limit_bytes=2**20) as upload:
        assert upload.notices == ()


def test_text_is_never_markup():
    content = write_letter(Letter("<w:p/>&", [Text("a\0b\x1b{{ 1 }}")]))
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]

    assert texts == ["<w:p/>&", "a\ufffdb\ufffd{{ 1 }}"]
