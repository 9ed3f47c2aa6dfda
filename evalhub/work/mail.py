"""The outbox: notifications that also leave by mail, each delivered with no transaction open.

A mail says that something waits and where to read it; it names no unit, project or person, for mail is read by others.
An attempt is counted before the mail leaves, so a worker that dies while sending tries again later, and the row's id
makes the second mail the same mail.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evalhub.infra.mail import Mail, Mailer, MailFailed
from evalhub.models.accounts import Account
from evalhub.models.journal import Notification

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 10
"""At growing intervals, so the last comes about four hours after the first."""

FIRST_PAUSE = timedelta(seconds=30)
BATCH = 100
WORDS = {
    "zh": (
        "{bureau}绩效评价：您有一条新消息",
        "您好：\n\n预算绩效评价系统中有一条消息等您处理，请登录查看。{place}\n\n{bureau}\n",
    ),
    "en": (
        "{bureau}, performance evaluation: a message waits for you",
        "A message waits for you in the evaluation system. Please sign in to read it.{place}\n\n{bureau}\n",
    ),
}


def deliver_waiting(house: Any, mailer: Mailer) -> int:
    """Deliver what is due in the outbox; returns how many mails left."""
    with house.database.read() as session:
        waiting = find_waiting(session, house.now())
    return sum(_deliver(house, mailer, notification, account) for notification, account in waiting)


def find_waiting(session: Session, now: datetime) -> list[tuple[Notification, Account]]:
    """Notifications whose mail is due, the oldest first, each with its account."""
    rows = session.execute(
        select(Notification, Account)
        .join(Account, Account.id == Notification.account_id)
        .where(
            Notification.wants_mail.is_(True),
            Notification.mailed_at.is_(None),
            Notification.mail_attempts < MOST_ATTEMPTS,
        )
        .order_by(Notification.created_at, Notification.id)
    )
    return [(row[0], row[1]) for row in rows if _due_at(row[0]) <= now][:BATCH]


def _due_at(notification: Notification) -> datetime:
    return notification.created_at + FIRST_PAUSE * (2**notification.mail_attempts - 1)


def _deliver(house: Any, mailer: Mailer, notification: Notification, account: Account) -> bool:
    if account.email is None or account.state == "disabled":
        _note(house, notification.id, mail_attempts=MOST_ATTEMPTS)
        return False
    if not house.database.apply(partial(_take, notification)):
        return False
    try:
        mailer.deliver(compose(house.settings, notification, account.email, account.language))
    except MailFailed as failure:
        log.warning("mail %s: %s", notification.id, failure)
        if failure.is_final:
            _note(house, notification.id, mail_attempts=MOST_ATTEMPTS)
        return False
    _note(house, notification.id, mailed_at=house.now())
    return True


def _take(notification: Notification, session: Session) -> bool:
    """Count the attempt; of two workers that saw the same row only one goes on."""
    taken = session.execute(
        update(Notification)
        .where(Notification.id == notification.id, Notification.mail_attempts == notification.mail_attempts)
        .values(mail_attempts=notification.mail_attempts + 1)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _note(house: Any, notification_id: str, **values: Any) -> None:
    house.database.apply(
        lambda session: session.execute(update(Notification).where(Notification.id == notification_id).values(**values))
    )


def compose(settings: Any, notification: Notification, address: str, language: str | None) -> Mail:
    """The mail of one notification, in the language its reader has chosen, else Chinese."""
    subject, text = WORDS.get(language or "zh", WORDS["zh"])
    place = f"\n\nhttps://{settings.trusted_hosts[0]}/" if settings.is_production else ""
    return Mail(
        key=notification.id,
        to=address,
        subject=subject.format(bureau=settings.bureau_name),
        text=text.format(bureau=settings.bureau_name, place=place),
        at=notification.created_at,
    )
