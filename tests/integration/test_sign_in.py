"""The sign-in form as a visitor meets it: right and wrong passwords, lock-out and release, onward addresses."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from evalhub.domain.permissions import Role
from evalhub.infra import clock, passwords
from evalhub.models.accounts import Account
from evalhub.models.journal import JournalEntry
from evalhub.web.routes.sign_in import safe_target
from tests.builders import NOW, make_account
from tests.integration.conftest import Browser

PASSWORD = "Mountain-Tai-1545"


@pytest.fixture
def account(house) -> Account:
    with house.database.write() as session:
        return make_account(
            session,
            Role.OFFICER,
            username="li.sd",
            password_hash=passwords.hash_password(PASSWORD),
            password_set_at=NOW,
        )


def attempt(visitor, password: str, **fields):
    return visitor.post("/sign-in", {"username": "li.sd", "password": password, **fields})


def is_in(visitor) -> bool:
    return visitor.get("/accounts").status_code == 404  # the officer's answer; nobody is led to sign in by 303


def events(house) -> list[str]:
    with house.database.read() as session:
        return sorted(session.scalars(select(JournalEntry.event)))


def test_right_password_opens_a_session_and_is_journalled(visitor, account, house):
    answer = attempt(visitor, PASSWORD)

    assert answer.status_code == 303
    assert is_in(visitor)
    assert events(house) == ["session.opened"]


def refusal(browser: Browser, username: str) -> str:
    browser.post("/sign-in", {"username": username, "password": "wrong-password-1"})
    with browser.client.session_transaction() as session:
        return session["sign_in_refusal"]


def test_first_wrong_password_reads_as_a_name_that_is_nobodys(app, account):
    assert refusal(Browser(app), "li.sd") == refusal(Browser(app), "nobody")


def test_fifth_mistake_locks_for_fifteen_minutes_even_for_the_right_password(visitor, account, house):
    for _ in range(5):
        attempt(visitor, "wrong-password-1")

    attempt(visitor, PASSWORD)
    assert not is_in(visitor)
    with house.database.read() as session:
        locked_until = session.get_one(Account, account.id).locked_until
    assert locked_until == NOW + timedelta(minutes=15)

    with clock.held_at(NOW + timedelta(minutes=15, seconds=1)):
        attempt(visitor, PASSWORD)
        assert is_in(visitor)
    assert events(house) == ["session.opened"] + ["session.refused"] * 6


def test_raised_epoch_ends_every_session(visitor, account, house):
    attempt(visitor, PASSWORD)
    assert is_in(visitor)

    with house.database.write() as session:
        session.get_one(Account, account.id).epoch += 1

    assert visitor.get("/accounts").status_code == 303


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "", None]
)
def test_no_onward_address_leaves_the_site(target):
    assert safe_target(target) is None


def test_onward_address_of_another_host_is_dropped(visitor, account):
    answer = attempt(visitor, PASSWORD, next="https://evil.example/")

    assert "evil" not in answer.location
    assert "evil" not in visitor.get("/onward?next=//evil.example").location
