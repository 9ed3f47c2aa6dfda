"""A sheet from the upload to the pool: verdict per row and cell, mending, ticks, all or nothing."""

import io

import pytest
import xlsxwriter
from sqlalchemy import func, select

from evalhub.domain.permissions import Role
from evalhub.infra.spreadsheets import read_table
from evalhub.models.agencies import Agency
from evalhub.models.experts import Expert
from evalhub.models.intakes import Intake
from evalhub.models.journal import JournalEntry
from evalhub.models.projects import Department, Project, Unit
from tests.pool_builders import credit_code, identity_number, make_fields

HEADINGS = ("姓名", "身份证号", "手机", "职称级别", "地区", "主领域", "工作单位1", "信用代码1", "入职1")
SOUND = (
    "𠮷㛃\uf900",
    identity_number(11),
    "13805355526",
    "副高",
    "370800",
    "财务管理",
    "省财经大学",
    credit_code(7, "12"),
    "2003-07",
)


def workbook(headings, rows, merge: str | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings)
        for index, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write(index, column, value)
        if merge:
            sheet.merge_range(merge, "合并", book.add_format())
    return out.getvalue()


@pytest.fixture
def officer(house, signed_in):
    with house.database.write() as session:
        make_fields(session)
    return signed_in(Role.OFFICER)


def upload(browser, content: bytes, noun: str = "experts"):
    return browser.post(
        f"/imports/{noun}/new", {"file": (io.BytesIO(content), "名册.xlsx")}, content_type="multipart/form-data"
    )


def counts(house, *tables) -> list[int]:
    with house.database.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_sound_sheet_is_checked_and_then_written_whole(house, officer):
    second = (
        "王敏",
        identity_number(12),
        "13700001111",
        "正高",
        "370800",
        "税务",
        "省财经大学",
        credit_code(7, "12"),
        "2010/1/5",
    )
    answer = upload(officer, workbook(HEADINGS, [SOUND, second]))
    before = counts(house, Expert)

    page = officer.get(answer.location).get_data(as_text=True)
    written = officer.post(f"{answer.location}/write")

    assert "All rows can be written" in page
    assert (before, counts(house, Expert), written.status_code) == ([0], [2], 303)
    with house.database.read() as session:
        expert = session.scalar(select(Expert).where(Expert.name == "𠮷㛃\uf900"))
        intake = session.scalar(select(Intake))
        events = list(session.scalars(select(JournalEntry.event).order_by(JournalEntry.sequence)))
        assert (expert.state, expert.spells[0].precision, expert.spells[0].organisation.name) == (
            "applied", "month", "省财经大学",
        )  # fmt: skip
        assert (intake.state, intake.sealed_rows, intake.wrapped_key) == ("written", None, None)
        assert events == ["intake.opened", "experts.imported"]


def test_every_damage_is_told_in_its_cell_and_nothing_is_written(house, officer):
    rows = [
        (
            "许文",
            370802197406120019,
            "13805355526",
            "副高",
            "370800",
            "卫生",
            "市卫健委",
            credit_code(8, "11"),
            "2012-07",
        ),
        (
            "吉武",
            identity_number(13),
            "1385520",
            "副高",
            "370800",
            "农业水利",
            "省会计学会",
            credit_code(9)[:17],
            "2030-02",
        ),
        ("高敏", identity_number(14), "", "特级", "370800", "财务管理", "立恒", credit_code(10), "2016-03"),
        ("高敏", identity_number(14), "", "副高", "370800", "财务管理", "立恒", credit_code(10), "2012-02-30"),
    ]
    answer = upload(officer, workbook(HEADINGS, rows))

    page = officer.get(answer.location).get_data(as_text=True)
    refused = officer.post(f"{answer.location}/write")

    for told in (
        "The spreadsheet turned the number into a figure",
        "11 digits are needed.",
        "perhaps 水利、农业",
        "17 characters, 1 too few.",
        "Later than today.",
        "Not one of: 正高、副高、中级、无.",
        "The same person as in row 4.",
        "This day does not exist.",
        "No such field.",
    ):
        assert told in page
    assert (refused.status_code, counts(house, Expert)) == (422, [0])
    assert "4 rows still have errors" in refused.get_data(as_text=True)


def test_numbers_of_people_are_masked_on_the_page_of_the_check(officer):
    row = (*SOUND[:3], "特级", *SOUND[4:])
    answer = upload(officer, workbook(HEADINGS, [row]))

    page = officer.get(f"{answer.location}?show=all").get_data(as_text=True)

    assert identity_number(11) not in page
    assert "138****5526" in page


def test_rows_wait_sealed_in_the_database(house, officer):
    upload(officer, workbook(HEADINGS, [SOUND]))

    with house.database.read() as session:
        sealed = session.scalar(select(Intake.sealed_rows))

    assert identity_number(11).encode() not in sealed


def test_cell_mended_in_place_clears_its_error(house, officer):
    answer = upload(officer, workbook(HEADINGS, [(*SOUND[:3], "特级", *SOUND[4:])]))

    officer.post(f"{answer.location}/mend", {"cell:2:title_level": "副高", "was:2:title_level": "特级"})
    officer.post(f"{answer.location}/write")

    assert counts(house, Expert) == [1]


def test_warning_needs_its_tick_before_anything_is_written(house, officer):
    first = upload(officer, workbook(HEADINGS, [SOUND]))
    officer.post(f"{first.location}/write")
    other_name = (
        "李工",
        identity_number(15),
        "13805355527",
        "副高",
        "370800",
        "财务管理",
        "省财经学院",
        credit_code(7, "12"),
        "2003-07",
    )
    answer = upload(officer, workbook(HEADINGS, [other_name]))

    page = officer.get(answer.location).get_data(as_text=True)
    unticked = officer.post(f"{answer.location}/write")
    tick = "2:spells.1.name:body.other_name"
    officer.post(f"{answer.location}/mend", {"tick": tick, "seen": tick})
    written = officer.post(f"{answer.location}/write")

    assert "省财经大学" in page
    assert (unticked.status_code, written.status_code, counts(house, Expert)) == (422, 303, [2])


def test_person_in_the_pool_is_found_by_blind_index(house, officer):
    officer.post(f"{upload(officer, workbook(HEADINGS, [SOUND])).location}/write")

    answer = upload(officer, workbook(HEADINGS, [("别名", *SOUND[1:])]))

    assert "In the pool already as ZJ-0001." in officer.get(answer.location).get_data(as_text=True)


def test_cell_under_a_merged_one_is_told(officer):
    answer = upload(officer, workbook(HEADINGS, [SOUND, ("王敏", identity_number(16), *SOUND[2:])], merge="G2:G3"))

    assert "Lies under a merged cell" in officer.get(answer.location).get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK not a workbook", "This is no Excel workbook that can be read"),
        (workbook(("甲", "乙"), [("1", "2")]), "The headings do not match the template"),
        (workbook(HEADINGS, []), "Below the headings nothing is filled in"),
    ],
    ids=["no workbook", "other headings", "no rows"],
)
def test_file_that_gives_no_rows_is_refused_with_the_reason(house, officer, content, told):
    answer = upload(officer, content)

    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert counts(house, Intake) == [0]


@pytest.mark.parametrize("noun", ["experts", "agencies", "departments", "projects"])
def test_template_comes_back_without_its_example_row(officer, noun):
    template = officer.get(f"/imports/{noun}/template.xlsx").data

    answer = upload(officer, template, noun)

    assert "Below the headings nothing is filled in" in answer.get_data(as_text=True)


def test_annotated_workbook_says_what_to_mend(officer):
    answer = upload(officer, workbook(HEADINGS, [(*SOUND[:3], "特级", *SOUND[4:])]))

    table = read_table(officer.get(f"{answer.location}/annotated.xlsx").data)

    assert [cell.text for cell in table.rows[1].cells[:2]] == ["2", "error"]
    assert "Not one of: 正高、副高、中级、无." in table.rows[1].cells[2].text


def test_sheet_of_another_officer_does_not_exist(officer, signed_in):
    answer = upload(officer, workbook(HEADINGS, [SOUND]))

    assert signed_in(Role.OFFICER).get(answer.location).status_code == 404


def test_departments_units_and_projects_come_in_by_sheets(house, officer):
    departments = workbook(
        ("类别", "预算编码", "上级部门编码", "名称", "信用代码"),
        [
            ("部门", "101", "", "示例区教育局", credit_code(101, "11")),
            ("单位", "101001", "101", "示例中学", credit_code(102, "12")),
        ],
    )
    officer.post(f"{upload(officer, departments, 'departments').location}/write")
    headings = ("项目编码", "年度", "项目名称", "部门编码", "单位编码", "项目类别", "地区", "年初预算（万元）",
                "调整后预算（万元）", "执行数（万元）", "承建供货单位1", "承建供货单位代码1", "承担内容1", "合同额（万元）1")  # fmt: skip
    row = (
        "P-1",
        "2026",
        "校舍维修",
        "101",
        "101001",
        "民生",
        "370800",
        860,
        852.5,
        "788.1234",
        "恒筑",
        credit_code(103),
        "施工",
        780,
    )
    unknown = ("P-2", "2026", "无部门", "999", "", "民生", "370800", 1, 1, 1)
    faulty = officer.get(upload(officer, workbook(headings, [unknown]), "projects").location).get_data(as_text=True)
    officer.post(f"{upload(officer, workbook(headings, [row]), 'projects').location}/write")

    assert "No department has this budget code." in faulty
    assert counts(house, Department, Unit, Project) == [1, 1, 1]
    with house.database.read() as session:
        project = session.scalar(select(Project))
        assert (project.spent_fen, project.contractors[0].amount_fen, project.unit.budget_code) == (
            788_123_400, 780_000_000, "101001",
        )  # fmt: skip


def test_agencies_come_in_with_people_and_owners(house, officer):
    headings = ("机构名称", "信用代码", "机构性质", "地区", "主领域", "人员姓名1", "主评人1", "股东1", "持股比例（%）1")
    row = ("天平会计师事务所", credit_code(200), "会计师事务所", "370800", "财务管理", "赵示例", "是", "示例控股", "51")
    officer.post(f"{upload(officer, workbook(headings, [row]), 'agencies').location}/write")

    with house.database.read() as session:
        agency = session.scalar(select(Agency))
        assert (agency.code, agency.staff[0].is_lead_evaluator) == ("JG-0001", True)
    answer = upload(officer, workbook(headings, [row]), "agencies")
    assert "In the pool already as JG-0001." in officer.get(answer.location).get_data(as_text=True)
