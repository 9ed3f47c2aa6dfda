"""What production refuses to start on, tried with the real command in a process of its own."""

import os
import sys

import pytest

from evalhub.infra.engine import Database, open_engine
from evalhub.models.settings import DatabaseMark
from tests.integration.test_processes import evalhub


@pytest.fixture
def environment(bare_database_url, tmp_path):
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "EVALHUB_MODE": "production",
        "EVALHUB_INSTANCE": str(tmp_path / "instance"),
        "EVALHUB_DATABASE_URL": bare_database_url,
        "EVALHUB_HOSTS": "evalhub.example.gov.cn",
        "EVALHUB_BUREAU": "财政局",
    }


@pytest.fixture
def founded(environment):
    made = evalhub("init", environment=environment)
    assert made.returncode == 0, made.stderr
    return environment


def secrets_of(environment):
    from pathlib import Path

    return Path(environment["EVALHUB_INSTANCE"]) / "secrets"


def test_init_makes_three_administrators_whose_passwords_work_once_and_are_nowhere_kept(environment, tmp_path):
    made = evalhub("init", environment=environment)

    rows = [line.split("\t") for line in made.stdout.splitlines()]
    passwords = [password for _, _, password in rows]
    assert [name for name, _, _ in rows] == ["sysadmin", "secadmin", "auditadmin"]
    assert len(set(passwords)) == 3
    engine = open_engine(environment["EVALHUB_DATABASE_URL"])
    with engine.connect() as connection:
        query = "SELECT password_hash, must_change_password FROM accounts"
        accounts = connection.exec_driver_sql(query).all()
    engine.dispose()
    assert [bool(must_change) for _, must_change in accounts] == [True] * 3
    assert all(hashed.startswith("$argon2id$") for hashed, _ in accounts)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [password for password in passwords if password.encode() in kept] == []


@pytest.mark.parametrize("command", ["serve", "work"])
@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)  # keys are refused before a database is opened
def test_key_that_others_may_read_is_refused_with_the_line_that_helps(founded, command):
    path = secrets_of(founded) / "journal.key"
    path.chmod(0o644)

    refused = evalhub(command, environment=founded)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"Run `chmod 600 {path}`" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)  # as above
@pytest.mark.parametrize("content", ["00" * 32, "0123456789abcdef" * 4, "changeme"])
def test_default_or_patterned_key_is_refused(founded, content):
    path = secrets_of(founded) / "session-k0001.key"
    path.write_text(content)

    refused = evalhub("serve", environment=founded)

    assert refused.returncode == 2
    assert str(path) in refused.stderr


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)  # as above
def test_missing_keys_are_never_made_by_the_way(founded):
    (secrets_of(founded) / "receipt.key").unlink()

    refused = evalhub("serve", environment=founded)

    assert refused.returncode == 2
    assert "receipt.key is missing" in refused.stderr
    assert not (secrets_of(founded) / "receipt.key").exists()


def test_demonstration_database_is_not_served_in_production_nor_real_data_as_a_demonstration(founded):
    as_demo = evalhub("serve", environment=founded | {"EVALHUB_MODE": "demo"})
    database = Database(open_engine(founded["EVALHUB_DATABASE_URL"]))
    with database.write() as session:
        session.get_one(DatabaseMark, "purpose").content = "demo"
    database.engine.dispose()
    in_production = evalhub("serve", environment=founded)

    assert (as_demo.returncode, in_production.returncode) == (2, 2)
    assert "holds real data" in as_demo.stderr
    assert "holds a demonstration" in in_production.stderr
