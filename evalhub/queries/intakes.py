"""What a sheet under check meets: the pool's people, codes, organisations and departments, gathered with few queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.errors import NotFound
from evalhub.domain.intake.columns import SHEETS
from evalhub.domain.intake.marks import SheetCell
from evalhub.domain.intake.verdict import JudgedRow, Known, KnownBody, body_prefixes, judge, read_rows
from evalhub.domain.names import NameIndex, organisation_key
from evalhub.domain.permissions import Actor
from evalhub.infra.crypto import Vault
from evalhub.models.agencies import Agency
from evalhub.models.experts import Expert, Field
from evalhub.models.intakes import Intake
from evalhub.models.organisations import FormerName, Organisation
from evalhub.models.projects import Department, Project, Unit
from evalhub.queries.scope import visible_intakes

_BATCH = 500


def get_intake(session: Session, actor: Actor, intake_id: str, noun: str | None = None) -> Intake:
    """One sheet of the actor's own, with its sealed rows. Raises `NotFound`."""
    query = visible_intakes(actor).where(Intake.id == intake_id).options(undefer(Intake.sealed_rows))
    intake = session.scalar(query)
    if intake is None or (noun is not None and intake.noun != noun):
        raise NotFound("intake")
    return intake


def judge_rows(
    session: Session, vault: Vault, noun: str, rows: Sequence[tuple[int, Mapping[str, SheetCell]]], today: date
) -> list[JudgedRow]:
    """Every row read and judged against the pool as it is now."""
    fields = dict(session.execute(select(Field.code, Field.name)).all())
    judged = read_rows(SHEETS[noun], rows, fields, today)
    return judge(noun, judged, _known(session, vault, noun, judged, fields, today))


def _known(
    session: Session, vault: Vault, noun: str, rows: list[JudgedRow], fields: Mapping[str, str], today: date
) -> Known:
    by_code, by_key, likely = _bodies(session, rows)
    return Known(
        today=today,
        fields=fields,
        people=_people(session, vault, rows) if noun == "experts" else {},
        codes=_codes(session, noun, rows),
        bodies_by_code=by_code,
        bodies_by_key=by_key,
        likely=likely,
        pooled=_pooled(session, noun),
        departments=_departments(session) if noun in ("departments", "projects") else {},
    )


def _people(session: Session, vault: Vault, rows: list[JudgedRow]) -> dict[str, str]:
    """Identity number -> code of the expert who has it, found by blind index alone."""
    numbers = {row.value("identity_number") for row in rows} - {None}
    by_index = {vault.blind_index("person.id_number", number): number for number in numbers}
    found: dict[str, str] = {}
    for part in _parts(by_index):
        query = select(Expert.identity_index, Expert.code).where(Expert.identity_index.in_(part))
        found |= {by_index[index]: code for index, code in session.execute(query)}
    return found


def _codes(session: Session, noun: str, rows: list[JudgedRow]) -> frozenset[str]:
    if noun == "projects":
        wanted = {row.value("code") for row in rows} - {None}
        pairs = (
            session.execute(select(Project.code, Project.year).where(Project.code.in_(part))) for part in _parts(wanted)
        )
        return frozenset(f"{code}|{year}" for found in pairs for code, year in found)
    if noun == "departments":
        taken = [*session.scalars(select(Department.budget_code)), *session.scalars(select(Unit.budget_code))]
        return frozenset(taken)
    column = Expert.code if noun == "experts" else Agency.code
    wanted = {row.value("code") for row in rows} - {None}
    return frozenset(
        code for part in _parts(wanted) for code in session.scalars(select(column).where(column.in_(part)))
    )


def _bodies(
    session: Session, rows: list[JudgedRow]
) -> tuple[dict[str, KnownBody], dict[str, tuple[KnownBody, ...]], dict[str, KnownBody]]:
    codes, names = _named(rows)
    if not codes and not names:
        return {}, {}, {}
    former: dict[str, list[str]] = {}
    for body_id, key in session.execute(select(FormerName.organisation_id, FormerName.name_key)):
        former.setdefault(body_id, []).append(key)
    by_code: dict[str, KnownBody] = {}
    by_key: dict[str, tuple[KnownBody, ...]] = {}
    index: NameIndex[KnownBody] = NameIndex()
    columns = (Organisation.id, Organisation.name, Organisation.credit_code, Organisation.name_key)
    for body_id, name, code, key in session.execute(select(*columns)):
        body = KnownBody(name, code, (key, *former.get(body_id, ())))
        index.add(name, body)
        if code in codes:
            by_code[code] = body
        for known_key in body.keys:
            by_key[known_key] = (*by_key.get(known_key, ()), body)
    likely = {
        key: found[0][0]
        for name in names
        if (key := organisation_key(name)) not in by_key and (found := index.search(name))
    }
    return by_code, by_key, likely


def _named(rows: list[JudgedRow]) -> tuple[set[str], set[str]]:
    codes: set[str] = set()
    names: set[str] = set()
    for row in rows:
        for prefix in body_prefixes(row.readings):
            codes |= {row.value(prefix + "code")} - {None}
            names |= {row.value(prefix + "name")} - {None}
    return codes, names


def _pooled(session: Session, noun: str) -> dict[str, str]:
    """Credit code -> code of the agency, department or unit that is entered already."""
    tables: dict[str, tuple[tuple[Any, Any], ...]] = {
        "agencies": ((Agency, Agency.code),),
        "departments": ((Department, Department.budget_code), (Unit, Unit.budget_code)),
    }
    found: dict[str, str] = {}
    for table, code in tables.get(noun, ()):
        query = select(Organisation.credit_code, code).join(Organisation, Organisation.id == table.organisation_id)
        found |= dict(session.execute(query.where(Organisation.credit_code.is_not(None))).all())
    return found


def _departments(session: Session) -> dict[str, frozenset[str]]:
    units: dict[str, set[str]] = {code: set() for code in session.scalars(select(Department.budget_code))}
    query = select(Department.budget_code, Unit.budget_code).join(Unit, Unit.department_id == Department.id)
    for department, unit in session.execute(query):
        units[department].add(unit)
    return {department: frozenset(codes) for department, codes in units.items()}


def _parts(values: Iterable[Any]) -> Iterable[list[Any]]:
    listed = sorted(values)
    return (listed[start : start + _BATCH] for start in range(0, len(listed), _BATCH))
