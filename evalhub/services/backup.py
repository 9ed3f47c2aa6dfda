"""Writing a backup: every table of one instant, the sealed files that its rows name, and what proves them."""

from pathlib import Path
from typing import Any

from sqlalchemy import select

from evalhub.domain.permissions import system_actor
from evalhub.infra import migrations
from evalhub.infra.anchors import append_anchor
from evalhub.infra.backup_folder import BackupDraft, BackupFault
from evalhub.infra.portable import dump_tables
from evalhub.infra.secrets import key_fingerprints
from evalhub.infra.storage import FileMissing
from evalhub.models.access import AccessBase
from evalhub.models.base import Base
from evalhub.models.papers import StoredFile
from evalhub.models.settings import DatabaseMark
from evalhub.services import journal
from evalhub.services.anchoring import find_head
from evalhub.services.change import Change
from evalhub.services.marks import PURPOSE


def write_backup(house: Any, target: Path, *, with_secrets: bool = False) -> dict[str, Any]:
    """Write a whole backup while the application goes on; returns its manifest.

    The tables are read in one transaction, so they are of one instant; files are never changed or deleted, so those
    that the rows name are there afterwards too. The journal's head is anchored, and the backup leaves an entry.

    Raises:
        BackupFault: the target is in use, the database is not at the present revision, or a file is missing.
    """
    revision, newest = migrations.current(house.settings.database_url), migrations.newest()
    if revision != newest:
        raise BackupFault(f"The database stands at revision {revision}, not {newest}. Run `evalhub upgrade` first.")
    draft = BackupDraft(target)
    try:
        manifest = {"revision": revision, **_write_tables(house, draft)}
        manifest["keys"] = key_fingerprints(house.settings.secrets_folder)
        manifest["has_secrets"] = with_secrets
        if with_secrets:
            _write_secrets(house.settings.secrets_folder, draft)
        names = manifest.pop("file_names")
        _write_files(house, draft, names)
        manifest["files"] = len(names)
        draft.finish(manifest)
    except BaseException:
        draft.abandon()
        raise
    house.database.apply(lambda session: _journal(house, session, manifest))
    return manifest


def _write_tables(house: Any, draft: BackupDraft) -> dict[str, Any]:
    now = house.now()
    with house.database.read() as session:
        tables = dump_tables(session.connection(), Base.metadata, draft.subfolder("tables"))
        mark = session.get(DatabaseMark, PURPOSE)
        names = sorted(set(session.scalars(select(StoredFile.storage_name))))
        head = find_head(session, now)
    with house.access.read() as session:
        access = dump_tables(session.connection(), AccessBase.metadata, draft.subfolder("access"))
    if head is not None:
        append_anchor(house.settings.anchors_path, head)
    return {
        "at": now.isoformat(),
        "purpose": mark.content if mark else None,
        "head": {"position": head.position, "hash": head.hash} if head else None,
        "tables": tables,
        "access": access,
        "file_names": names,
    }


def _write_files(house: Any, draft: BackupDraft, names: list[str]) -> None:
    for name in names:
        try:
            draft.put(f"files/{name}", house.tools.files.read_sealed(name))
        except FileMissing:
            raise BackupFault(f"The file {name} has a row but is not in the store. Restore it there first.") from None


def _write_secrets(folder: Path, draft: BackupDraft) -> None:
    for path in sorted(folder.glob("*.key")):
        draft.put(f"secrets/{path.name}", [path.read_bytes()])


def _journal(house: Any, session: Any, manifest: dict[str, Any]) -> None:
    change = Change(session, system_actor(), house.now(), house.tools)
    head = manifest["head"]
    detail = {
        "rows": sum(form["rows"] for form in manifest["tables"]),
        "files": manifest["files"],
        "has_secrets": manifest["has_secrets"],
        "position": head["position"] if head else 0,
    }
    journal.record(change, "house.backed_up", "house", "house", "evalhub backup", detail=detail)
    change.close()
