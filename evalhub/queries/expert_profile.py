"""One expert in full: what the profile shows, masked; and what the edit form starts from."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from evalhub.domain.avoidance import DEFAULT_WINDOW_MONTHS, AvoidedBody, Tie, avoided_bodies
from evalhub.domain.errors import NotFound
from evalhub.domain.masking import mask_name, surname_of
from evalhub.domain.periods import Period
from evalhub.domain.permissions import Actor
from evalhub.models.conflicts import ConflictRule
from evalhub.models.experts import (
    DayOff,
    EmploymentSpell,
    Expert,
    ExpertAccount,
    ExpertField,
    ExpertLicence,
    Field,
    Kin,
    Post,
)
from evalhub.models.organisations import Organisation
from evalhub.queries.eligibility import ExpertCheck, check_experts
from evalhub.queries.scope import visible_experts


@dataclass(frozen=True)
class SpellLine:
    """A time at one body, an employment or a post (`kind`)."""

    id: str
    kind: str
    organisation_id: str
    organisation: str
    credit_code: str | None
    position: str | None
    from_on: date
    until_on: date | None
    precision: str
    is_part_time: bool


@dataclass(frozen=True)
class KinLine:
    organisation_id: str
    organisation: str
    credit_code: str | None
    relation: str
    is_leader: bool


@dataclass(frozen=True)
class FieldLine:
    code: str
    name: str
    english_name: str
    rank: int
    skill: int


@dataclass(frozen=True)
class LicenceLine:
    kind: str
    number: str | None
    issued_on: date | None
    expires_on: date | None


@dataclass(frozen=True)
class DayOffLine:
    from_on: date
    until_on: date
    note: str | None


@dataclass(frozen=True)
class ExpertProfile:
    """A person as the bureau may see him: name and numbers masked."""

    id: str
    code: str
    version: int
    name: str
    surname: str
    gender: str | None
    born_on: date | None
    identity_masked: str | None
    mobile_masked: str | None
    card_masked: str | None
    bank: str | None
    email: str | None
    education: str | None
    speciality: str | None
    title: str | None
    title_level: str
    titled_on: date | None
    service_state: str
    region: str
    capacity_year: int
    capacity_at_once: int
    state: str
    state_reason: str | None
    admitted_on: date | None
    term_until_on: date | None
    source: str | None
    submitted_by_id: str | None
    checked_by_id: str | None
    changed_at: datetime
    spells: tuple[SpellLine, ...]
    posts: tuple[SpellLine, ...]
    kin: tuple[KinLine, ...]
    fields: tuple[FieldLine, ...]
    licences: tuple[LicenceLine, ...]
    days_off: tuple[DayOffLine, ...]
    avoided: tuple[AvoidedBody, ...]
    window_months: int | None
    check: ExpertCheck


def load_expert(session: Session, actor: Actor, expert_id: str) -> Expert:
    """The row itself, for the gate and for services.

    Raises:
        NotFound: no such expert, or none that the actor may know of.
    """
    expert = session.scalar(visible_experts(actor).where(Expert.id == expert_id))
    if expert is None:
        raise NotFound("expert")
    return expert


def get_expert(session: Session, actor: Actor, expert_id: str, day: date) -> ExpertProfile:
    """One person, with the check of his availability on a day.

    Raises:
        NotFound: no such expert, or none that the actor may know of.
    """
    expert = load_expert(session, actor, expert_id)
    account = session.get(ExpertAccount, expert.id)
    spells, posts, kin = _spells(session, expert.id), _posts(session, expert.id), _kin(session, expert.id)
    months = window_months(session)
    return ExpertProfile(
        **{name: getattr(expert, name) for name in _PLAIN},
        name=mask_name(expert.name),
        surname=surname_of(expert.name),
        card_masked=account.card_masked if account else None,
        bank=account.bank if account else None,
        spells=spells,
        posts=posts,
        kin=kin,
        fields=_fields(session, expert.id),
        licences=_licences(session, expert.id),
        days_off=_days_off(session, expert.id),
        avoided=tuple(avoided_bodies(_ties(session, spells, posts, kin), day, months)),
        window_months=months,
        check=check_experts(session, actor, [expert.id], day)[expert.id],
    )


_PLAIN = (
    "id", "code", "version", "gender", "born_on", "identity_masked", "mobile_masked", "email", "education",
    "speciality", "title", "title_level", "titled_on", "service_state", "region", "capacity_year",
    "capacity_at_once", "state", "state_reason", "admitted_on", "term_until_on", "source", "submitted_by_id",
    "checked_by_id", "changed_at",
)  # fmt: skip


def window_months(session: Session) -> int | None:
    """How long an employment counts after its end, as the bureau has set rule R1; None for ever."""
    found = session.execute(select(ConflictRule.window_months).where(ConflictRule.code == "R1")).first()
    return DEFAULT_WINDOW_MONTHS if found is None else found[0]


def _spells(session: Session, expert_id: str) -> tuple[SpellLine, ...]:
    query = (
        select(EmploymentSpell, Organisation)
        .join(Organisation, Organisation.id == EmploymentSpell.organisation_id)
        .where(EmploymentSpell.expert_id == expert_id)
        .order_by(EmploymentSpell.from_on, EmploymentSpell.id)
    )
    return tuple(
        SpellLine(
            spell.id, "employment", body.id, body.name, body.credit_code, spell.position, spell.from_on,
            spell.until_on, spell.precision, spell.is_part_time,
        )
        for spell, body in session.execute(query)
    )  # fmt: skip


def _posts(session: Session, expert_id: str) -> tuple[SpellLine, ...]:
    query = (
        select(Post, Organisation)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.expert_id == expert_id)
        .order_by(Post.from_on, Post.id)
    )
    return tuple(
        SpellLine(
            post.id, post.kind, body.id, body.name, body.credit_code, None, post.from_on, post.until_on,
            post.precision, False,
        )
        for post, body in session.execute(query)
    )  # fmt: skip


def _kin(session: Session, expert_id: str) -> tuple[KinLine, ...]:
    query = (
        select(Kin, Organisation)
        .join(Organisation, Organisation.id == Kin.organisation_id)
        .where(Kin.expert_id == expert_id)
        .order_by(Organisation.name, Kin.id)
    )
    return tuple(
        KinLine(body.id, body.name, body.credit_code, kin.relation, kin.is_leader)
        for kin, body in session.execute(query)
    )


def _fields(session: Session, expert_id: str) -> tuple[FieldLine, ...]:
    query = (
        select(Field.code, Field.name, Field.english_name, ExpertField.rank, ExpertField.skill)
        .join(Field, Field.code == ExpertField.field_code)
        .where(ExpertField.expert_id == expert_id)
        .order_by(ExpertField.rank, Field.code)
    )
    return tuple(FieldLine(*row) for row in session.execute(query))


def _licences(session: Session, expert_id: str) -> tuple[LicenceLine, ...]:
    columns = (ExpertLicence.kind, ExpertLicence.number, ExpertLicence.issued_on, ExpertLicence.expires_on)
    query = select(*columns).where(ExpertLicence.expert_id == expert_id).order_by(ExpertLicence.kind)
    return tuple(LicenceLine(*row) for row in session.execute(query))


def _days_off(session: Session, expert_id: str) -> tuple[DayOffLine, ...]:
    query = select(DayOff.from_on, DayOff.until_on, DayOff.note).where(DayOff.expert_id == expert_id)
    return tuple(DayOffLine(*row) for row in session.execute(query.order_by(DayOff.from_on.desc())))


def _ties(
    session: Session, spells: tuple[SpellLine, ...], posts: tuple[SpellLine, ...], kin: tuple[KinLine, ...]
) -> list[Tie]:
    parents = _parents(session, {line.organisation_id for line in spells})
    ties = [
        Tie(
            line.organisation_id, line.organisation, line.credit_code, kind,
            Period(line.from_on, line.until_on, line.precision), *parents.get(line.organisation_id, (None, None)),
        )
        for kind, lines in (("employment", spells), ("post", posts))
        for line in lines
    ]  # fmt: skip
    return ties + [Tie(line.organisation_id, line.organisation, line.credit_code, "kin") for line in kin]


def _parents(session: Session, organisation_ids: set[str]) -> dict[str, tuple[str, str]]:
    above = aliased(Organisation)
    query = (
        select(Organisation.id, above.id, above.name)
        .join(above, above.id == Organisation.parent_id)
        .where(Organisation.id.in_(organisation_ids))
    )
    return {own_id: (parent_id, name) for own_id, parent_id, name in session.execute(query)}
