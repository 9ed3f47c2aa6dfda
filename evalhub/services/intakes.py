"""Sheets on their way into a pool: kept sealed after one reading, judged against the pool, mended, written as a whole.

The rows of a reading are kept, not the file, and not asked for again: ticks, mended cells and the annotated workbook all
speak of the same reading, and nobody uploads identity numbers twice. They stand in the database under a key of their
own, belong to the account that brought them, and are wiped when they are written, discarded, or a day old.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.domain.intake.columns import SHEETS
from evalhub.domain.intake.marks import WARNING, SheetCell
from evalhub.domain.intake.values import agency_values, department_values, expert_values, project_values
from evalhub.domain.intake.verdict import JudgedRow
from evalhub.domain.records import UnitValues
from evalhub.infra.chance import new_id
from evalhub.infra.crypto import Vault
from evalhub.models.intakes import Intake
from evalhub.models.projects import Department
from evalhub.queries.intakes import judge_rows
from evalhub.services import journal
from evalhub.services.agencies import add_agency
from evalhub.services.change import Change
from evalhub.services.departments import add_department, add_units
from evalhub.services.experts import add_expert
from evalhub.services.projects import add_project

KEPT_FOR = timedelta(days=1)
DOCUMENT_KIND = "intake"


@dataclass(frozen=True)
class SheetRows:
    """What one reading of a file gave: (row number, column key -> cell)."""

    file_name: str
    rows: Sequence[tuple[int, Mapping[str, SheetCell]]]


@dataclass(frozen=True)
class Ticks:
    """Warnings ticked on a page, among those it showed; what other pages showed stays as it was.

    A warning is named by `warning_names`.
    """

    ticked: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()

    def over(self, before: Sequence[str]) -> frozenset[str]:
        return (frozenset(before) - self.seen) | self.ticked


def open_intake(change: Change, noun: str, sheet: SheetRows) -> Intake:
    """Keep the rows of a file for checking.

    Raises:
        InvalidInput: below the headings nothing is filled in.
    """
    if not sheet.rows:
        raise InvalidInput("intake.empty", {"file": "intake.empty"})
    _wipe_expired(change)
    vault = change.tools.vault
    key, intake_id = vault.new_task_key(), new_id()
    intake = Intake(
        id=intake_id,
        noun=noun,
        file_name=sheet.file_name[:200],
        account_id=change.actor.account_id,
        row_count=len(sheet.rows),
        wrapped_key=vault.wrap_task_key(key, intake_id),
        sealed_rows=vault.seal_document(key, DOCUMENT_KIND, intake_id, _pack(sheet.rows)),
        created_at=change.now,
        expires_at=change.now + KEPT_FOR,
    )
    change.session.add(intake)
    detail = {"rows": intake.row_count}
    journal.record(change, "intake.opened", "intake", intake_id, noun, detail=detail)
    return intake


def read_rows(vault: Vault, intake: Intake) -> list[tuple[int, dict[str, SheetCell]]]:
    """The kept rows of an open intake."""
    if intake.wrapped_key is None or intake.sealed_rows is None:
        raise RuleBroken("intake.ended")
    key = vault.unwrap_task_key(intake.wrapped_key, intake.id)
    packed = json.loads(vault.open_document(key, DOCUMENT_KIND, intake.id, intake.sealed_rows))
    return [(number, {name: SheetCell(*cell) for name, cell in cells.items()}) for number, cells in packed]


def mend_cells(change: Change, intake_id: str, typed: Mapping[tuple[int, str], str], ticks: Ticks) -> Intake:
    """Replace cells by what was typed in place, and keep which warnings were ticked so far.

    Args:
        typed: (row number, column key) -> text; only columns of the sheet are taken.
    """
    intake = _load_open(change, intake_id)
    known = {column.key for column in SHEETS[intake.noun]}
    rows = read_rows(change.tools.vault, intake)
    for number, cells in rows:
        cells.update({key: SheetCell("text", typed[row, key]) for row, key in typed if row == number and key in known})
    intake.ticked = sorted(ticks.over(intake.ticked))
    key = change.tools.vault.unwrap_task_key(intake.wrapped_key or b"", intake.id)
    intake.sealed_rows = change.tools.vault.seal_document(key, DOCUMENT_KIND, intake.id, _pack(rows))
    journal.record(change, "intake.mended", "intake", intake.id, intake.noun, detail={"cells": len(typed)})
    return intake


def write_intake(change: Change, intake_id: str, ticks: Ticks) -> int:
    """Write all rows in this one transaction, or none; how many.

    Args:
        ticks: the warnings that a person has looked at, beside those kept with the sheet.

    Raises:
        RuleBroken: rows have errors (`intake.has_errors`) or warnings are not ticked (`intake.unticked`).
    """
    intake = _load_open(change, intake_id)
    rows = read_rows(change.tools.vault, intake)
    judged = judge_rows(change.session, change.tools.vault, intake.noun, rows, change.today)
    bad = sum(row.verdict == "error" for row in judged)
    if bad:
        raise RuleBroken("intake.has_errors", count=bad)
    warned = set(warning_names(judged))
    unticked = warned - ticks.over(intake.ticked)
    if unticked:
        raise RuleBroken("intake.unticked", count=len(unticked))
    _WRITERS[intake.noun](change, judged)
    _end(change, intake, "written")
    detail = {"rows": len(judged), "warnings": len(warned)}
    journal.record(change, f"{intake.noun}.imported", "intake", intake.id, intake.noun, detail=detail)
    return len(judged)


def discard_intake(change: Change, intake_id: str) -> Intake:
    """Wipe the kept rows without writing them."""
    intake = _load_open(change, intake_id)
    _end(change, intake, "discarded")
    journal.record(change, "intake.discarded", "intake", intake.id, intake.noun)
    return intake


def warning_names(rows: Sequence[JudgedRow]) -> list[str]:
    """One name per warning, such as `44:spells.1.name:body.other_name`."""
    return [f"{row.number}:{key}:{mark.code}" for row in rows for key, mark in row.marks(WARNING)]


def _write_experts(change: Change, rows: list[JudgedRow]) -> None:
    for row in rows:
        add_expert(change, expert_values(row))


def _write_agencies(change: Change, rows: list[JudgedRow]) -> None:
    for row in rows:
        add_agency(change, agency_values(row))


def _write_departments(change: Change, rows: list[JudgedRow]) -> None:
    for values, code, units in department_values(rows):
        if values is not None:
            add_department(change, values)
        else:
            _add_to_known(change, code, units)


def _add_to_known(change: Change, code: str, units: tuple[UnitValues, ...]) -> None:
    department = change.session.scalar(select(Department).where(Department.budget_code == code))
    if department is None:
        raise NotFound("department")
    add_units(change, department, units)


def _write_projects(change: Change, rows: list[JudgedRow]) -> None:
    for row in rows:
        add_project(change, project_values(row))


_WRITERS = {
    "experts": _write_experts,
    "agencies": _write_agencies,
    "departments": _write_departments,
    "projects": _write_projects,
}


def _load_open(change: Change, intake_id: str) -> Intake:
    query = select(Intake).where(Intake.id == intake_id, Intake.account_id == change.actor.account_id)
    intake = change.session.scalar(query.options(undefer(Intake.sealed_rows)))
    if intake is None:
        raise NotFound("intake")
    if intake.state != "open" or intake.expires_at <= change.now:
        raise RuleBroken("intake.ended")
    return intake


def _end(change: Change, intake: Intake, state: str) -> None:
    intake.state, intake.ended_at = state, change.now
    intake.wrapped_key = intake.sealed_rows = None


def _wipe_expired(change: Change) -> None:
    query = select(Intake).where(Intake.state == "open", Intake.expires_at <= change.now)
    for intake in change.session.scalars(query):
        _end(change, intake, "discarded")


def _pack(rows: Sequence[tuple[int, Mapping[str, SheetCell]]]) -> bytes:
    packed: list[Any] = [
        [number, {key: [cell.kind, cell.text, cell.is_exact, cell.is_covered] for key, cell in cells.items()}]
        for number, cells in rows
    ]
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":")).encode()
