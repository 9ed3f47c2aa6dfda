"""Pages of the journal and of the access log, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.permissions import Actor, refusal
from evalhub.models.access import AccessEntry
from evalhub.models.accounts import Account
from evalhub.models.journal import JournalEntry, JournalSeal
from evalhub.queries.scope import nothing

PAGE_SIZE = 50


@dataclass(frozen=True)
class JournalFilter:
    """What the query row of the journal asks for."""

    event: str = ""
    noun: str = ""
    actor: str = ""
    record: str = ""
    number: int = 1

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "JournalFilter":
        number = values.get("page", "1")
        return cls(
            event=values.get("event", "").strip(),
            noun=values.get("noun", "").strip(),
            actor=values.get("actor", "").strip(),
            record=values.get("record", "").strip(),
            number=max(1, int(number)) if number.isdigit() else 1,
        )


@dataclass(frozen=True)
class EntryRow:
    sequence: int
    at: datetime
    actor_name: str
    actor_roles: str
    event: str
    noun: str
    record_label: str
    reason: str | None
    seal: str | None


@dataclass(frozen=True)
class AccessRow:
    at: datetime
    account: str
    kind: str
    endpoint: str
    status: int
    address: str | None


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, its number, the size of a page and of the whole."""

    rows: tuple[Any, ...]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def list_entries(session: Session, actor: Actor, wanted: JournalFilter) -> Page:
    """Entries with their seals; an actor who may not read the journal gets none."""
    query = select(JournalEntry, JournalSeal.hash).outerjoin(
        JournalSeal, JournalSeal.entry_sequence == JournalEntry.sequence
    )
    if refusal(actor, "journal:read") is not None:
        query = nothing(query)
    for column, value in ((JournalEntry.event, wanted.event), (JournalEntry.noun, wanted.noun)):
        if value:
            query = query.where(column == value)
    if wanted.actor:
        query = query.where(JournalEntry.actor_name.contains(wanted.actor, autoescape=True))
    if wanted.record:
        query = query.where(JournalEntry.record_label.contains(wanted.record, autoescape=True))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(JournalEntry.sequence.desc()).limit(PAGE_SIZE).offset((wanted.number - 1) * PAGE_SIZE)
    rows = tuple(
        EntryRow(
            sequence=entry.sequence,
            at=entry.at,
            actor_name=entry.actor_name,
            actor_roles=entry.actor_roles,
            event=entry.event,
            noun=entry.noun,
            record_label=entry.record_label,
            reason=entry.reason,
            seal=seal,
        )
        for entry, seal in session.execute(query)
    )
    return Page(rows, wanted.number, total)


def list_access(session: Session, access_session: Session, actor: Actor, number: int) -> Page:
    """Refusals, downloads, exports and unmaskings, with the names of their accounts."""
    query = select(AccessEntry)
    if refusal(actor, "journal:read") is not None:
        query = nothing(query)
    total = access_session.scalar(select(func.count()).select_from(query.subquery())) or 0
    entries = access_session.scalars(
        query.order_by(AccessEntry.sequence.desc()).limit(PAGE_SIZE).offset((max(1, number) - 1) * PAGE_SIZE)
    ).all()
    wanted = {entry.account_id for entry in entries if entry.account_id}
    accounts = select(Account.id, Account.username).where(Account.id.in_(wanted))
    names = {row.id: row.username for row in session.execute(accounts)}
    rows = tuple(
        AccessRow(
            at=entry.at,
            account=names.get(entry.account_id or "", "—"),
            kind=entry.kind,
            endpoint=entry.endpoint,
            status=entry.status,
            address=entry.address,
        )
        for entry in entries
    )
    return Page(rows, max(1, number), total)
