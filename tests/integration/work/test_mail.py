"""Mail from the outbox: once, to whom it concerns, in his language, tried again when the server is away."""

import email
import email.policy
from datetime import timedelta

import pytest

from evalhub.infra import clock
from evalhub.infra.mail import MailFailed, open_mailer
from evalhub.models.journal import Notification
from evalhub.work.mail import MOST_ATTEMPTS, deliver_waiting
from tests.builders import NOW, add, make_account


@pytest.fixture
def outbox(house, tmp_path):
    return tmp_path / "outbox"


@pytest.fixture
def mailer(outbox):
    return open_mailer(None, outbox, "evalhub@example.org")


def make_notification(house, *, address="wang@example.org", language=None, **changes) -> str:
    values = {
        "event": "seat.notified", "noun": "seat", "record_id": "1", "task_id": "secret-task",
        "detail": {"project": "机密项目"}, "created_at": NOW, "wants_mail": True,
    }  # fmt: skip
    with house.database.write() as session:
        account = make_account(session, email=address, language=language)
        return add(session, Notification(account_id=account.id, **(values | changes))).id


def read(house, notification_id) -> Notification:
    with house.database.read() as session:
        return session.get_one(Notification, notification_id)


def mails(outbox):
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in outbox.glob("*.eml")]


def test_mail_leaves_once_and_names_no_business(house, mailer, outbox):
    notification_id = make_notification(house)

    assert [deliver_waiting(house, mailer) for _ in range(2)] == [1, 0]

    (mail,) = mails(outbox)
    assert (mail["To"], mail["Subject"]) == ("wang@example.org", "示例高新区财政局绩效评价：您有一条新消息")
    assert "请登录查看" in mail.get_content()
    assert "机密" not in mail.as_string() + mail.get_content()
    assert "secret-task" not in mail.as_string()
    assert read(house, notification_id).mailed_at == NOW


def test_mail_is_written_in_the_language_of_its_reader(house, mailer, outbox):
    make_notification(house, language="en")

    deliver_waiting(house, mailer)

    assert mails(outbox)[0].get_content().startswith("A message waits for you")


@pytest.mark.parametrize("changes", [{"wants_mail": False}, {"mailed_at": NOW}])
def test_message_that_wants_no_mail_or_has_left_stays(house, mailer, outbox, changes):
    make_notification(house, **changes)

    assert deliver_waiting(house, mailer) == 0
    assert mails(outbox) == []


class Refusing:
    """A way out that fails for now, or for good."""

    def __init__(self, *, is_final: bool) -> None:
        self.is_final, self.tries = is_final, 0

    def deliver(self, mail) -> None:
        self.tries += 1
        raise MailFailed("refused", is_final=self.is_final)


def test_server_that_is_away_is_asked_again_at_growing_intervals(house):
    notification_id = make_notification(house)
    away = Refusing(is_final=False)
    tried_at = []
    for second in range(0, 400, 5):
        with clock.held_at(NOW + timedelta(seconds=second)):
            before = away.tries
            deliver_waiting(house, away)
            tried_at += [second] * (away.tries - before)

    assert tried_at == [0, 30, 90, 210]
    assert (read(house, notification_id).mail_attempts, read(house, notification_id).mailed_at) == (4, None)


@pytest.mark.parametrize("address", [None, "wang@example.org"])
def test_mail_that_cannot_arrive_is_given_up(house, address):
    notification_id = make_notification(house, address=address)

    deliver_waiting(house, Refusing(is_final=True))

    with clock.held_at(NOW + timedelta(days=30)):
        assert deliver_waiting(house, Refusing(is_final=True)) == 0
    assert read(house, notification_id).mail_attempts == MOST_ATTEMPTS


def test_mail_taken_by_another_worker_is_left_to_it(house, mailer, outbox):
    notification_id = make_notification(house)

    class Racing:
        """Another worker delivers between our look and our turn."""

        def deliver(self, mail) -> None:
            assert deliver_waiting(house, mailer) == 0
            mailer.deliver(mail)

    assert deliver_waiting(house, Racing()) == 1
    assert len(mails(outbox)) == 1
    assert read(house, notification_id).mail_attempts == 1
