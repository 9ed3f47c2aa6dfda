"""Comparing the journal's chain with heads kept outside: what was cut off, or rebuilt, shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.infra.anchors import Anchor
from evalhub.models.journal import JournalSeal


@dataclass(frozen=True)
class AnchorFault:
    """The first anchor that the chain does not bear: `cut` (it ends before) or `rebuilt` (it runs otherwise there)."""

    kind: str
    anchor: Anchor
    sealed: int


def find_head(session: Session, now: datetime) -> Anchor | None:
    """Where the chain ends; None while nothing is sealed."""
    last = session.scalar(select(JournalSeal).order_by(JournalSeal.position.desc()).limit(1))
    return Anchor(last.position, last.hash, round(now.timestamp() * 1000)) if last else None


def find_anchor_fault(session: Session, anchors: Sequence[Anchor]) -> AnchorFault | None:
    """The first anchor that does not stand in the chain; None where all do."""
    wanted = sorted({anchor.position for anchor in anchors})
    query = select(JournalSeal.position, JournalSeal.hash).where(JournalSeal.position.in_(wanted))
    hashes: dict[int, str] = {row.position: row.hash for row in session.execute(query)}
    sealed = session.scalar(select(func.max(JournalSeal.position))) or 0
    for anchor in sorted(anchors, key=lambda anchor: anchor.position):
        if hashes.get(anchor.position) != anchor.hash:
            return AnchorFault("rebuilt" if anchor.position in hashes else "cut", anchor, sealed)
    return None
