"""A year's plan walked through the pages, as officer, approver, unit and agency, from the first pick to the report."""

import json
import re
from io import BytesIO

import pytest

from evalhub.domain.permissions import Role
from evalhub.models.journal import JournalEntry
from evalhub.models.papers import DocumentItem, Report, StoredFile
from evalhub.models.plans import Plan, Round, Task
from evalhub.models.seats import Seat
from tests.integration.conftest import Browser
from tests.integration.infra.hostile import added, pdf_file, word_file
from tests.integration.plan_world import TREE, build_plan_world, make_seat


@pytest.fixture
def world(house):
    with house.database.write() as session:
        return build_plan_world(session)


class Walk:
    """Browsers by person, and what the database says in between."""

    def __init__(self, app, house, world):
        self.app, self.house, self.world = app, house, world
        self.browsers = {}

    def by(self, account):
        if account.id not in self.browsers:
            self.browsers[account.id] = Browser(self.app).sign_in(account)
        return self.browsers[account.id]

    def read(self, ask):
        with self.house.database.read() as session:
            return ask(session)

    def one(self, model):
        return self.read(lambda session: session.query(model).one())

    def post(self, account, path, fields=None, page=None, expect=303, **options):
        """Post with the version that the page shows, as its form would."""
        browser = self.by(account)
        fields = dict(fields or {})
        if page:
            shown = browser.get(page)
            assert shown.status_code == 200, (page, shown.status_code)
            action = re.escape(f'action="{path}"')
            found = re.search(action + r'.*?name="version" value="(\d+)"', shown.text, re.DOTALL)
            if found:
                fields["version"] = found[1]
        response = browser.post(path, fields, **options)
        assert response.status_code == expect, (path, response.status_code, _faults(response.text))
        return response


def _faults(page):
    return re.findall(r'id="error-summary".*?</div>\s*</div>', page, re.DOTALL)


@pytest.fixture
def walk(app, house, world):
    return Walk(app, house, world)


def approve_plan(walk):
    world = walk.world
    values = {"year": "2026", "name": "2026 年度计划", "spending_fen": "1,000.00", "target_weight": "60"}
    walk.post(world.officer, "/plans/new", values)
    plan = f"/plans/{walk.one(Plan).id}"
    picks = {"project_ids": [project.id for project in world.projects], "reason": "民生关注"}
    walk.post(world.officer, f"{plan}/pick", picks, page=f"{plan}/pick")
    walk.post(world.officer, f"{plan}/submit", page=plan)
    walk.post(world.approver, f"{plan}/decide", {"decision": "approve"}, page=plan)
    return plan


def approve_round(walk, plan):
    world = walk.world
    values = {
        "name": "秋季轮次", "from_on": "2026-11-01", "until_on": "2026-12-31", "reply_hours": "24",
        "hearing_workdays": "5", "report_due_on": "2026-12-20",
    }  # fmt: skip
    walk.post(world.officer, f"{plan}/rounds/new", values)
    round_ = f"/rounds/{walk.one(Round).id}"
    fixed = {
        "project_ids": [world.projects[0].id], "kind": "finance", "framework_edition_id": world.edition.id,
        "panel_template_id": world.template.id, "reserves": "2", "wants_agency": "y", "statistic": "mean",
        "agency_weight": "30", "quorum": "2", "field_code": "", "work_from_on": "2026-11-25",
        "work_until_on": "2026-12-25", "scoring_due_on": "2026-12-15", "officer_id": world.officer.id,
        "approver_id": world.approver.id, "deputy_approver_id": world.deputy.id, "first_evaluation_id": "",
    }  # fmt: skip
    walk.post(world.officer, f"{round_}/tasks/new", fixed, page=f"{round_}/tasks/new")
    walk.post(world.officer, f"{round_}/submit", page=round_)
    walk.post(world.approver, f"{round_}/decide", {"decision": "approve"}, page=round_)
    return round_


def confirm_panel(walk):
    """What allocation and replies do elsewhere: the panel and the agency are at work."""
    with walk.house.database.write() as session:
        task = session.query(Task).one()
        task.state = "accepted"
        make_seat(session, task, walk.world)
        make_seat(session, task, walk.world, "agency", position=2)
        return f"/tasks/{task.id}"


def issue_notice(walk, task):
    notice = {
        "number": "示例财绩〔2026〕12号", "body": "请按清单报送。", "documents_due_on": "2026-12-04",
        "documents-0-title": "立项批复", "documents-0-is_required": "y", "documents-1-title": "",
    }  # fmt: skip
    walk.post(walk.world.officer, f"{task}/notice", notice, page=f"{task}/notice")


def test_plan_walks_from_the_first_pick_to_the_accepted_report(walk):
    world = walk.world
    plan = approve_plan(walk)
    round_ = approve_round(walk, plan)
    assert walk.one(Task).state == "resourcing"
    task = confirm_panel(walk)
    issue_notice(walk, task)
    own = task.replace("/tasks/", "/evaluations/")

    walk.post(world.clerk, f"{own}/receipt", page=own)
    item = walk.one(DocumentItem).id
    upload = {"file": (BytesIO(pdf_file()), "批复.pdf"), "version": "1"}
    walk.post(world.clerk, f"{own}/documents/{item}", upload)
    walk.post(world.officer, f"{task}/documents/{item}", {"decision": "accept"}, page=f"{task}/documents")
    lines = {"lines-0-code": "B1", "lines-0-version": "0", "lines-0-actual": "117.6", "lines-0-spent_fen": "85.50"}
    walk.post(world.clerk, f"{own}/values", lines)
    walk.post(world.officer, f"{task}/actuals/accept", {"codes": ["B1"]})
    walk.post(world.officer, f"{task}/start", page=task)
    assert walk.one(Task).state == "executing"

    walk.post(world.agency_clerk, f"{task}/report", {"file": (BytesIO(pdf_file()), "报告.pdf"), "version": "0"})
    notes = {"notes-0-place": "3.2", "notes-0-text": "数据来源不明"}
    walk.post(world.officer, f"{task}/report/return", notes, page=f"{task}/report")
    note = walk.read(lambda session: session.query(Report).one().notes[0].id)
    walk.post(world.agency_clerk, f"{task}/report/notes/{note}", {"answer": "已补充"})
    second = {"file": (BytesIO(pdf_file() + b"\n"), "报告2.pdf"), "what_changed": "3.2 补充来源"}
    walk.post(world.agency_clerk, f"{task}/report", second, page=f"{task}/report")
    walk.post(world.lead, f"{task}/report/sign-off", page=f"{task}/report")
    walk.post(world.officer, f"{task}/report/accept", page=f"{task}/report")

    report = walk.one(Report)
    assert (report.state, report.current_version) == ("accepted", 2)
    for path in (
        f"{round_}/board",
        f"{task}/people",
        f"{task}/log",
        f"{task}/documents",
        f"{task}/actuals",
        "/reports",
    ):
        assert walk.by(world.supervisor).get(path).status_code == 200, path
    entries = walk.read(lambda session: session.query(JournalEntry).count())
    assert entries == 21


def test_file_opens_as_an_attachment_that_runs_nothing_and_closes_with_the_seat(walk):
    plan = approve_plan(walk)
    approve_round(walk, plan)
    task = confirm_panel(walk)
    content = pdf_file()
    walk.post(
        walk.world.agency_clerk, f"{task}/report", {"file": (BytesIO(content), "报告.pdf"), "version": "0"}, expect=422
    )
    with walk.house.database.write() as session:
        session.query(Task).one().state = "executing"
    walk.post(walk.world.agency_clerk, f"{task}/report", {"file": (BytesIO(content), "报告.pdf"), "version": "0"})
    file = f"/files/{walk.one(StoredFile).id}"

    sent = walk.by(walk.world.agency_clerk).get(file)
    assert sent.data == content
    assert sent.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert walk.by(walk.world.officer).get(f"{file}/view").status_code == 200
    assert walk.by(walk.world.clerk).get(file).status_code == 404
    assert walk.by(walk.world.expert_account).get(file).status_code == 200
    with walk.house.database.write() as session:
        session.query(Seat).filter_by(kind="agency").one().ended_at = session.query(Task).one().created_at
    assert walk.by(walk.world.agency_clerk).get(file).status_code == 404


def test_refused_file_is_told_by_its_reason_and_leaves_no_row(walk):
    plan = approve_plan(walk)
    approve_round(walk, plan)
    task = confirm_panel(walk)
    with walk.house.database.write() as session:
        session.query(Task).one().state = "executing"

    for file, code in (
        (added(word_file(), "word/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "F-30"),
        (b"", "F-01"),
        (b"MZ plain", "F-05"),
    ):
        fields = {"file": (BytesIO(file), "报告.docx"), "version": "0"}
        page = walk.post(walk.world.agency_clerk, f"{task}/report", fields, expect=422)
        assert code in page.text
    page = walk.post(walk.world.agency_clerk, f"{task}/report", {"version": "0"}, expect=422)
    assert "Choose a file." in page.text
    assert walk.read(lambda session: session.query(StoredFile).count()) == 0


def test_framework_is_imported_checked_and_published_by_another_person(walk):
    world = walk.world
    broken = json.loads(json.dumps(TREE))
    broken["indicators"][1]["children"][0]["points"] = "49.00"

    def fields(tree, **more):
        return {"file": (BytesIO(json.dumps(tree).encode()), "tree.json"), "name": "新框架", "field_code": "", **more}

    page = walk.post(world.officer, "/frameworks/import", fields(broken), expect=422)
    assert "indicators[1].children: points below B sum to 79.00, not 80.00" in page.text
    shown = walk.post(world.officer, "/frameworks/import", fields(TREE)).location
    walk.post(world.officer, f"{shown}/publish", page=shown, expect=404)
    walk.post(world.approver, f"{shown}/publish", page=shown)
    assert "Frozen." in walk.by(world.officer).get(shown).text
    again = {"file": (BytesIO(json.dumps(TREE).encode()), "tree.json")}
    page = walk.post(world.officer, f"{shown}/next", again, page=f"{shown}/next", expect=422)
    assert "exactly this content" in page.text


def test_pages_without_rows_say_what_to_do(app, signed_in):
    for role, paths in (
        (
            Role.OFFICER,
            (
                "/plans",
                "/plans/new",
                "/rounds",
                "/frameworks",
                "/frameworks/import",
                "/panel-templates",
                "/panel-templates/new",
                "/reports",
            ),
        ),
        (Role.AGENCY_CLERK, ("/reports",)),
        (Role.DEPARTMENT_CLERK, ("/evaluations",)),
    ):
        browser = signed_in(role)
        for path in paths:
            assert browser.get(path).status_code == 200, path


def test_panel_template_is_made_changed_while_unused_and_retired(walk):
    world = walk.world
    values = {
        "name": "五人组", "seats": "5", "wants_field": "2", "wants_finance": "1", "wants_senior": "1",
        "employer_max": "1", "region_max": "3", "reserves": "2",
    }  # fmt: skip
    walk.post(world.officer, "/panel-templates/new", {**values, "wants_field": "6"}, expect=422)
    walk.post(world.officer, "/panel-templates/new", values)
    page = walk.by(world.officer).get("/panel-templates").text
    path = re.search(r'href="(/panel-templates/[^"]+)">Edit', page)[1]
    walk.post(world.officer, path, {**values, "reserves": "3"}, page=path)
    walk.post(world.officer, f"{path}/active", {}, page="/panel-templates")
    assert walk.by(world.officer).get("/panel-templates").text.count('<td class="mid">No</td>') == 1
