"""The sealer: the only writer of `journal_seals`. It chains committed entries after the fact, in its own transaction.

`h_n = SHA-256("evalhub/journal/v1" | n | h_{n-1} | canonical(entry))`. Chaining inside the business transactions would
make most of them fail under SERIALIZABLE; the head therefore lags by up to a second, and a check reports the tail
that is not yet sealed.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from evalhub.models.journal import JournalEntry, JournalSeal

DOMAIN_TAG = b"evalhub/journal/v1"
BATCH = 500
LOCK_KEY = 7_202_608_13


@dataclass(frozen=True)
class ChainCheck:
    """What a check of the chain found: how far it holds, the first fault, and how many entries wait for their seal."""

    sealed: int
    unsealed: int
    head: str
    fault_position: int | None = None
    fault: str | None = None

    @property
    def holds(self) -> bool:
        return self.fault is None


def seal_entries(session: Session, now: datetime) -> int:
    """Chain up to 500 entries that have no seal yet, in the order of their numbers; returns how many."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    last = session.scalar(select(JournalSeal).order_by(JournalSeal.position.desc()).limit(1))
    position, previous = (last.position, last.hash) if last else (0, "")
    sealed = select(JournalSeal.entry_sequence)
    waiting = session.scalars(
        select(JournalEntry).where(JournalEntry.sequence.not_in(sealed)).order_by(JournalEntry.sequence).limit(BATCH)
    ).all()
    for entry in waiting:
        position += 1
        previous_hash, previous = previous, link(position, previous, entry)
        session.add(
            JournalSeal(
                position=position,
                entry_sequence=entry.sequence,
                previous_hash=previous_hash,
                hash=previous,
                sealed_at=now,
            )
        )
    return len(waiting)


def link(position: int, previous: str, entry: JournalEntry) -> str:
    """The hash of one entry at its place in the chain, with its algorithm in front."""
    digest = hashlib.sha256(DOMAIN_TAG)
    for part in (str(position), previous, canonical(entry)):
        content = part.encode()
        digest.update(len(content).to_bytes(8, "big") + content)
    return "sha256:" + digest.hexdigest()


def canonical(entry: JournalEntry) -> str:
    """Every field of an entry in one fixed spelling."""
    fields = {
        column.key: getattr(entry, column.key)
        for column in JournalEntry.__table__.columns  # type: ignore[attr-defined]
    }
    fields["at"] = round(entry.at.timestamp() * 1000)
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def check_chain(session: Session) -> ChainCheck:
    """Recompute the whole chain and compare; names the first place where it breaks."""
    position, previous = 0, ""
    query = (
        select(JournalSeal, JournalEntry)
        .outerjoin(JournalEntry, JournalEntry.sequence == JournalSeal.entry_sequence)
        .order_by(JournalSeal.position)
        .execution_options(yield_per=1000)
    )
    found = None
    with session.execute(query) as rows:
        for seal, entry in rows:
            found = _fault(seal, entry, position + 1, previous)
            if found:
                break
            position, previous = position + 1, seal.hash
    fault_position = position + 1 if found else None
    return ChainCheck(position, _count_unsealed(session), previous, fault_position, found)


def _fault(seal: JournalSeal, entry: JournalEntry | None, position: int, previous: str) -> str | None:
    if seal.position != position:
        return "gap"
    if entry is None:
        return "entry_missing"
    if seal.previous_hash != previous:
        return "order"
    if seal.hash != link(position, previous, entry):
        return "entry_changed"
    return None


def _count_unsealed(session: Session) -> int:
    entries = session.scalar(select(func.count()).select_from(JournalEntry)) or 0
    seals = session.scalar(select(func.count()).select_from(JournalSeal)) or 0
    return entries - seals
