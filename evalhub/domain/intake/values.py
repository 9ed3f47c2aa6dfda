"""From a row without errors to the values that a service takes."""

from collections.abc import Callable
from typing import TypeVar

from evalhub.domain.intake.verdict import JudgedRow
from evalhub.domain.records import (
    AgencyValues,
    BodyRef,
    BusinessValues,
    ContractorValues,
    DepartmentValues,
    ExpertValues,
    FieldChoice,
    HolderValues,
    KinValues,
    LicenceValues,
    PostValues,
    ProjectValues,
    SpellValues,
    StaffValues,
    UnitValues,
)

Made = TypeVar("Made")


def expert_values(row: JudgedRow) -> ExpertValues:
    names = ("code", "name", "identity_number", "mobile", "email", "education", "speciality", "title", "title_level",
             "region", "admitted_on", "term_until_on", "source")  # fmt: skip
    return ExpertValues(
        **{name: row.value(name) for name in names},
        service_state=row.value("service_state") or "serving",
        **_limits(row, 6, 3),
        fields=_fields(row),
        spells=_group(row, "spells", _spell),
        posts=_group(row, "posts", _post),
        kin=_group(row, "kin", _kin),
        licences=_group(row, "licences", _licence),
    )


def agency_values(row: JudgedRow) -> AgencyValues:
    names = ("code", "nature", "region", "founded_on", "legal_representative", "contact_name", "contact_mobile", "email",
             "admitted_on", "term_until_on")  # fmt: skip
    return AgencyValues(
        body=_body(row, "body."),
        **{name: row.value(name) for name in names},
        on_credit_platform=bool(row.value("on_credit_platform")),
        **_limits(row, 10, 3),
        fields=_fields(row),
        staff=_group(row, "staff", _person),
        licences=_group(row, "licences", _licence),
        holders=_group(row, "holders", _holder),
        business=_group(row, "business", _business),
    )


def project_values(row: JudgedRow) -> ProjectValues:
    names = ("code", "year", "name", "department_code", "unit_code", "category", "function_class", "from_on", "until_on",
             "region", "total_fen", "grounds", "content", "goal", "leader_name")  # fmt: skip
    codes = row.value("field_code") or ()
    return ProjectValues(
        **{name: row.value(name) for name in names},
        field_code=codes[0] if codes else None,
        fund_kind=row.value("fund_kind") or "general",
        recurrence=row.value("recurrence") or "one_off",
        initial_fen=row.value("initial_fen") or 0,
        adjusted_fen=row.value("adjusted_fen") or 0,
        spent_fen=row.value("spent_fen") or 0,
        is_new=bool(row.value("is_new")),
        contractors=_group(row, "contractors", _contractor),
    )


def department_values(rows: list[JudgedRow]) -> list[tuple[DepartmentValues | None, str, tuple[UnitValues, ...]]]:
    """Departments of a sheet with their units; units of a department that is entered already come with None before it."""
    units: dict[str, list[UnitValues]] = {}
    for row in rows:
        if row.value("kind") == "unit":
            made = UnitValues(_body(row, "body."), row.value("budget_code"), contact_name=row.value("contact_name"))
            units.setdefault(row.value("department_code"), []).append(made)
    found: list[tuple[DepartmentValues | None, str, tuple[UnitValues, ...]]] = []
    for row in rows:
        if row.value("kind") != "unit":
            code = row.value("budget_code")
            below = tuple(units.pop(code, ()))
            found.append((_department(row, below), code, below))
    return found + [(None, code, tuple(below)) for code, below in units.items()]


def _department(row: JudgedRow, units: tuple[UnitValues, ...]) -> DepartmentValues:
    names = ("budget_code", "kind", "line_section", "contact_name", "email")
    return DepartmentValues(_body(row, "body."), units=units, **{name: row.value(name) for name in names})


def _limits(row: JudgedRow, year: int, at_once: int) -> dict[str, int]:
    found = {"capacity_year": row.value("capacity_year"), "capacity_at_once": row.value("capacity_at_once")}
    defaults = {"capacity_year": year, "capacity_at_once": at_once}
    return {name: defaults[name] if count is None else count for name, count in found.items()}


def _fields(row: JudgedRow) -> tuple[FieldChoice, ...]:
    main = row.value("fields") or ()
    further = [code for code in row.value("further_fields") or () if code not in main]
    return tuple(FieldChoice(code, 1, 2) for code in main) + tuple(FieldChoice(code, 2, 2) for code in further)


def _group(row: JudgedRow, group: str, make: Callable[[JudgedRow, str], Made]) -> tuple[Made, ...]:
    numbers = dict.fromkeys(key.split(".")[1] for key in row.readings if key.startswith(f"{group}."))
    prefixes = [f"{group}.{number}." for number in numbers]
    return tuple(
        make(row, prefix)
        for prefix in prefixes
        if any(found.value is not None for key, found in row.readings.items() if key.startswith(prefix))
    )


def _body(row: JudgedRow, prefix: str) -> BodyRef:
    return BodyRef(row.value(prefix + "name") or "", row.value(prefix + "code"))


def _precision(row: JudgedRow, prefix: str) -> str:
    found = [row.readings[prefix + name] for name in ("from_on", "until_on")]
    return "month" if any(reading.value and reading.precision == "month" for reading in found) else "day"


def _spell(row: JudgedRow, at: str) -> SpellValues:
    return SpellValues(
        _body(row, at), row.value(at + "position"), row.value(at + "from_on"), row.value(at + "until_on"),
        _precision(row, at), bool(row.value(at + "is_part_time")),
    )  # fmt: skip


def _post(row: JudgedRow, at: str) -> PostValues:
    begins, ends = row.value(at + "from_on"), row.value(at + "until_on")
    return PostValues(_body(row, at), row.value(at + "kind"), begins, ends, _precision(row, at))


def _kin(row: JudgedRow, at: str) -> KinValues:
    return KinValues(_body(row, at), row.value(at + "relation"), bool(row.value(at + "is_leader")))


def _licence(row: JudgedRow, at: str) -> LicenceValues:
    return LicenceValues(row.value(at + "kind"), row.value(at + "number"), None, row.value(at + "expires_on"))


def _person(row: JudgedRow, at: str) -> StaffValues:
    return StaffValues(
        row.value(at + "name"), identity_number=row.value(at + "identity_number"), position=row.value(at + "position"),
        title_level=row.value(at + "title_level") or "none", licence=row.value(at + "licence"),
        is_lead_evaluator=bool(row.value(at + "is_lead_evaluator")),
    )  # fmt: skip


def _holder(row: JudgedRow, at: str) -> HolderValues:
    return HolderValues(_body(row, at), row.value(at + "share_weight"))


def _business(row: JudgedRow, at: str) -> BusinessValues:
    return BusinessValues(
        _body(row, at), row.value(at + "subject"), row.value(at + "amount_fen"), row.value(at + "from_on"),
        row.value(at + "until_on"),
    )  # fmt: skip


def _contractor(row: JudgedRow, at: str) -> ContractorValues:
    return ContractorValues(_body(row, at), row.value(at + "role"), row.value(at + "amount_fen"))
