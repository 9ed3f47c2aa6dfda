"""The invented district is the whole chain on real services: its figures are known, and a seed gives it again byte by byte."""

import hashlib
import json
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import LargeBinary, select, text

from evalhub.app import open_house
from evalhub.config import read_settings
from evalhub.demo.district import build_district
from evalhub.infra import passwords
from evalhub.models.allocation import AllocationRun
from evalhub.models.base import Base
from evalhub.models.plans import Task
from evalhub.models.projects import Project
from evalhub.models.results import Result
from evalhub.services.sealing import check_chain, seal_entries

TODAY = date(2026, 11, 23)
KEYED = {
    "content_hash", "input_hash", "receipt", "receipt_hmac", "storage_name", "before_digest", "after_digest",
    "identity_index", "mobile_index", "hearing_receipt", "detail", "password_hash", "progress", "salt", "heartbeat_at",
}  # fmt: skip
"""Columns that follow from keys, from a random salt, or from the clock of the solver's own thread, not from the seed."""


@contextmanager
def district(databases, folder, name: str, stage: str):
    """A district in a database of its own."""
    passwords.use_light_hashing()
    with databases.fresh(migrated=True) as url:
        settings = read_settings(
            {
                "EVALHUB_MODE": "demo",
                "EVALHUB_INSTANCE": str(folder / name),
                "EVALHUB_DATABASE_URL": url,
                "EVALHUB_BUREAU": "示例高新区财政局",
            }
        )
        house = open_house(settings)
        build_district(house, stage, TODAY)
        yield house
        house.database.engine.dispose()
        house.access.engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request, tmp_path_factory):
    """One district per engine, whole, for all tests that only look at it."""
    databases = request.getfixturevalue(f"{request.param}_databases")
    with district(databases, tmp_path_factory.mktemp("districts"), "whole", "results") as built:
        yield built


def test_greenway_is_good_by_one_rater(house):
    with house.database.read() as session:
        query = select(Result).join(Task, Task.id == Result.task_id).join(Project, Project.id == Task.project_id)
        result = session.scalars(query.where(Project.name == "绿道二期工程")).one()

    assert (result.total_points, result.grade, result.one_rater_decides) == (8030, "good", True)
    assert result.outcome["stability"]["without"]["E03"] == {"total": "79.10", "grade": "fair"}


def test_no_live_seat_is_in_conflict_by_plain_sql(house):
    with house.database.read() as session:
        clashes = session.scalar(
            text(
                "SELECT count(*) FROM seats s JOIN conflict_hits h ON h.task_id = s.task_id AND h.expert_id = s.expert_id"
                " WHERE s.state NOT IN ('declined', 'no_reply', 'recused', 'absent', 'replaced', 'withdrawn')"
                " AND h.state NOT IN ('dismissed', 'waived') AND h.rule <> 'R11'"
            )
        )
        hits = session.scalar(text("SELECT count(*) FROM conflict_hits"))

    assert clashes == 0
    assert hits > 0


def test_autumn_round_is_one_finance_expert_short_with_counted_reason(house):
    with house.database.read() as session:
        run = session.scalars(select(AllocationRun).order_by(AllocationRun.code.desc())).first()
        shortfall = run.result["shortfalls"][0]

    assert (run.kind, run.seats_wanted, run.seats_filled) == ("experts", 15, 14)
    because = shortfall["because"][0]
    assert (because["tag"], because["needed"], because["carriers"], because["in_conflict"], because["at_capacity"]) == (
        "field:finance", 1, 9, 7, 2,
    )  # fmt: skip


def test_journal_of_the_year_holds_when_sealed(house):
    with house.database.sealing() as session:
        while seal_entries(session, house.now()):
            session.flush()
    with house.database.read() as session:
        found = check_chain(session)

    assert found.holds
    assert found.unsealed == 0
    assert found.sealed > 200


def test_same_seed_and_day_give_the_same_rows(sqlite_databases, tmp_path):
    with (
        district(sqlite_databases, tmp_path, "one", "allocated") as one,
        district(sqlite_databases, tmp_path, "two", "allocated") as two,
    ):
        assert fingerprint(one) == fingerprint(two)


def fingerprint(house) -> dict[str, str]:
    """Table -> a digest of its rows, without columns that follow from keys and without the solver's seconds."""
    digests = {}
    with house.database.read() as session:
        for table in Base.metadata.sorted_tables:
            columns = [
                column
                for column in table.columns
                if not isinstance(column.type, LargeBinary) and column.name not in KEYED
            ]
            rows = [[timeless(value) for value in row] for row in session.execute(select(*columns))]
            lines = sorted(json.dumps(row, ensure_ascii=False, default=str, sort_keys=True) for row in rows)
            digests[table.name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return digests


def timeless(value):
    if isinstance(value, dict) and "solver" in value:
        return {name: kept for name, kept in value.items() if name != "solver"}
    return value
