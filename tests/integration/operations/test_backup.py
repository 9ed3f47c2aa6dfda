"""A backup read back on the other engine is the same house; what is not whole, not empty or not newest is refused."""

import json
import stat
import subprocess
import threading

import pytest
from sqlalchemy import func, select

from evalhub.app import open_house
from evalhub.infra.anchors import Anchor, append_anchor
from evalhub.infra.backup_folder import BackupFault, read_backup
from evalhub.infra.portable import count_rows
from evalhub.infra.secrets import UnsafeSecrets
from evalhub.models.base import Base
from evalhub.models.papers import StoredFile
from evalhub.models.plans import Task
from evalhub.models.results import Result
from evalhub.models.settings import Setting
from evalhub.models.sheets import Sheet
from evalhub.services.backup import write_backup
from evalhub.services.restoring import prepare_place, restore_backup
from evalhub.services.sealing import check_chain
from tests.builders import NOW
from tests.integration.test_processes import evalhub


def restore(place, source, **options):
    """What `evalhub restore` does; the opened house."""
    place.settings.instance.mkdir(exist_ok=True)
    manifest = read_backup(source)
    prepare_place(place.settings, source, manifest)
    house = open_house(place.settings)
    try:
        restore_backup(house, source, manifest, options.pop("anchors", place.settings.anchors_path), **options)
    except BaseException:
        house.close()
        raise
    return house


def rows_of(house) -> dict[str, int]:
    """Rows of every table but the journal, which a backup and a restore write to."""
    with house.database.read() as session:
        counts = count_rows(session.connection(), Base.metadata)
    return {name: count for name, count in counts.items() if not name.startswith("journal_")}


def facts_of(house) -> dict[str, list]:
    """Totals, receipts with their proof, files opened with their task's key, and the chain's head."""
    vault, files = house.tools.vault, house.tools.files
    with house.database.read() as session:
        results = session.execute(select(Result.id, Result.total_points, Result.grade, Result.content_hash)).all()
        receipts = session.execute(select(Sheet.id, Sheet.receipt, Sheet.receipt_hmac)).all()
        kept = session.execute(select(StoredFile, Task.key_sealed).join(Task, Task.id == StoredFile.task_id)).all()
        check = check_chain(session)
        tables = {
            table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables
        }
    proved = []
    for file, key in kept:
        content = b"".join(files.open_stream(vault.unwrap_task_key(key, file.task_id), file.storage_name))
        proved.append((file.storage_name, file.sha256, len(content) == file.size_bytes))
    return {
        "results": sorted(map(tuple, results)),
        "receipts": sorted(map(tuple, receipts)),
        "files": sorted(proved),
        "chain": [(check.sealed, check.head, check.fault)],
        "tables": [(name, rows) for name, rows in tables.items() if not name.startswith("journal_entries")],
    }


@pytest.fixture(scope="session")
def backup(district, tmp_path_factory):
    target = tmp_path_factory.mktemp("backups") / "first"
    write_backup(district, target, with_secrets=True)
    return target


def test_house_goes_to_the_other_engine_and_back_unchanged(district, backup, empty_place, tmp_path):
    before = facts_of(district)
    elsewhere = restore(empty_place("postgresql"), backup)
    write_backup(elsewhere, tmp_path / "second", with_secrets=True)
    home = restore(empty_place("sqlite"), tmp_path / "second")

    assert len(before["results"]) >= 2
    assert len(before["receipts"]) >= 6
    assert len(before["files"]) >= 4
    assert all(is_whole for _, _, is_whole in before["files"])
    assert facts_of(elsewhere) == before
    assert facts_of(home) == before
    elsewhere.close()
    home.close()


def test_restored_house_writes_on_after_the_last_number(backup, empty_place):
    house = restore(empty_place("postgresql"), backup)
    from evalhub.models.journal import JournalEntry

    with house.database.read() as session:
        greatest, count = session.execute(select(func.max(JournalEntry.sequence), func.count())).one()
        last = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc()).limit(1)).one()
    house.close()

    assert last.event == "house.restored"
    assert greatest >= count


def test_backup_proves_itself_without_evalhub(backup):
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=backup, capture_output=True)

    assert (checked.returncode, checked.stdout) == (0, b"")


def test_secrets_are_kept_only_on_request_and_for_their_owner_alone(district, backup, tmp_path):
    write_backup(district, tmp_path / "plain")

    assert not (tmp_path / "plain" / "secrets").exists()
    assert read_backup(tmp_path / "plain")["has_secrets"] is False
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in backup.rglob("*") if path.is_file()} == {0o600}
    assert len(list((backup / "secrets").iterdir())) == 5
    keys = [path.read_text().strip() for path in (backup / "secrets").iterdir()]
    plain = b"".join(path.read_bytes() for path in (tmp_path / "plain").rglob("*") if path.is_file())
    assert [key for key in keys if key.encode() in plain] == []


def test_place_that_holds_rows_is_refused_and_unchanged(backup, empty_place):
    place = empty_place("sqlite")
    house = restore(place, backup)
    before = rows_of(house)

    with pytest.raises(BackupFault, match="Restore into an empty one; nothing was changed"):
        restore(place, backup)

    assert rows_of(house) == before
    house.close()


def test_store_that_holds_other_files_is_refused(backup, empty_place):
    place = empty_place("sqlite")
    stray = place.settings.files_folder / "files" / "ab" / ("ab" * 32)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")

    with pytest.raises(BackupFault, match="1 files of something else"):
        restore(place, backup)


def test_restore_that_was_interrupted_is_run_again(backup, empty_place, monkeypatch):
    place = empty_place("postgresql")

    def cut(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("evalhub.services.restoring._prove", cut)
        patched.setattr("evalhub.services.restoring.load_tables", cut)
        with pytest.raises(KeyboardInterrupt):
            restore(place, backup)
    house = restore(place, backup)

    assert rows_of(house)["results"] >= 2
    house.close()


def test_keys_of_another_house_are_refused(district, empty_place, tmp_path):
    from evalhub.infra.secrets import create_secrets

    write_backup(district, tmp_path / "plain")
    place = empty_place("sqlite")
    with pytest.raises(UnsafeSecrets, match="holds no keys"):
        restore(place, tmp_path / "plain")
    create_secrets(place.settings.secrets_folder)
    with pytest.raises(UnsafeSecrets, match=r"not those of the backup: blind_index\.key, journal\.key, master"):
        restore(place, tmp_path / "plain")


def test_old_backup_is_noticed_where_an_anchor_is_newer(backup, empty_place, tmp_path):
    position = read_backup(backup)["head"]["position"]
    outside = tmp_path / "anchors.jsonl"
    append_anchor(outside, Anchor(position + 7, "sha256:" + "ab" * 32, 0))
    place = empty_place("sqlite")

    with pytest.raises(BackupFault, match=f"ends at entry {position}, an anchor in .* stands at {position + 7}"):
        restore(place, backup, anchors=outside)

    house = restore(place, backup, anchors=outside, accepts_older=True)
    assert rows_of(house)["results"] >= 2
    house.close()


def test_backup_of_a_rebuilt_chain_is_noticed_by_an_anchor(backup, empty_place, tmp_path):
    outside = tmp_path / "anchors.jsonl"
    append_anchor(outside, Anchor(3, "sha256:" + "ab" * 32, 0))

    with pytest.raises(BackupFault, match="anchor at entry 3 is not in the chain: rebuilt"):
        restore(empty_place("sqlite"), backup, anchors=outside)


@pytest.mark.parametrize("name", ["tables/results.jsonl", "manifest.json"])
def test_damaged_backup_is_refused_by_the_name_of_the_file(district, empty_place, tmp_path, name):
    target = tmp_path / "damaged"
    write_backup(district, target, with_secrets=True)
    content = (target / name).read_bytes()
    (target / name).write_bytes(content[:-2] + b"0\n")

    with pytest.raises(BackupFault, match=f"damaged: {name}"):
        restore(empty_place("sqlite"), target)


def test_backup_with_a_file_missing_or_added_is_refused(district, tmp_path):
    target = tmp_path / "cut"
    write_backup(district, target)
    first = next((target / "files").rglob("*/*"))
    first.unlink()
    with pytest.raises(BackupFault, match="damaged: files/"):
        read_backup(target)


def test_target_in_use_is_refused_and_left_alone(district, tmp_path):
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter.txt").write_text("mine")

    with pytest.raises(BackupFault, match="exists already"):
        write_backup(district, tmp_path / "used")

    assert [path.name for path in (tmp_path / "used").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_backup_under_writers_is_of_one_instant(backup, empty_place, tmp_path, engine):
    """Each writer adds pairs in one transaction: a backup that saw half of one would hold an odd number."""
    house = restore(empty_place(engine), backup)
    stop = threading.Event()

    def write(writer: int) -> None:
        for number in range(10_000):
            if stop.is_set():
                return
            with house.database.write() as session:
                for half in ("a", "b"):
                    values = {"name": f"w{writer}-{number}-{half}", "edition": 1, "content": {}, "source": "s"}
                    session.add(Setting(**values, set_by_id="a", set_at=NOW))
                    session.flush()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
    for writer in writers:
        writer.start()
    try:
        counts = []
        for number in range(2):
            write_backup(house, tmp_path / str(number))
            lines = (tmp_path / str(number) / "tables" / "settings.jsonl").read_text().splitlines()
            counts.append(len([1 for line in lines if json.loads(line)[1].startswith("w")]))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
        house.close()

    assert [count % 2 for count in counts] == [0, 0]
    assert counts[-1] > counts[0]


def test_commands_take_a_house_from_place_to_place(backup, empty_place, tmp_path):
    import os
    import sys

    place = empty_place("postgresql")
    base = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **place.environment}

    restored = evalhub("restore", str(backup), environment=base)
    again = evalhub("restore", str(backup), environment=base)
    written = evalhub("backup", str(tmp_path / "next"), environment=base)
    checked = evalhub("check-journal", environment=base)

    assert (restored.returncode, restored.stderr) == (0, "")
    assert restored.stdout.endswith("the chain holds\n")
    assert (again.returncode, again.stdout) == (2, "")
    assert "Restore into an empty one" in again.stderr
    assert (written.returncode, written.stderr) == (0, "")
    assert checked.returncode == 0, checked.stdout
    assert read_backup(tmp_path / "next")["files"] == read_backup(backup)["files"]


def test_demonstration_is_not_restored_into_production(backup, empty_place):
    from evalhub.config import UnsafeSettings

    with pytest.raises(UnsafeSettings, match="marked 'demo'"):
        restore(empty_place("sqlite").as_production(), backup)
