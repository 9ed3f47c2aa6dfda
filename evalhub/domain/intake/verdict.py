"""Judging the rows of a sheet: each cell by its column, rows against each other, and against what is known already.

What is known is handed in (`Known`); nothing here reads a table. A row with an error keeps the whole sheet from being
written, a warning asks for a tick, a note is only told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from evalhub.domain.intake import cells
from evalhub.domain.intake.columns import IntakeColumn
from evalhub.domain.intake.marks import ERROR, WARNING, Mark, Reading, SheetCell, error, note, warning
from evalhub.domain.names import organisation_key
from evalhub.domain.people import name_fault

EMPTY = SheetCell()
SOON = timedelta(days=60)


@dataclass(frozen=True)
class KnownBody:
    """An organisation of the register: `keys` are the folded keys of its present and former names."""

    name: str
    code: str | None
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What the pool holds already, as far as the sheet speaks of it.

    Args:
        fields: field code -> name.
        people: identity number -> code of the expert who has it.
        codes: record codes that are taken.
        bodies_by_code: credit code -> organisation.
        bodies_by_key: folded name -> organisations of that name, now or before.
        likely: folded name -> a very like organisation, where there is one.
        pooled: credit code -> code of the agency or department that is in the pool already.
        departments: budget code -> budget codes of its units.
    """

    today: date
    fields: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    bodies_by_code: Mapping[str, KnownBody] = field(default_factory=dict)
    bodies_by_key: Mapping[str, tuple[KnownBody, ...]] = field(default_factory=dict)
    likely: Mapping[str, KnownBody] = field(default_factory=dict)
    pooled: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass
class JudgedRow:
    """One row: what each cell was read as and what is told about it; `number` as the spreadsheet shows it."""

    number: int
    cells: Mapping[str, SheetCell]
    readings: dict[str, Reading]

    def value(self, key: str) -> Any:
        reading = self.readings.get(key)
        return reading.value if reading else None

    def tell(self, key: str, mark: Mark) -> None:
        reading = self.readings.get(key, Reading())
        self.readings[key] = Reading(reading.value, (*reading.marks, mark), reading.precision)

    def marks(self, level: str) -> list[tuple[str, Mark]]:
        return [(key, mark) for key, found in self.readings.items() for mark in found.marks if mark.level == level]

    @property
    def verdict(self) -> str:
        """`error`, `warning` or `ready`."""
        if self.marks(ERROR):
            return ERROR
        return WARNING if self.marks(WARNING) else "ready"


Rows = Sequence[tuple[int, Mapping[str, SheetCell]]]


def read_rows(columns: Sequence[IntakeColumn], rows: Rows, fields: Mapping[str, str], today: date) -> list[JudgedRow]:
    """Each row's cells read by their columns.

    Args:
        rows: (row number, column key -> cell); a key may be missing.
        fields: field code -> name.
    """
    return [
        JudgedRow(number, found, {column.key: _read(column, found.get(column.key, EMPTY), fields, today)
                                  for column in columns})
        for number, found in rows
    ]  # fmt: skip


def _read(column: IntakeColumn, cell: SheetCell, fields: Mapping[str, str], today: date) -> Reading:
    if cell.is_covered:
        return Reading(None, (error("cell.merged"),))
    if cell.is_blank:
        return Reading(None, (error("field.required"),) if column.is_required else ())
    if not cell.is_exact and column.kind not in ("identity", "credit_code", "mobile"):
        return Reading(None, (error("identity.became_figure"),))
    return _READERS[column.kind](column, cell, fields, today)


def _past_day(_column: IntakeColumn, cell: SheetCell, _fields: Mapping[str, str], today: date) -> Reading:
    reading = cells.read_day(cell)
    if reading.value is not None and reading.value > today:
        return Reading(None, (error("day.after_today"),))
    return reading


def _name(_column: IntakeColumn, cell: SheetCell, _fields: Mapping[str, str], _today: date) -> Reading:
    name = cell.text.strip()
    fault = name_fault(name)
    return Reading(None, (error(fault.code),)) if fault else Reading(name)


def _choice(column: IntakeColumn, cell: SheetCell, _fields: Mapping[str, str], _today: date) -> Reading:
    reading = cells.read_choice(cell, {**column.choices_en, **column.choices})
    return reading if reading.value else Reading(None, (error("choice.unknown", choices="、".join(column.choices)),))


def _plain(read: Callable[[SheetCell], Reading]) -> Callable[..., Reading]:
    return lambda _column, cell, _fields, _today: read(cell)


_READERS: dict[str, Callable[..., Reading]] = {
    "text": _plain(cells.read_text),
    "name": _name,
    "code": _plain(cells.read_code),
    "identity": _plain(cells.read_identity),
    "mobile": _plain(cells.read_mobile),
    "credit_code": _plain(cells.read_credit_code),
    "day": _plain(cells.read_day),
    "past_day": _past_day,
    "wan": _plain(cells.read_wan),
    "whole": _plain(cells.read_whole),
    "percent": _plain(cells.read_percent),
    "flag": _plain(cells.read_flag),
    "choice": _choice,
    "fields": lambda _column, cell, fields, _today: cells.read_fields(cell, fields),
}


def judge(noun: str, rows: list[JudgedRow], known: Known) -> list[JudgedRow]:
    """Tell what stands against whole rows: twice in the sheet, in the pool already, incomplete, unknown.

    Args:
        noun: `experts`, `agencies`, `departments` or `projects`.
    """
    for row in rows:
        _judge_groups(row)
        _judge_bodies(row, known)
        _judge_order(row)
    _JUDGES[noun](rows, known)
    return rows


def _judge_groups(row: JudgedRow) -> None:
    """A repeated group of which something is filled in needs its telling parts."""
    for prefix, wanted in group_needs(row.readings):
        filled = [key for key, found in row.readings.items() if key.startswith(prefix) and found.value is not None]
        if not filled:
            continue
        for member in wanted:
            key = prefix + member
            if row.value(key) is None and not row.readings[key].marks:
                row.tell(key, error("row.incomplete"))
        names_body = {"name", "code"} <= _members(row.readings, prefix)
        if names_body and row.value(prefix + "name") is None and row.value(prefix + "code") is None:
            row.tell(prefix + "name", error("row.incomplete"))


_NEEDS = {
    "spells": ("from_on",),
    "posts": ("kind", "from_on"),
    "kin": ("relation",),
    "licences": ("kind",),
    "staff": ("name",),
    "holders": ("share_weight",),
    "business": ("subject", "from_on"),
    "contractors": ("role",),
}


def group_needs(keys: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """(prefix, members that a filled group needs) of every group among the keys, such as `spells.2.`."""
    prefixes = dict.fromkeys(".".join(key.split(".")[:2]) + "." for key in keys if key.count(".") == 2)
    return [(prefix, _NEEDS[prefix.split(".")[0]]) for prefix in prefixes]


def _members(keys: Mapping[str, Any], prefix: str) -> set[str]:
    return {key.removeprefix(prefix) for key in keys if key.startswith(prefix)}


def body_prefixes(keys: Mapping[str, Any]) -> list[str]:
    """Prefixes of the columns that name an organisation by name and code."""
    return [key.removesuffix("code") for key in keys if key.endswith(".code") and key[: -len("code")] + "name" in keys]


def _judge_bodies(row: JudgedRow, known: Known) -> None:
    for prefix in body_prefixes(row.readings):
        name, code = row.value(prefix + "name"), row.value(prefix + "code")
        if name is None and code is None:
            continue
        mark = _judge_body(name, code, known)
        if mark is not None:
            row.tell(prefix + ("name" if name else "code"), mark)


def _judge_body(name: str | None, code: str | None, known: Known) -> Mark | None:
    key = organisation_key(name) if name else ""
    registered = known.bodies_by_code.get(code) if code else None
    if registered is not None:
        is_its_name = not name or key in registered.keys
        return None if is_its_name else warning("body.other_name", name=registered.name)
    if not name:
        return error("organisation.code_without_name")
    same = known.bodies_by_key.get(key, ())
    if same:
        other = next((body for body in same if code and body.code and body.code != code), None)
        return warning("body.other_code", record=other.code) if other else None
    likely = known.likely.get(key)
    if likely is not None:
        return warning("body.like", name=likely.name)
    return note("body.new")


def _judge_order(row: JudgedRow) -> None:
    for key in row.readings:
        if not key.endswith("until_on"):
            continue
        begins, ends = row.value(key.removesuffix("until_on") + "from_on"), row.value(key)
        if begins and ends and ends < begins:
            row.tell(key, error("row.order"))


def _judge_experts(rows: list[JudgedRow], known: Known) -> None:
    _twice(rows, "identity_number", "name", error, "row.same_person")
    _twice(rows, "mobile", "mobile", warning, "row.same_mobile")
    _twice(rows, "code", "code", error, "row.same_code")
    for row in rows:
        _taken(row, "code", known)
        code = known.people.get(row.value("identity_number") or "")
        if code:
            row.tell("name", error("row.known_person", record=code))
        for key in row.readings:
            ends = row.value(key) if key.startswith("licences.") and key.endswith("expires_on") else None
            if ends is not None and ends <= known.today + SOON:
                row.tell(key, warning("licence.ends_soon", day=ends.isoformat()))


def _judge_agencies(rows: list[JudgedRow], known: Known) -> None:
    _twice(rows, "body.code", "body.name", error, "row.same_body")
    _twice(rows, "code", "code", error, "row.same_code")
    for row in rows:
        _taken(row, "code", known)
        _pooled(row, known)
        total = sum(row.value(key) or 0 for key in row.readings if key.endswith("share_weight"))
        if total > 10_000:
            row.tell("holders.1.share_weight", error("share.over_whole"))


def _judge_departments(rows: list[JudgedRow], known: Known) -> None:
    _twice(rows, "budget_code", "budget_code", error, "row.same_code")
    _twice(rows, "body.code", "body.name", error, "row.same_body")
    own = {row.value("budget_code") for row in rows if row.value("kind") in ("department", "street_office")}
    for row in rows:
        _taken(row, "budget_code", known)
        _pooled(row, known)
        if row.value("kind") == "unit":
            above = row.value("department_code")
            if above is None:
                row.tell("department_code", error("field.required"))
            elif above not in own and above not in known.departments:
                row.tell("department_code", error("department.unknown"))


def _judge_projects(rows: list[JudgedRow], known: Known) -> None:
    seen: dict[tuple[str, int], int] = {}
    for row in rows:
        code, year = row.value("code"), row.value("year")
        if year is not None and not 2000 <= year <= 2100:
            row.tell("year", error("year.unlikely"))
        if code and year:
            if (code, year) in seen:
                row.tell("code", error("row.same_code", row=seen[code, year]))
            seen.setdefault((code, year), row.number)
            if f"{code}|{year}" in known.codes:
                row.tell("code", error("project.known"))
        department, unit = row.value("department_code"), row.value("unit_code")
        if department is not None and department not in known.departments:
            row.tell("department_code", error("department.unknown"))
        elif department is not None and unit is not None and unit not in known.departments[department]:
            row.tell("unit_code", error("unit.unknown"))


def _twice(rows: list[JudgedRow], key: str, told_at: str, level: Callable[..., Mark], code: str) -> None:
    first: dict[Any, int] = {}
    for row in rows:
        value = row.value(key)
        if value is None:
            continue
        if value in first:
            row.tell(told_at, level(code, row=first[value]))
        first.setdefault(value, row.number)


def _taken(row: JudgedRow, key: str, known: Known) -> None:
    if row.value(key) in known.codes:
        row.tell(key, error("row.known_code"))


def _pooled(row: JudgedRow, known: Known) -> None:
    code = known.pooled.get(row.value("body.code") or "")
    if code:
        row.tell("body.name", error("row.known_body", record=code))


_JUDGES = {
    "experts": _judge_experts,
    "agencies": _judge_agencies,
    "departments": _judge_departments,
    "projects": _judge_projects,
}
