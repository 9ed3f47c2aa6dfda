"""One invented district with signed results, built once for all tests of this folder, and empty places beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from evalhub.app import House, open_house
from evalhub.config import Settings, read_settings
from evalhub.demo.district import build_district
from evalhub.infra import migrations, passwords
from evalhub.work.worker import seal


def settings_for(url: str, instance: Path) -> Settings:
    environment = {
        "EVALHUB_MODE": "demo", "EVALHUB_INSTANCE": str(instance), "EVALHUB_DATABASE_URL": url, "EVALHUB_BUREAU": "财政局",
    }  # fmt: skip
    return read_settings(environment)


@pytest.fixture(scope="session")
def district(tmp_path_factory) -> Iterator[House]:
    """Signed results, receipts, sealed files and a sealed journal, on SQLite."""
    instance = tmp_path_factory.mktemp("district")
    settings = settings_for(f"sqlite:///{instance / 'evalhub.sqlite'}", instance)
    passwords.use_light_hashing()
    migrations.upgrade(settings.database_url)
    house = open_house(settings)
    build_district(house, "results", date(2026, 11, 23), "backup")
    seal(house)
    yield house
    house.close()


@dataclass(frozen=True)
class Place:
    """Where a house may be restored: settings of an installation that has never been."""

    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        return {
            "EVALHUB_MODE": self.settings.mode,
            "EVALHUB_INSTANCE": str(self.settings.instance),
            "EVALHUB_DATABASE_URL": self.settings.database_url,
            "EVALHUB_BUREAU": "财政局",
        }

    def as_production(self) -> "Place":
        return Place(replace(self.settings, mode="production"))


@pytest.fixture
def empty_place(sqlite_databases, postgresql_databases, tmp_path) -> Iterator[Callable[[str], Place]]:
    """`empty_place("postgresql")`: a new place with a bare database of that engine."""
    numbers, opened = count(1), []

    def make(engine: str) -> Place:
        databases = {"sqlite": sqlite_databases, "postgresql": postgresql_databases}[engine]
        database = databases.fresh(migrated=False)
        opened.append(database)
        instance = tmp_path / f"place{next(numbers)}"
        return Place(settings_for(database.__enter__(), instance))

    yield make
    for database in opened:
        database.__exit__(None, None, None)
