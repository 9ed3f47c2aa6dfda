"""Pools for tests: values and records of experts, agencies, departments and projects, valid by default."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from evalhub.domain.identity import check_character as identity_check
from evalhub.domain.names import fold_name
from evalhub.domain.organisations import check_character as code_check
from evalhub.domain.records import (
    AgencyValues,
    BodyRef,
    DepartmentValues,
    ExpertValues,
    FieldChoice,
    ProjectValues,
    SpellValues,
)
from evalhub.infra.pinyin import sort_key
from evalhub.models.experts import Expert, Field
from tests.builders import NOW, add

_numbers = count(1)

FIELDS = (
    ("02", "财务管理", "Finance", None),
    ("0201", "税务", "Tax", "02"),
    ("05", "教育", "Education", None),
    ("06", "水利", "Water", None),
    ("07", "农业", "Farming", None),
)


def make_fields(session: Session) -> None:
    """Five fields: 02 财务管理 with 0201 税务 below it, 05 教育, 06 水利, 07 农业."""
    for code, name, english_name, parent in FIELDS:
        session.add(Field(code=code, name=name, english_name=english_name, parent_code=parent))
        session.flush()


def identity_number(order: int = 1, born: str = "19740612") -> str:
    """A valid identity number: region 370802, the given day of birth, the given order."""
    body = f"370802{born}{order:03d}"
    return body + identity_check(body)


def credit_code(number: int = 1, kind: str = "91") -> str:
    """A valid credit code: `kind` 91 an enterprise, 11 an organ, 12 an institution."""
    body = f"{kind}370800{number:09d}"
    return body + code_check(body)


def expert_values(**changes: Any) -> ExpertValues:
    values: dict[str, Any] = {
        "name": "欧阳娜",
        "region": "370800",
        "identity_number": identity_number(next(_numbers)),
        "mobile": "13805355526",
        "title_level": "associate",
        "admitted_on": date(2025, 3, 15),
        "term_until_on": date(2028, 3, 14),
        "fields": (FieldChoice("02", 1, 3),),
        "spells": (SpellValues(BodyRef("立恒会计师事务所有限公司", credit_code(7)), "合伙人", date(2016, 3, 1), None),),
    }
    return ExpertValues(**(values | changes))


def agency_values(**changes: Any) -> AgencyValues:
    number = next(_numbers)
    values: dict[str, Any] = {
        "body": BodyRef(f"天平{number}税务师事务所", credit_code(1000 + number)),
        "nature": "accounting",
        "region": "370800",
        "contact_mobile": "13700001111",
    }
    return AgencyValues(**(values | changes))


def department_values(**changes: Any) -> DepartmentValues:
    number = next(_numbers)
    values: dict[str, Any] = {
        "body": BodyRef(f"示例区第{number}局", credit_code(number, "11")),
        "budget_code": f"{100 + number}",
    }
    return DepartmentValues(**(values | changes))


def project_values(department_code: str, **changes: Any) -> ProjectValues:
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"P-{number:04d}",
        "year": 2026,
        "name": "绿道二期",
        "department_code": department_code,
        "region": "370800",
        "category": "engineering",
        "initial_fen": 860_000_000,
        "adjusted_fen": 852_500_000,
        "spent_fen": 788_123_400,
    }
    return ProjectValues(**(values | changes))


def make_expert(session: Session, **changes: Any) -> Expert:
    """A row of the pool as it stands after admission, made without the service: for lists of many."""
    number = next(_numbers)
    name = changes.get("name", "陈建国")
    values: dict[str, Any] = {
        "code": f"ZJ-{number:04d}",
        "name": name,
        "name_key": fold_name(name),
        "sort_key": sort_key(name),
        "born_on": date(1974, 6, 12),
        "title_level": "associate",
        "region": "370800",
        "state": "active",
        "admitted_on": date(2025, 3, 15),
        "term_until_on": date(2028, 3, 14),
        "created_at": NOW,
        "changed_at": NOW,
    }
    return add(session, Expert(**(values | changes)))
