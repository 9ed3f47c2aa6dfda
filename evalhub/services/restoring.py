"""Reading a backup back into an empty place, on either engine; interrupted, it is simply run again.

Files go first, then the access log, then all business tables in one transaction: until that commits the place counts
as empty, and nothing that was put before needs to be taken away.
"""

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from evalhub.config import Settings, UnsafeSettings
from evalhub.domain.permissions import system_actor
from evalhub.infra import migrations
from evalhub.infra.anchors import read_anchors
from evalhub.infra.backup_folder import BackupFault
from evalhub.infra.engine import open_engine
from evalhub.infra.portable import count_rows, load_tables
from evalhub.infra.secrets import UnsafeSecrets, key_fingerprints
from evalhub.models.access import AccessBase
from evalhub.models.base import Base
from evalhub.services import journal
from evalhub.services.anchoring import find_anchor_fault
from evalhub.services.change import Change
from evalhub.services.sealing import check_chain


def prepare_place(settings: Settings, source: Path, manifest: dict[str, Any]) -> None:
    """Refuse any place that is not empty or not fit, then put keys (where the backup has them) and bare tables.

    Raises:
        BackupFault: rows or files of another installation are there, or the tables are of a later version.
        UnsafeSettings: a demonstration into production, or the other way round.
        UnsafeSecrets: the keys at this place are not those of the backup.
    """
    if (manifest["purpose"] == "demo") != settings.is_demo and manifest["purpose"] is not None:
        raise UnsafeSettings(f"The backup is marked '{manifest['purpose']}'; EVALHUB_MODE is '{settings.mode}'.")
    if not migrations.is_known(manifest["revision"]):
        raise BackupFault("The backup was written by a later version of evalhub. Install that version to restore it.")
    engine = open_engine(settings.database_url)
    try:
        _refuse_rows(engine)
    finally:
        engine.dispose()
    _place_keys(settings, source, manifest)
    migrations.upgrade(settings.database_url, manifest["revision"] or "head")


def _refuse_rows(engine: Engine) -> None:
    with engine.connect().execution_options(read_only=True) as connection:
        counts = count_rows(connection, Base.metadata)
    held = sum(counts.values())
    if held:
        raise BackupFault(f"The database holds {held} rows. Restore into an empty one; nothing was changed.")


def _place_keys(settings: Settings, source: Path, manifest: dict[str, Any]) -> None:
    folder = settings.secrets_folder
    kept = source / "secrets"
    if not folder.exists() and kept.is_dir():
        folder.mkdir(mode=0o700, parents=True)
        for path in sorted(kept.glob("*.key")):
            shutil.copyfile(path, folder / path.name)
            (folder / path.name).chmod(0o600)
    if not folder.exists():
        raise UnsafeSecrets(
            f"The backup holds no keys. Copy those of the old installation to {folder} (chmod 700, files 600) "
            "and start again, or write the backup with --with-secrets."
        )
    here = key_fingerprints(folder)
    foreign = sorted(
        name for name, mark in manifest["keys"].items() if not name.startswith("session-") and here.get(name) != mark
    )
    if foreign:
        raise UnsafeSecrets(
            f"These keys in {folder} are not those of the backup: {', '.join(foreign)}. Put the old ones there."
        )


def restore_backup(
    house: Any, source: Path, manifest: dict[str, Any], anchors_path: Path, *, accepts_older: bool = False
) -> None:
    """Fill a prepared place and prove it: rows, journal chain and anchors.

    Args:
        anchors_path: heads of the journal kept outside; those of the installation itself are looked at too.
        accepts_older: go on although an anchor is newer than the backup.

    Raises:
        BackupFault: something is there already, the backup is older than an anchor, or the chain does not hold.
    """
    if not accepts_older:
        _refuse_older(manifest, anchors_path)
    _put_files(house, source)
    _load_access(house, source, manifest)
    house.database.apply(lambda session: load_tables(session.connection(), manifest["tables"], source / "tables"))
    migrations.upgrade(house.settings.database_url)
    _prove(house, manifest, [] if accepts_older else read_anchors(anchors_path))
    house.database.apply(lambda session: _journal(house, session, manifest))


def _refuse_older(manifest: dict[str, Any], anchors_path: Path) -> None:
    """Look before anything is written: an anchor beyond the backup's head tells that later entries are missing."""
    position = manifest["head"]["position"] if manifest["head"] else 0
    newest = max((anchor.position for anchor in read_anchors(anchors_path)), default=0)
    if newest > position:
        raise BackupFault(
            f"This backup is older than the installation was: its journal ends at entry {position}, an anchor in "
            f"{anchors_path} stands at {newest}. Use a newer backup; --accept-older restores it all the same, "
            f"and entries {position + 1} to {newest} are lost."
        )


def _put_files(house: Any, source: Path) -> None:
    folder = source / "files"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    foreign = set(house.tools.files.list_names()) - names
    if foreign:
        raise BackupFault(f"The store holds {len(foreign)} files of something else. Restore into an empty one.")
    for name in sorted(names):
        with (folder / name).open("rb") as file:
            house.tools.files.put_sealed(name, file)


def _load_access(house: Any, source: Path, manifest: dict[str, Any]) -> None:
    """Put in the access log, unless an interrupted restore has done so."""
    expected = {form["name"]: form["rows"] for form in manifest["access"]}
    with house.access.write() as session:
        counts = count_rows(session.connection(), AccessBase.metadata)
        if counts == expected:
            return
        if any(counts.values()):
            raise BackupFault("The access log holds entries of something else. Restore into an empty one.")
        load_tables(session.connection(), manifest["access"], source / "access")


def _prove(house: Any, manifest: dict[str, Any], anchors: list[Any]) -> None:
    with house.database.read() as session:
        counts = count_rows(session.connection(), Base.metadata)
        check = check_chain(session)
        fault = find_anchor_fault(session, anchors)
    differing = [form["name"] for form in manifest["tables"] if counts.get(form["name"]) != form["rows"]]
    if differing and manifest["revision"] == migrations.newest():
        raise BackupFault(f"These tables came out with another number of rows: {', '.join(differing)}.")
    head = manifest["head"] or {"position": 0, "hash": ""}
    if not check.holds or (check.sealed, check.head) != (head["position"], head["hash"]):
        raise BackupFault(f"The journal's chain does not hold: {check.fault or 'another head'} at {check.sealed + 1}.")
    if fault is not None:
        raise BackupFault(f"The anchor at entry {fault.anchor.position} is not in the chain: {fault.kind}.")


def _journal(house: Any, session: Any, manifest: dict[str, Any]) -> None:
    change = Change(session, system_actor(), house.now(), house.tools)
    head = manifest["head"]
    detail = {"written_at": manifest["at"], "position": head["position"] if head else 0}
    journal.record(change, "house.restored", "house", "house", "evalhub restore", detail=detail)
    change.close()
