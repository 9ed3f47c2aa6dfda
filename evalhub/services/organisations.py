"""Organisations, each known once: found by code, else by an unmistakable name, else entered; edited with their owners.

Two entries of one body would hide a conflict of interest, so nothing in the house makes an organisation but `resolve`
and `create_organisation`.
"""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import InvalidInput, NotFound
from evalhub.domain.names import organisation_key
from evalhub.domain.organisations import credit_code_fault, normalise_credit_code
from evalhub.domain.records import BodyRef, FormerNameValues, HolderValues, OrganisationValues
from evalhub.models.organisations import FormerName, Holding, Organisation
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.versions import refuse_stale, snapshot


def resolve(session: Session, body: BodyRef, *, kind: str = "other", field: str = "name") -> Organisation:
    """The one organisation that a record names, entered if it is new.

    By code where one is given. A body known only by name takes the code it is now given. Without a code the name, as it
    is or was, must belong to exactly one body; otherwise a body of its own without a code is made, so that nothing is
    joined on a guess.

    Args:
        field: where a fault of the code is shown.

    Raises:
        InvalidInput: the code's length, characters or check character are wrong, or the name is missing.
    """
    code = checked_code(body.credit_code, field)
    found = find_organisation(session, body)
    if found is not None:
        found.credit_code = found.credit_code or code
        return found
    name = body.name.strip()
    if not name:
        raise InvalidInput("organisation.code_without_name", {field: "organisation.code_without_name"})
    made = Organisation(name=name, name_key=organisation_key(name), credit_code=code, kind=kind)
    session.add(made)
    session.flush()
    return made


def find_organisation(session: Session, body: BodyRef) -> Organisation | None:
    """The organisation that a record names, None where it is new or its name belongs to several."""
    code = normalise_credit_code(body.credit_code) if body.credit_code else None
    if code:
        found = session.scalar(select(Organisation).where(Organisation.credit_code == code))
        if found is not None:
            return found
    key = organisation_key(body.name)
    former = select(FormerName.organisation_id).where(FormerName.name_key == key)
    query = select(Organisation).where(or_(Organisation.name_key == key, Organisation.id.in_(former)))
    if code:
        query = query.where(Organisation.credit_code.is_(None))
    named = list(session.scalars(query.limit(2)))
    return named[0] if len(named) == 1 else None


def checked_code(text: str | None, field: str = "credit_code") -> str | None:
    """A typed code in its one spelling; None for none.

    Raises:
        InvalidInput: it cannot be a credit code; the field's code says why.
    """
    if not text or not text.strip():
        return None
    code = normalise_credit_code(text)
    fault = credit_code_fault(code)
    if fault is not None:
        raise InvalidInput("invalid", {field: f"credit_code.{fault}"}, length=len(code))
    return code


def create_organisation(change: Change, values: OrganisationValues) -> Organisation:
    """Enter a body.

    Raises:
        InvalidInput: a fault of the code, or the code or the name is known already.
    """
    code = checked_code(values.credit_code)
    _refuse_known(change.session, code, None)
    organisation = Organisation(name=values.name, name_key=organisation_key(values.name), credit_code=code)
    change.session.add(organisation)
    change.session.flush()
    _fill(change, organisation, values)
    journal.record(
        change, "organisation.created", "organisation", organisation.id, organisation.name, after=snapshot(organisation)
    )
    return organisation


def edit_organisation(change: Change, organisation_id: str, values: OrganisationValues, version: int) -> Organisation:
    """Change a body's name, code, parent, former names and owners; a new name keeps the old one among the former.

    Raises:
        NotFound, Stale, InvalidInput.
    """
    organisation = change.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound("organisation")
    refuse_stale(change, "organisation", organisation, version, {"name": values.name, "kind": values.kind})
    before = snapshot(organisation)
    code = checked_code(values.credit_code)
    _refuse_known(change.session, code, organisation.id)
    former = values.former_names
    if values.name != organisation.name and organisation.name not in [entry.name for entry in former]:
        former = (*former, FormerNameValues(organisation.name, change.today))
    organisation.credit_code = code
    organisation.name, organisation.name_key = values.name, organisation_key(values.name)
    _fill(change, organisation, values, former)
    change.session.flush()
    journal.record(
        change,
        "organisation.edited",
        "organisation",
        organisation.id,
        organisation.name,
        before=before,
        after=snapshot(organisation),
    )
    return organisation


def _fill(
    change: Change,
    organisation: Organisation,
    values: OrganisationValues,
    former: tuple[FormerNameValues, ...] | None = None,
) -> None:
    if not values.name.strip():
        raise InvalidInput("invalid", {"name": "field.required"})
    organisation.kind = values.kind
    organisation.head_name = values.head_name
    parent = resolve(change.session, values.parent, field="parent_code") if values.parent else None
    _refuse_ring(change.session, organisation, parent)
    organisation.parent_id = parent.id if parent else None
    organisation.former_names = [
        FormerName(name=entry.name, name_key=organisation_key(entry.name), until_on=entry.until_on)
        for entry in (values.former_names if former is None else former)
    ]
    set_holders(change.session, organisation, values.holders)


def set_holders(session: Session, held: Organisation, holders: tuple[HolderValues, ...]) -> None:
    """Replace who owns a body.

    Raises:
        InvalidInput: a holder is the body itself, is named twice from one day, or all present shares exceed the whole.
    """
    if sum(holder.share_weight for holder in holders if holder.until_on is None) > 10_000:
        raise InvalidInput("invalid", {"holders": "share.over_whole"})
    for old in session.scalars(select(Holding).where(Holding.held_id == held.id)):
        session.delete(old)
    session.flush()
    seen = set()
    for values in holders:
        holder = resolve(session, values.body, field="holders")
        if holder.id == held.id:
            raise InvalidInput("invalid", {"holders": "holder.itself"})
        if (holder.id, values.from_on) in seen:
            raise InvalidInput("invalid", {"holders": "row.twice"})
        seen.add((holder.id, values.from_on))
        session.add(
            Holding(
                holder_id=holder.id,
                held_id=held.id,
                share_weight=values.share_weight,
                from_on=values.from_on,
                until_on=values.until_on,
            )
        )


def _refuse_known(session: Session, code: str | None, own_id: str | None) -> None:
    if code is None:
        return
    other = session.scalar(select(Organisation.id).where(Organisation.credit_code == code))
    if other is not None and other != own_id:
        raise InvalidInput("invalid", {"credit_code": "credit_code.taken"})


def _refuse_ring(session: Session, organisation: Organisation, parent: Organisation | None) -> None:
    """A body is never above itself."""
    seen = {organisation.id}
    while parent is not None:
        if parent.id in seen:
            raise InvalidInput("invalid", {"parent_name": "parent.ring"})
        seen.add(parent.id)
        parent = session.get(Organisation, parent.parent_id) if parent.parent_id else None
