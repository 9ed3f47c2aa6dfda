"""The only opener of sealed numbers: one number of one record for one typed reason, journalled each time."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from evalhub.domain.errors import NotFound, RuleBroken
from evalhub.models.agencies import Agency
from evalhub.models.experts import Expert, ExpertAccount
from evalhub.services import journal
from evalhub.services.change import Change


@dataclass(frozen=True)
class _Place:
    """Where a number stands: the vault's name of the place, its column, and the column of its record's id and code."""

    place: str
    column: Any
    id_column: Any


PLACES = {
    ("expert", "identity_number"): _Place(
        "experts.identity_number_sealed", Expert.identity_number_sealed, Expert.id
    ),
    ("expert", "mobile"): _Place("experts.mobile_sealed", Expert.mobile_sealed, Expert.id),
    ("expert", "card_number"): _Place(
        "expert_bank_accounts.card_number_sealed", ExpertAccount.card_number_sealed, ExpertAccount.expert_id
    ),
    ("agency", "contact_mobile"): _Place(
        "agencies.contact_mobile_sealed", Agency.contact_mobile_sealed, Agency.id
    ),
}  # fmt: skip


def unmask(change: Change, noun: str, record_id: str, code: str, field: str, reason: str) -> str:
    """The number in full, to be shown once.

    Args:
        noun: `expert` or `agency`.
        code: the record's code, for the journal.
        field: `identity_number`, `mobile`, `card_number`, `contact_mobile`.
        reason: as typed; kept in the journal.

    Raises:
        NotFound: there is no such number to show.
        RuleBroken: no reason was given (`reason.required`), or nothing is stored (`unmask.nothing`).
    """
    known = PLACES.get((noun, field))
    if known is None:
        raise NotFound("number")
    if not reason.strip():
        raise RuleBroken("reason.required")
    sealed = change.session.scalar(select(known.column).where(known.id_column == record_id))
    if sealed is None:
        raise RuleBroken("unmask.nothing")
    text = change.tools.vault.open_field(sealed, place=known.place, record_id=record_id)
    journal.record(change, f"{noun}.unmasked", noun, record_id, code, detail={"field": field}, reason=reason.strip())
    return text
