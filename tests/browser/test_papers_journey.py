"""The unit hands in a document by the drop box, is told why another is refused, and the officer reads and ticks it."""

import pytest

from evalhub.infra import clock
from evalhub.models.papers import DocumentItem, EvaluationNotice
from tests.browser.conftest import PHONE
from tests.builders import NOW, add
from tests.integration.infra.hostile import pdf_file
from tests.integration.plan_world import build_plan_world, make_round, make_task


@pytest.fixture
def place(app):
    """A task whose unit has received the notice and owes one document."""
    house = app.extensions["evalhub"]
    with house.database.write() as session:
        world = build_plan_world(session)
        task = make_task(session, house.tools, world, make_round(session, world, "approved"), state="preparing")
        due = clock.office_date(NOW)
        notice = EvaluationNotice(
            task_id=task.id, number="1号", body="请报送。", documents_due_on=due, issued_by_id="x", issued_at=NOW,
            received_at=NOW, received_by_id=world.clerk.id,
        )  # fmt: skip
        add(session, notice)
        world.item_id = add(session, DocumentItem(task_id=task.id, position=1, title="立项批复")).id
        world.task_id = task.id
    return world


def enter(app, page, account, path):
    """Go on as that person."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{account.id}:{account.epoch}"
        session["began"] = session["seen"] = int(clock.now().timestamp())
        session["language"] = "zh"
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    origin = "/".join(page.url.split("/")[:3])
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": origin}])
    page.goto(f"{origin}{path}")


def as_file(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_document_goes_from_the_drop_box_to_the_officers_tick(app, place, open_page, assert_accessible, shoot):
    page = open_page("/sign-in", size=PHONE)
    enter(app, page, place.clerk, f"/evaluations/{place.task_id}")
    box = page.locator(f"#upload-item-{place.item_id}")
    box.locator("input[type=file]").set_input_files(as_file("批复.pdf", pdf_file()))
    page.locator(f"#item-{place.item_id} .eh-file-link").first.wait_for()

    assert "批复.pdf" in page.locator("main").inner_text()
    assert_accessible(page)
    shoot(page, "unit-documents-phone")

    desk = open_page("/sign-in")
    enter(app, desk, place.officer, f"/tasks/{place.task_id}/documents")
    desk.get_by_role("link", name="批复.pdf", exact=True).click()
    desk.locator("[data-pages]", has_text="1").wait_for()
    desk.go_back()
    desk.get_by_role("button", name="核对通过").click()
    desk.get_by_text("必交资料已齐。").wait_for()
    assert_accessible(desk)
    shoot(desk, "officer-documents")
