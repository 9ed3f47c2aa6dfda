"""The gate and the two phases, on the account pages: permission, token, key, version, read-only, journal."""

import pytest
from sqlalchemy import func, select

from evalhub.app import refuse_gaps
from evalhub.config import UnsafeSettings
from evalhub.domain.permissions import Role
from evalhub.models.access import AccessEntry
from evalhub.models.accounts import Account
from evalhub.models.journal import IdempotencyKey, JournalEntry
from evalhub.services.change import Change, Unjournalled
from evalhub.web.section import Section
from tests.builders import NOW

NEW = {"username": "li.sd", "display_name": "李思达", "email": ""}


def count(house, model) -> int:
    with house.database.read() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_page_of_nobody_leads_to_sign_in(visitor):
    answer = visitor.get("/accounts")

    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/accounts"


def test_page_without_the_role_looks_missing(signed_in):
    assert signed_in(Role.OFFICER).get("/accounts").status_code == 404


def test_refusal_is_noted_in_the_access_log(signed_in, house):
    browser = signed_in(Role.OFFICER)

    browser.get("/accounts")

    with house.access.read() as session:
        entry = session.scalars(select(AccessEntry)).one()
    assert (entry.account_id, entry.kind, entry.status, entry.endpoint) == (
        browser.account.id, "missing", 404, "accounts.index",
    )  # fmt: skip


def test_change_leaves_one_row_one_entry_and_one_key(signed_in, house):
    answer = signed_in(Role.SYSTEM_ADMIN).post("/accounts/new", NEW)

    assert answer.status_code == 303
    with house.database.read() as session:
        account = session.scalars(select(Account).where(Account.username == "li.sd")).one()
        entry = session.scalars(select(JournalEntry)).one()
    assert (account.display_name, account.state, account.roles) == ("李思达", "invited", [])
    assert (entry.event, entry.record_id, entry.at) == ("account.created", account.id, NOW)
    assert count(house, IdempotencyKey) == 1


def test_same_key_same_body_gives_the_same_answer_and_one_row(signed_in, house):
    browser = signed_in(Role.SYSTEM_ADMIN)

    first = browser.post("/accounts/new", NEW, key="once")
    second = browser.post("/accounts/new", NEW, key="once")

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count(house, Account) == 2


def test_same_key_other_body_is_refused(signed_in, house):
    browser = signed_in(Role.SYSTEM_ADMIN)
    browser.post("/accounts/new", NEW, key="once")

    answer = browser.post("/accounts/new", NEW | {"username": "wang.jb"}, key="once")

    assert answer.status_code == 409
    assert count(house, Account) == 2


def test_missing_key_is_refused(signed_in, house):
    browser = signed_in(Role.SYSTEM_ADMIN)

    answer = browser.client.post("/accounts/new", data={"csrf_token": browser.token(), **NEW})

    assert answer.status_code == 400
    assert count(house, Account) == 1


def test_missing_token_is_refused(signed_in, house):
    browser = signed_in(Role.SYSTEM_ADMIN)

    answer = browser.client.post("/accounts/new", data={"idempotency_key": "once", **NEW})

    assert answer.status_code == 400
    assert count(house, Account) == 1


def test_rejected_form_comes_back_with_what_was_typed(signed_in):
    answer = signed_in(Role.SYSTEM_ADMIN).post("/accounts/new", NEW | {"username": "a b"})

    assert answer.status_code == 422
    assert 'value="a b"' in answer.text
    assert "李思达" in answer.text


def test_role_taken_away_ends_the_next_request(signed_in, house):
    browser = signed_in(Role.SYSTEM_ADMIN)
    with house.database.write() as session:
        account = session.get_one(Account, browser.account.id)
        account.epoch += 1

    assert browser.get("/accounts").location == "/sign-in?next=/accounts"


def test_idle_session_has_ended(signed_in):
    browser = signed_in(Role.SYSTEM_ADMIN)
    with browser.client.session_transaction() as session:
        session["seen"] = int(NOW.timestamp()) - 31 * 60

    assert browser.get("/accounts").location == "/sign-in?next=/accounts"


def test_demo_account_answers_on_loopback_only(signed_in):
    browser = signed_in(Role.SYSTEM_ADMIN)

    answer = browser.get("/accounts", environ_overrides={"REMOTE_ADDR": "10.0.0.7"})

    assert answer.location == "/sign-in?next=/accounts"


def test_reading_session_refuses_to_write(house):
    with house.database.read() as session:
        session.add(Account(username="x", display_name="x", created_at=NOW))
        with pytest.raises(Exception, match=r"readonly database|read-only transaction"):
            session.flush()


def test_change_without_journal_entry_does_not_commit(house):
    def forgetful(session):
        change = Change(session, None, NOW, house.tools)
        session.add(Account(username="x", display_name="x", created_at=NOW))
        change.close()

    with pytest.raises(Unjournalled):
        house.database.apply(forgetful)
    assert count(house, Account) == 0


def test_route_without_permission_does_not_import():
    section = Section("bare", __name__)

    with pytest.raises(TypeError, match="state a permission"):
        section.route("/bare")(lambda: "")


def test_application_with_a_bare_endpoint_does_not_start(app):
    app.view_functions["bare"] = lambda: ""
    app.url_map.add(app.url_rule_class("/bare", endpoint="bare"))

    with pytest.raises(UnsafeSettings, match="bare"):
        refuse_gaps(app)
