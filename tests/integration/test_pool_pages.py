"""Pages of the pools: lists, their exports, forms, steps, numbers shown once."""

import pytest
from sqlalchemy import event, select

from evalhub.domain.permissions import Role
from evalhub.infra.spreadsheets import read_table
from evalhub.models.access import AccessEntry
from evalhub.models.experts import Expert
from evalhub.models.journal import JournalEntry
from evalhub.models.projects import Department
from evalhub.queries.listing import count_rows
from tests.pool_builders import credit_code, identity_number, make_expert, make_fields

FORM = {
    "name": "欧阳娜",
    "region": "370800",
    "identity_number": identity_number(21),
    "mobile": "13805355526",
    "gender": "",
    "title_level": "associate",
    "service_state": "serving",
    "capacity_year": "6",
    "capacity_at_once": "3",
    "fields-0-code": "02",
    "fields-0-rank": "1",
    "fields-0-skill": "3",
    "spells-0-name": "正道会计师事务所",
    "spells-0-credit_code": credit_code(30),
    "spells-0-position": "合伙人",
    "spells-0-from_on": "2025-04",
}


@pytest.fixture
def officer(house, signed_in):
    with house.database.write() as session:
        make_fields(session)
    return signed_in(Role.OFFICER)


def make_many(house, count: int, **changes) -> list[Expert]:
    with house.database.write() as session:
        return [make_expert(session, **changes) for _ in range(count)]


def table_of(response) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read_table(response.data).rows]


def test_expert_entered_by_form_is_shown_masked(house, officer):
    answer = officer.post("/experts/new", FORM)
    page = officer.get(answer.location).get_data(as_text=True)

    assert answer.status_code == 303
    assert "欧阳*" in page
    assert "370***********" in page
    assert identity_number(21) not in page
    assert "13805355526" not in page
    assert "正道会计师事务所" in page


def test_expert_form_with_faults_is_shown_again_with_each(house, officer):
    faults = {"identity_number": "123", "spells-0-credit_code": "91370800MA3C0000", "spells-0-from_on": "7/8/2012"}

    answer = officer.post("/experts/new", FORM | faults)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "16 characters, 2 too few." in page
    assert "No day can be read" in page
    with house.database.read() as session:
        assert session.scalars(select(Expert)).all() == []


def test_expert_edit_keeps_the_number_that_is_not_typed(house, officer):
    location = officer.post("/experts/new", FORM).location
    changed = FORM | {"identity_number": "", "mobile": "", "region": "370811", "version": "1"}
    with house.database.read() as session:
        changed["version"] = str(session.scalar(select(Expert.version)))

    answer = officer.post(f"{location}/edit", changed)
    page = officer.get(f"{location}/edit").get_data(as_text=True)

    assert answer.status_code == 303
    assert 'value="370811"' in page
    assert "Stored as 370***********" in page
    assert 'value="2025-04"' in page


def test_expert_edit_of_an_older_version_is_refused(house, officer):
    location = officer.post("/experts/new", FORM).location

    answer = officer.post(f"{location}/edit", FORM | {"version": "0"})

    assert answer.status_code == 409


def test_number_is_shown_once_for_a_reason_and_logged(house, officer):
    location = officer.post("/experts/new", FORM).location
    without = officer.post(f"{location}/unmask", {"field": "mobile", "reason": ""})

    answer = officer.post(f"{location}/unmask", {"field": "mobile", "reason": "核对评审通知"})
    first, second = officer.get(answer.location), officer.get(answer.location)

    assert without.status_code == 422
    assert "13805355526" in first.get_data(as_text=True)
    assert (second.status_code, second.location) == (303, location)
    with house.database.read() as session:
        entry = session.scalar(select(JournalEntry).where(JournalEntry.event == "expert.unmasked"))
        assert (entry.reason, entry.detail) == ("核对评审通知", {"field": "mobile"})
    with house.access.read() as session:
        assert "unmask" in session.scalars(select(AccessEntry.kind)).all()


def test_unmasked_number_is_not_readable_in_the_cookie(officer):
    location = officer.post("/experts/new", FORM).location
    officer.post(f"{location}/unmask", {"field": "mobile", "reason": "核对评审通知"})

    with officer.client.session_transaction() as kept:
        assert "13805355526" not in str(dict(kept))


def test_supervisor_sees_no_way_to_unmask_or_edit(officer, signed_in):
    location = officer.post("/experts/new", FORM).location

    page = signed_in(Role.SUPERVISOR).get(location).get_data(as_text=True)

    assert "Show in full" not in page
    assert "Edit the record" not in page


def test_admission_in_four_steps_by_two_people(house, officer, signed_in):
    location = officer.post("/experts/new", FORM).location
    approver = signed_in(Role.APPROVER)

    def step(browser, action: str) -> int:
        with house.database.read() as session:
            version = session.scalar(select(Expert.version))
        return browser.post(f"{location}/move", {"action": action, "version": str(version)}).status_code

    answers = [step(officer, action) for action in ("begin_check", "pass_first_check", "pass_second_check")]
    answers += [step(approver, action) for action in ("pass_second_check", "admit")]

    assert answers == [303, 303, 403, 303, 303]
    with house.database.read() as session:
        assert session.scalar(select(Expert.state)) == "active"


def test_roster_taken_over_for_the_ticked_rows(house, officer, signed_in):
    ids = [expert.id for expert in make_many(house, 2, state="applied")]

    without = signed_in(Role.APPROVER).post("/experts/move", {"id": ids, "action": "take_over"})
    answer = signed_in(Role.APPROVER).post("/experts/move", {"id": ids, "action": "take_over", "reason": "旧台账"})

    assert (without.status_code, answer.status_code) == (422, 303)
    with house.database.read() as session:
        assert set(session.scalars(select(Expert.state))) == {"active"}


def test_list_conditions_sort_and_pages(house, officer):
    make_many(house, 25, title_level="full")
    make_many(house, 1, name="韩笑", title_level="none")

    first = officer.get("/experts?title=full&size=20").get_data(as_text=True)
    last = officer.get("/experts?title=full&size=20&page=99").get_data(as_text=True)
    named = officer.get("/experts?q=韩笑").get_data(as_text=True)

    assert (first.count("data-bulk-row"), last.count("data-bulk-row")) == (20, 5)
    assert "25 people" in first
    assert "Without Title level" in first
    assert named.count("data-bulk-row") == 1


def test_list_without_hits_says_which_condition_to_drop(house, officer):
    make_many(house, 2, title_level="full", region="370811")

    page = officer.get("/experts?title=full&region=370899").get_data(as_text=True)

    assert "Without “370899”: 2" in page


def test_rows_are_counted_up_to_a_limit(house, officer):
    make_many(house, 3)

    with house.database.read() as session:
        assert [count_rows(session, select(Expert), at_most=limit) for limit in (2, 3, 4)] == [2, 3, 3]


def test_wildcards_in_a_search_are_plain_characters(house, officer):
    make_many(house, 2)

    assert "No expert meets this condition." in officer.get("/experts?q=%25").get_data(as_text=True)


def test_export_holds_exactly_what_is_filtered_and_no_live_formula(house, officer):
    make_many(house, 3, title_level="full", source="=1+1")
    make_many(house, 2, title_level="none")

    table = table_of(officer.get("/experts/export.xlsx?title=full&sort=code&order=desc&size=20"))
    codes = [row[0] for row in table[2:]]

    assert "Title level: Full senior" in table[0][0]
    assert len(codes) == 3
    assert codes == sorted(codes, reverse=True)


def test_export_is_noted_in_the_access_log(house, officer):
    officer.get("/experts/export.xlsx")

    with house.access.read() as session:
        assert session.scalar(select(AccessEntry.kind).where(AccessEntry.endpoint == "experts.export")) == "export"


def test_profile_opened_from_a_list_knows_its_neighbours(house, officer):
    experts = sorted(make_many(house, 3), key=lambda expert: expert.code)

    page = officer.get(f"/experts/{experts[1].id}?sort=code&at=2").get_data(as_text=True)

    assert "2 / 3" in page
    assert f"/experts/{experts[2].id}?sort=code&amp;at=3" in page


def test_eligibility_names_every_failing_rule_on_the_profile(house, officer):
    expert = make_many(house, 1, state="suspended", term_until_on=None, born_on=None)[0]

    page = officer.get(f"/experts/{expert.id}?on=2026-12-01").get_data(as_text=True)

    assert "Not available on 2026-12-01." in page
    assert "State: Suspended; Date of birth missing" in page


@pytest.mark.parametrize("path", ["/experts", "/agencies", "/departments", "/projects", "/organisations"])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(house, officer, path):
    def queries() -> int:
        seen: list[str] = []
        engine = house.database.engine

        def count(_connection, _cursor, statement, *_rest) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        assert officer.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    def enter(number: int) -> None:
        officer.post("/experts/new", FORM | {"identity_number": identity_number(300 + number)})
        officer.post(
            "/agencies/new",
            {"name": f"机构{number}", "nature": "law", "region": "370800", "capacity_year": "1", "capacity_at_once": "1",
             "fields-0-code": "02", "fields-0-skill": "2"},
        )  # fmt: skip
        officer.post("/departments/new", {"name": f"局{number}", "budget_code": f"10{number}", "kind": "department"})
        officer.post("/projects/new", PROJECT | {"code": f"P-{number}", "department_code": f"10{number}"})

    enter(1)
    queries()
    one = queries()
    enter(2)
    enter(3)

    assert queries() == one


PROJECT = {
    "year": "2026",
    "name": "绿道二期",
    "region": "370800",
    "category": "engineering",
    "fund_kind": "general",
    "recurrence": "one_off",
    "field_code": "06",
    "initial_fen": "860",
    "adjusted_fen": "852.5",
    "spent_fen": "788.1234",
    "contractors-0-name": "恒筑建设有限公司",
    "contractors-0-role": "builder",
    "contractors-0-amount_fen": "780",
}


def test_project_shows_wan_with_the_exact_amount_at_hand(house, officer):
    officer.post("/departments/new", {"name": "水务局", "budget_code": "105", "kind": "department"})
    location = officer.post("/projects/new", PROJECT | {"code": "P-1", "department_code": "105"}).location

    page = officer.get(location).get_data(as_text=True)

    assert "788.12 (¥10,000)" in page
    assert "¥7,881,234.00" in page
    assert 'title="¥7,881,234.00"' in officer.get("/projects").get_data(as_text=True)


def test_department_sees_its_own_projects_only(house, officer, signed_in):
    for code in ("106", "107"):
        officer.post("/departments/new", {"name": f"局{code}", "budget_code": code, "kind": "department"})
        officer.post("/projects/new", PROJECT | {"code": f"P-{code}", "department_code": code})
    with house.database.read() as session:
        own = session.scalar(select(Department.id).where(Department.budget_code == "106"))
    clerk = signed_in(Role.DEPARTMENT_CLERK, department_id=own)

    page = clerk.get("/projects").get_data(as_text=True)
    table = table_of(clerk.get("/projects/export.xlsx"))

    assert ("P-106" in page, "P-107" in page) == (True, False)
    assert [row[0] for row in table[2:]] == ["P-106"]


def test_agency_with_people_owners_and_business(house, officer):
    fields = {
        "name": "天平会计师事务所", "credit_code": credit_code(40), "nature": "accounting", "region": "370800",
        "capacity_year": "10", "capacity_at_once": "3", "contact_mobile": "13700001111", "staff-0-name": "赵示例",
        "staff-0-title_level": "middle", "staff-0-is_lead_evaluator": "y", "holders-0-name": "示例控股",
        "holders-0-share_weight": "51", "business-0-name": "区教育局", "business-0-subject": "内控咨询",
        "business-0-amount_fen": "12.345678", "business-0-from_on": "2025-01-01",
    }  # fmt: skip
    location = officer.post("/agencies/new", fields).location
    page = officer.get(location).get_data(as_text=True)
    shown = officer.post(f"{location}/unmask", {"reason": "联系合同"})

    assert "lead evaluator" in page
    assert "51.0%" in page
    assert "¥123,456.78" in page
    assert "13700001111" not in page
    assert "13700001111" in officer.get(shown.location).get_data(as_text=True)


def test_organisation_renamed_keeps_its_former_name(officer):
    location = officer.post(
        "/organisations/new", {"name": "市财经学校", "credit_code": credit_code(50), "kind": "institution"}
    ).location
    page = officer.get(f"{location}/edit").get_data(as_text=True)
    version = page.split('name="version" value="')[1].split('"')[0]

    officer.post(
        f"{location}/edit",
        {"name": "市财经学院", "credit_code": credit_code(50), "kind": "institution", "version": version},
    )
    shown = officer.get(location).get_data(as_text=True)

    assert "市财经学校 (until 2026-11-23)" in shown


def test_field_without_the_one_above_is_refused(officer):
    refused = officer.post("/fields", {"code": "0999", "name": "x", "english_name": "x", "kind": "subject"})
    refused_again = officer.post("/fields", {"code": "0801", "name": "x", "english_name": "x", "kind": "subject"})
    officer.post("/fields", {"code": "08", "name": "卫生", "english_name": "Health", "kind": "subject"})

    assert (refused.status_code, refused_again.status_code) == (422, 422)
    assert "Health" in officer.get("/fields").get_data(as_text=True)
