"""Services on an open session: a small world, and changes as one of its people would make them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.infra.crypto import Vault
from evalhub.infra.engine import open_engine
from evalhub.infra.secrets import load_secrets
from evalhub.infra.storage import local_storage
from evalhub.models.accounts import Account
from evalhub.models.journal import JournalEntry
from evalhub.services.change import Change, Tools
from tests.integration.plan_world import PlanWorld, build_plan_world, change_by


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return Vault(load_secrets(tmp_path_factory.mktemp("secrets"), create=True, strict=False))


@pytest.fixture
def tools(vault: Vault, tmp_path: Path) -> Tools:
    return Tools(vault, local_storage(tmp_path / "files"))


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = open_engine(database_url)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
    engine.dispose()


@pytest.fixture
def world(session: Session) -> PlanWorld:
    return build_plan_world(session)


@pytest.fixture
def by(session: Session, tools: Tools) -> Callable[[Account], Change]:
    """`by(world.officer)`: a new change of that person."""
    return lambda account: change_by(session, account, tools)


@pytest.fixture
def events(session: Session) -> Callable[[], list[str]]:
    """The events of the journal so far, in order."""

    def read() -> list[str]:
        session.flush()
        return list(session.scalars(select(JournalEntry.event).order_by(JournalEntry.sequence)))

    return read
