"""The second half of a round in a real browser: scoring, opening, hearing, signature, each role with its own session."""

from pathlib import Path

import pytest
from sqlalchemy import select

from evalhub.app import create_app
from evalhub.config import read_settings
from evalhub.demo.district import PASSWORD, build_district
from evalhub.infra import passwords
from evalhub.infra.clock import office_date
from evalhub.infra.migrations import upgrade
from evalhub.models.accounts import Account
from evalhub.models.plans import Task
from evalhub.models.projects import Project
from evalhub.models.seats import Seat
from evalhub.models.sheets import Sheet
from evalhub.translations import compile_all
from tests.browser.conftest import PHONE, SHOTS

PROJECT = "校园食堂改造"


@pytest.fixture
def app(tmp_path: Path):
    """The demonstration in scoring, on the real clock."""
    passwords.use_light_hashing()
    compile_all()
    settings = read_settings(
        {"EVALHUB_MODE": "demo", "EVALHUB_INSTANCE": str(tmp_path), "EVALHUB_BUREAU": "示例高新区财政局"}
    )
    upgrade(settings.database_url)
    app = create_app(settings)
    house = app.extensions["evalhub"]
    build_district(house, "scoring", office_date(house.now()))
    yield app
    house.database.engine.dispose()
    house.access.engine.dispose()


@pytest.fixture
def sign_in(open_page):
    """Sign in through the form, as people do."""

    def begin(username: str, **options):
        page = open_page("/sign-in", **options)
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/")
        return page

    return begin


def open_sheets(app) -> list[tuple[str, str]]:
    """(account name, sheet id) of the sheets of the task that are not in yet."""
    with app.extensions["evalhub"].database.read() as session:
        rows = (
            select(Account.username, Sheet.id)
            .join(Seat, Seat.expert_id == Account.expert_id)
            .join(Sheet, Sheet.seat_id == Seat.id)
            .join(Task, Task.id == Sheet.task_id)
            .join(Project, Project.id == Task.project_id)
            .where(Project.name == PROJECT, Sheet.state.in_(("issued", "draft")))
        )
        return [(row.username, row.id) for row in session.execute(rows)]


def fill_sheet(page) -> None:
    """Full points on every line, then hand in."""
    page.locator("details.eh-branch").first.wait_for()
    page.eval_on_selector_all("details.eh-branch", "all => all.forEach(one => { one.open = true })")
    for row in page.locator("[data-line]").all():
        row.locator(f"[data-quick='{row.get_attribute('data-full')}']").first.dispatch_event("click")
    page.locator("[data-check-submit]").click()
    page.locator("[data-submit-now]").click()
    page.get_by_text("Handed in.").or_(page.get_by_text("已提交")).first.wait_for()


def shot(page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def test_scores_to_signature_walked_by_every_role(app, sign_in, assert_accessible):
    waiting = open_sheets(app)
    assert waiting
    for number, (username, sheet_id) in enumerate(waiting):
        page = sign_in(
            username,
            language="en-US" if number else "zh-CN",
            size=PHONE if number == 1 else {"width": 1366, "height": 768},
        )
        page.goto(f"/sheets/{sheet_id}")
        shot(page, f"round-sheet-{number}")
        fill_sheet(page)

    officer = sign_in("wang.jb")
    shot(officer, "round-work-centre")
    assert_accessible(officer)
    officer.get_by_text(PROJECT).first.wait_for()
    officer.goto("/results")
    task_id = task_of(app)
    officer.goto(f"/tasks/{task_id}/progress")
    officer.get_by_role("button", name="同时开封全部评分表").click()
    officer.get_by_role("button", name="征求单位意见").click()
    officer.get_by_text("已征求单位意见").wait_for()
    shot(officer, "round-result")
    assert_accessible(officer)
    result_path = officer.url

    unit = sign_in("dept.101", language="en-US")
    unit.goto("/own-results")
    unit.get_by_role("row").filter(has_text=PROJECT).get_by_role("link", name="Open").click()
    accept = unit.locator("input[type=radio][value=accepted]").all()
    for radio in accept:
        radio.check(force=True)
    shot(unit, "round-hearing")
    assert_accessible(unit)
    if accept:
        unit.get_by_role("button", name="Send").click()
        unit.get_by_text("Your answers are in").first.wait_for()

    officer.goto(result_path)
    officer.get_by_role("button", name="结束征求意见").click()
    officer.get_by_role("button", name="送审定").click()
    approver = sign_in("li.sd")
    approver.goto(result_path)
    approver.get_by_role("button", name="审定结果并签发").click()
    approver.get_by_text("已审定，单位现在可以看到结果").wait_for()
    shot(approver, "round-signed")

    unit.goto("/own-results")
    unit.get_by_text("Signed").first.wait_for()


def task_of(app) -> str:
    with app.extensions["evalhub"].database.read() as session:
        query = select(Task.id).join(Project, Project.id == Task.project_id).where(Project.name == PROJECT)
        return session.scalars(query).one()
