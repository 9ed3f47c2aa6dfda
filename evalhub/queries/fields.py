"""The three-level tree of fields: codes of two, four and six digits, each beginning with the code above."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.models.agencies import AgencyField
from evalhub.models.experts import ExpertField, Field


@dataclass(frozen=True)
class FieldNode:
    code: str
    name: str
    english_name: str
    kind: str
    experts: int = 0
    agencies: int = 0
    children: tuple["FieldNode", ...] = field(default_factory=tuple)


def list_fields(session: Session) -> list[Field]:
    """All fields in the order of their codes, which is the order of the tree."""
    return list(session.scalars(select(Field).order_by(Field.code)))


def field_choices(session: Session, language: str) -> list[tuple[str, str]]:
    """(code, shown name) in tree order, each level set in by full-width blanks."""
    columns = (Field.code, Field.english_name if language == "en" else Field.name)
    rows = session.execute(select(*columns).order_by(Field.code))
    return [(code, "\u3000" * (len(code) // 2 - 1) + name) for code, name in rows]


def get_field_tree(session: Session) -> list[FieldNode]:
    """The tree with the number of people and agencies that name each field itself."""
    experts = _count(session, ExpertField.field_code)
    agencies = _count(session, AgencyField.field_code)
    rows = list_fields(session)

    def below(code: str | None) -> tuple[FieldNode, ...]:
        return tuple(
            FieldNode(
                row.code, row.name, row.english_name, row.kind, experts.get(row.code, 0), agencies.get(row.code, 0),
                below(row.code),
            )
            for row in rows
            if row.parent_code == code
        )  # fmt: skip

    return list(below(None))


def _count(session: Session, column: Any) -> dict[str, int]:
    return dict(session.execute(select(column, func.count()).group_by(column)).all())
