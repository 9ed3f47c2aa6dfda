"""Unit tests reach no database: what needs one is an integration test."""

import pytest
from sqlalchemy import Engine


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a unit test reached for a database")

    monkeypatch.setattr(Engine, "raw_connection", refuse)
