"""The one call by which a service says what it did. It writes the entry and decides who is told."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evalhub.infra.chance import new_id
from evalhub.models.journal import JournalEntry, Notification
from evalhub.services.change import Change


@dataclass(frozen=True)
class Notice:
    """Whom an event concerns: an account, and what the message shows him."""

    account_id: str
    detail: Mapping[str, Any] | None = None
    wants_mail: bool = False


def record(
    change: Change,
    event: str,
    noun: str,
    record_id: str,
    label: str,
    *,
    task_id: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    reason: str | None = None,
    notify: Iterable[Notice] = (),
) -> None:
    """Write the journal entry of this change, in its transaction, and the messages that follow from it.

    Args:
        event: `noun.past_tense`, such as `expert.edited`.
        label: how a reader recognises the record without opening it; never a personal datum.
        before, after: field -> value; only their salted HMAC digests are kept.
        detail: figures that a reader of the journal needs; never a personal datum, a score or a seat before its hour.
        reason: what the actor typed, where a reason is asked for.
        notify: whom it concerns.
    """
    salt = new_id()
    entry = JournalEntry(
        at=change.now,
        actor_id=change.actor.account_id,
        actor_name=change.actor.display_name,
        actor_roles=" ".join(sorted(change.actor.roles)),
        on_behalf_of=change.actor.on_behalf_of,
        event=event,
        noun=noun,
        record_id=record_id,
        record_label=label,
        task_id=task_id,
        salt=salt,
        before_digest=_digest(change, salt, before),
        after_digest=_digest(change, salt, after),
        detail=dict(detail or {}),
        reason=reason,
        request_id=change.request_id,
    )
    change.session.add(entry)
    change.entries.append(entry)
    for notice in notify:
        change.session.add(
            Notification(
                account_id=notice.account_id,
                event=event,
                noun=noun,
                record_id=record_id,
                task_id=task_id,
                detail=dict(notice.detail or {}),
                created_at=change.now,
                wants_mail=notice.wants_mail,
            )
        )


def _digest(change: Change, salt: str, values: Mapping[str, Any] | None) -> str | None:
    if values is None:
        return None
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return change.tools.vault.journal_digest(salt, canonical)
