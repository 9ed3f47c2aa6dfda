"""Experts: entered, changed, moved through the pool. Numbers that name a person are sealed before they reach a row."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.domain.identity import born_on, fold_number, gender_of
from evalhub.domain.masking import mask_card, mask_identity, mask_mobile
from evalhub.domain.names import fold_name
from evalhub.domain.pool_states import EXPERT_LIFECYCLE, NEEDS_REASON
from evalhub.domain.records import (
    CardValues,
    ExpertValues,
    KinValues,
    PostValues,
    SpellValues,
    card_faults,
    expert_faults,
)
from evalhub.infra.pinyin import sort_key
from evalhub.models.experts import (
    DayOff,
    EmploymentSpell,
    Expert,
    ExpertAccount,
    ExpertField,
    ExpertLicence,
    Kin,
    Post,
)
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.organisations import resolve
from evalhub.services.pools import merge_rows, next_code, refuse_taken, refuse_unknown_fields, take_step
from evalhub.services.versions import refuse_stale, snapshot

CODE_PREFIX = "ZJ"
IDENTITY_PLACE, MOBILE_PLACE = "experts.identity_number_sealed", "experts.mobile_sealed"
CARD_PLACE = "expert_bank_accounts.card_number_sealed"
_PLAIN = (
    "gender", "born_on", "email", "education", "speciality", "title", "title_level", "titled_on", "service_state",
    "region", "capacity_year", "capacity_at_once", "admitted_on", "term_until_on", "source",
)  # fmt: skip
_TIMED = ("organisation_id", "from_on", "until_on", "precision")


def create_expert(change: Change, values: ExpertValues) -> Expert:
    """Enter a person into the pool, in the state of an applicant.

    Raises:
        InvalidInput: a field cannot be taken, or the identity number is in the pool already (`identity.known`).
    """
    expert = add_expert(change, values)
    journal.record(change, "expert.created", "expert", expert.id, expert.code, after=snapshot(expert))
    return expert


def add_expert(change: Change, values: ExpertValues) -> Expert:
    """The same without a journal entry, for services that enter many and record once."""
    _refuse_faults(change, values)
    code = values.code or next_code(change.session, Expert.code, CODE_PREFIX)
    refuse_taken(change.session, Expert.code, Expert.id, code, None, "code:code.taken")
    expert = Expert(
        code=code,
        name=values.name,
        name_key="",
        sort_key="",
        region=values.region,
        submitted_by_id=change.actor.account_id,
        created_at=change.now,
        changed_at=change.now,
    )
    change.session.add(expert)
    change.session.flush()
    _fill(change, expert, values)
    change.session.flush()
    return expert


def edit_expert(change: Change, expert_id: str, values: ExpertValues, version: int) -> Expert:
    """Replace what is known of a person. A sealed number that is not typed stays.

    Raises:
        NotFound, Stale, InvalidInput.
    """
    expert = _load(change, expert_id)
    yours = {name: getattr(values, name) for name in ("name", *_PLAIN)}
    refuse_stale(change, "expert", expert, version, yours)
    _refuse_faults(change, values)
    before = snapshot(expert)
    if values.code and values.code != expert.code:
        refuse_taken(change.session, Expert.code, Expert.id, values.code, expert.id, "code:code.taken")
        expert.code = values.code
    _fill(change, expert, values)
    expert.changed_at, expert.changed_by_id = change.now, change.actor.account_id
    change.session.flush()
    journal.record(change, "expert.edited", "expert", expert.id, expert.code, before=before, after=snapshot(expert))
    return expert


def move_expert(change: Change, expert_id: str, action: str, reason: str | None, version: int) -> Expert:
    """Take one step of the pool's life cycle.

    Raises:
        NotFound, Stale, InvalidMove, Refused, RuleBroken.
    """
    expert = _load(change, expert_id)
    refuse_stale(change, "expert", expert, version, {})
    state = expert.state
    take_step(change, EXPERT_LIFECYCLE, expert, action, reason)
    journal.record(
        change,
        f"expert.{action}",
        "expert",
        expert.id,
        expert.code,
        before={"state": state},
        after={"state": expert.state},
        detail={"from": state, "to": expert.state},
        reason=reason,
    )
    return expert


def move_experts(change: Change, expert_ids: Sequence[str], action: str, reason: str | None) -> int:
    """Take the same step for several persons, all or none; how many.

    Raises:
        NotFound, InvalidMove, Refused, RuleBroken: for the first one that cannot take it.
    """
    wanted = list(dict.fromkeys(expert_ids))
    if not wanted:
        raise RuleBroken("selection.empty")
    if action in NEEDS_REASON and not (reason or "").strip():
        raise RuleBroken("reason.required")
    experts = list(change.session.scalars(select(Expert).where(Expert.id.in_(wanted)).order_by(Expert.code)))
    if len(experts) < len(wanted):
        raise NotFound("expert")
    for expert in experts:
        take_step(change, EXPERT_LIFECYCLE, expert, action, reason)
    codes = [expert.code for expert in experts]
    journal.record(
        change,
        f"experts.{action}",
        "expert",
        experts[0].id,
        f"{codes[0]} +{len(codes) - 1}" if len(codes) > 1 else codes[0],
        detail={"codes": codes},
        reason=reason,
    )
    return len(experts)


def set_card(change: Change, expert_id: str, values: CardValues) -> ExpertAccount:
    """Where fees are paid: kept apart from the person, the number sealed.

    Raises:
        NotFound, InvalidInput.
    """
    expert = _load(change, expert_id)
    faults = card_faults(values)
    if faults:
        raise InvalidInput("invalid", faults)
    number = fold_number(values.number)
    account = change.session.get(ExpertAccount, expert.id) or ExpertAccount(expert_id=expert.id)
    account.bank, account.holder = values.bank, values.holder
    account.card_number_sealed = change.tools.vault.seal_field(number, place=CARD_PLACE, record_id=expert.id)
    account.card_masked = mask_card(number)
    account.changed_at, account.changed_by_id = change.now, change.actor.account_id
    change.session.add(account)
    journal.record(change, "expert.card_set", "expert", expert.id, expert.code)
    return account


def _load(change: Change, expert_id: str) -> Expert:
    expert = change.session.get(Expert, expert_id)
    if expert is None:
        raise NotFound("expert")
    return expert


def _refuse_faults(change: Change, values: ExpertValues) -> None:
    faults = expert_faults(values, change.today)
    if faults:
        raise InvalidInput("invalid", faults)
    refuse_unknown_fields(change.session, values.fields)


def _fill(change: Change, expert: Expert, values: ExpertValues) -> None:
    expert.name, expert.name_key, expert.sort_key = values.name, fold_name(values.name), sort_key(values.name)
    for name in _PLAIN:
        setattr(expert, name, getattr(values, name))
    _seal_numbers(change, expert, values)
    _fill_bodies(change, expert, values)
    fields = [ExpertField(field_code=row.code, rank=row.rank, skill=row.skill) for row in values.fields]
    merge_rows(change.session, expert.fields, fields, "field_code", "rank", "skill")
    licences = [ExpertLicence(**asdict(row)) for row in values.licences]
    merge_rows(change.session, expert.licences, licences, "kind", "number", "issued_on", "expires_on")
    days = [DayOff(**asdict(row)) for row in values.days_off]
    merge_rows(change.session, expert.days_off, days, "from_on", "until_on", "note")


def _seal_numbers(change: Change, expert: Expert, values: ExpertValues) -> None:
    vault = change.tools.vault
    if values.identity_number:
        number = fold_number(values.identity_number)
        index = vault.blind_index("person.id_number", number)
        fault = "identity_number:identity.known"
        refuse_taken(change.session, Expert.identity_index, Expert.id, index, expert.id, fault)
        expert.identity_number_sealed = vault.seal_field(number, place=IDENTITY_PLACE, record_id=expert.id)
        expert.identity_index, expert.identity_masked = index, mask_identity(number)
        expert.born_on = expert.born_on or born_on(number)
        expert.gender = expert.gender or gender_of(number)
    if values.mobile:
        number = fold_number(values.mobile)
        expert.mobile_sealed = vault.seal_field(number, place=MOBILE_PLACE, record_id=expert.id)
        expert.mobile_index, expert.mobile_masked = vault.blind_index("person.mobile", number), mask_mobile(number)


def _fill_bodies(change: Change, expert: Expert, values: ExpertValues) -> None:
    session = change.session
    spells = [EmploymentSpell(**_with_body(session, row, "spells")) for row in values.spells]
    merge_rows(session, expert.spells, spells, *_TIMED, "position", "is_part_time")
    posts = [Post(**_with_body(session, row, "posts")) for row in values.posts]
    merge_rows(session, expert.posts, posts, *_TIMED, "kind")
    kin = [Kin(**_with_body(session, row, "kin")) for row in values.kin]
    merge_rows(session, expert.kin, kin, "organisation_id", "relation", "is_leader")


def _with_body(session: Session, row: SpellValues | PostValues | KinValues, field: str) -> dict[str, Any]:
    """A row's columns, its body replaced by the id of the one organisation it names."""
    columns = {name: value for name, value in asdict(row).items() if name != "body"}
    return columns | {"organisation_id": resolve(session, row.body, field=field).id}
