"""A district in scoring with as many experts as asked for, and who opens which page there."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from evalhub.app import House, open_house
from evalhub.config import Settings, read_settings
from evalhub.demo.district import build_district
from evalhub.infra import migrations, passwords
from evalhub.infra.chance import new_id
from evalhub.infra.clock import office_date
from evalhub.models.accounts import Account
from evalhub.models.base import Base
from evalhub.models.experts import EmploymentSpell, Expert, ExpertField
from evalhub.models.seats import Seat
from evalhub.models.sheets import Sheet

BATCH = 1000


@dataclass(frozen=True)
class World:
    """What is measured in one database; accounts as `id:epoch`, the way a session names them."""

    settings: Settings
    officer: str
    task_id: str
    raters: list[tuple[str, str]]
    """(account, sheet id) of every sheet still open."""


def environment(folder: Path) -> dict[str, str]:
    return {"EVALHUB_MODE": "demo", "EVALHUB_INSTANCE": str(folder), "EVALHUB_BUREAU": "财政局"}


def build_world(folder: Path, experts: int) -> World:
    settings = read_settings(environment(folder))
    passwords.use_light_hashing()
    migrations.upgrade(settings.database_url)
    house = open_house(settings)
    build_district(house, "scoring", office_date(datetime.now(UTC)), "pages")
    with house.database.write() as session:
        _multiply(session, experts)
    with house.database.write() as session:
        session.connection().exec_driver_sql("ANALYZE")
    world = _world(house, settings)
    house.close()
    return world


def _multiply(session: Any, wanted: int) -> None:
    """More experts after the pattern of those there: each with fields and spells, names in any order."""
    chance = random.Random(7)
    patterns = list(session.execute(select(Expert.__table__)).mappings())
    children = {
        table: _by_expert(session, Base.metadata.tables[table])
        for table in (ExpertField.__tablename__, EmploymentSpell.__tablename__)
    }
    for start in range(0, wanted - len(patterns), BATCH):
        rows, below = [], {table: [] for table in children}
        for number in range(start, min(start + BATCH, wanted - len(patterns))):
            pattern = patterns[number % len(patterns)]
            name = f"{pattern['name']}{number}"
            keys = {"sort_key": f"{chance.choice('abcdefghijklmnopqrstuvwxyz')}{number:06d}", "name_key": name}
            unknown = {"identity_index": None, "mobile_index": None}
            row = {**pattern, **keys, **unknown, "id": new_id(), "code": f"ZX-{number:06d}", "name": name}
            rows.append(row)
            for table, by_expert in children.items():
                for child in by_expert.get(pattern["id"], []):
                    own_id = {"id": new_id()} if "id" in child else {}
                    below[table].append({**child, **own_id, "expert_id": row["id"]})
        session.execute(insert(Expert.__table__), rows)
        for table, added in below.items():
            if added:
                session.execute(insert(Base.metadata.tables[table]), added)


def _by_expert(session: Any, table: Any) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in session.execute(select(table)).mappings():
        found.setdefault(row["expert_id"], []).append(dict(row))
    return found


def _world(house: House, settings: Settings) -> World:
    with house.database.read() as session:
        officer = session.scalars(select(Account).where(Account.username == "wang.jb")).one()
        rows = session.execute(
            select(Sheet, Account)
            .join(Seat, Seat.id == Sheet.seat_id)
            .join(Account, Account.expert_id == Seat.expert_id)
            .where(Sheet.state.in_(("empty", "draft")), Seat.state == "working")
            .order_by(Sheet.id)
        ).all()
    raters = [(f"{account.id}:{account.epoch}", sheet.id) for sheet, account in rows]
    return World(settings, f"{officer.id}:{officer.epoch}", rows[0][0].task_id, raters)
