"""Invitations that run out: each one is a change of its own, as the system."""

from typing import Any

from sqlalchemy import select

from evalhub.domain.permissions import system_actor
from evalhub.infra.chance import new_id
from evalhub.models.seats import Seat
from evalhub.services.change import Change
from evalhub.services.seats import lapse


def lapse_invitations(house: Any) -> int:
    """End every invitation whose time to answer is over and call the next reserve; returns how many."""
    with house.database.read() as session:
        due = select(Seat.id).where(Seat.state == "notified", Seat.reply_due_at <= house.now())
        overdue = list(session.scalars(due))
    for seat_id in overdue:
        house.database.apply(lambda session, seat_id=seat_id: _lapse(house, session, seat_id))
    return len(overdue)


def _lapse(house: Any, session: Any, seat_id: str) -> None:
    """Looks again inside the transaction: an answer may have come in between."""
    seat = session.get(Seat, seat_id)
    if seat is None or seat.state != "notified" or seat.reply_due_at > house.now():
        return
    change = Change(session, system_actor(), house.now(), house.tools, new_id())
    lapse(change, seat_id)
    change.close()
