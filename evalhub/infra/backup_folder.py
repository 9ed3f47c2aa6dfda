"""A backup on the disk: one folder that is either whole or not there, and proves itself with `sha256sum -c`.

manifest.json       what it holds: revision of the tables, rows, head of the journal, fingerprints of keys
SHA256SUMS          the hash of every other file
tables/*.jsonl      business tables;  access/*.jsonl  the access log
files/ab/ab12...    files as the store keeps them, sealed
secrets/*.key       only when asked for
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evalhub.infra.durable import sync_directory

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
FORMAT = 1
_DRAFT = ".partial"
_PIECE_BYTES = 1024 * 1024


class BackupFault(Exception):
    """A backup cannot be written there, or what is there is no whole backup; the message says what to do."""


class BackupDraft:
    """A backup being written beside its final place, which it takes all at once.

    Args:
        target: where the backup shall lie; must not exist yet, or be an empty folder.
    """

    def __init__(self, target: Path) -> None:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise BackupFault(f"{target} exists already and is not empty. Name a new folder; nothing was written.")
        self.target = target
        self.folder = target.with_name(target.name + _DRAFT)
        if self.folder.exists():
            shutil.rmtree(self.folder)  # left by a backup that was interrupted; it begins anew
        self.folder.mkdir(mode=0o700, parents=True)

    def subfolder(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(mode=0o700)
        return path

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one file that only its owner reads."""
        path = self.folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write manifest and hashes, sync all, and give the folder its name."""
        self.put(MANIFEST, [json.dumps({"format": FORMAT, **manifest}, ensure_ascii=False, indent=1).encode()])
        lines = [f"{hash_of(path)}  {path.relative_to(self.folder).as_posix()}\n" for path in _files(self.folder)]
        self.put(SUMS, ["".join(lines).encode()])
        for path in _files(self.folder):
            path.chmod(0o600)
            _sync(path)
        for place in {path.parent for path in _files(self.folder)}:
            sync_directory(place)
        if self.target.exists():
            self.target.rmdir()
        self.folder.rename(self.target)
        sync_directory(self.target.parent)

    def abandon(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def read_backup(source: Path) -> dict[str, Any]:
    """The manifest of a backup, after every file of it has been compared with its hash.

    Raises:
        BackupFault: no backup, of another format, or a file is missing, changed or of unknown origin.
    """
    if not (source / MANIFEST).is_file() or not (source / SUMS).is_file():
        raise BackupFault(f"{source} is no finished backup: {MANIFEST} or {SUMS} is missing.")
    expected = dict(reversed(line.split("  ", 1)) for line in (source / SUMS).read_text("utf-8").splitlines())
    present = {path.relative_to(source).as_posix() for path in _files(source)} - {SUMS}
    strange = sorted(set(expected) ^ present)
    changed = [name for name in sorted(present & set(expected)) if hash_of(source / name) != expected[name]]
    if strange or changed:
        raise BackupFault(f"The backup is damaged: {', '.join([*changed, *strange][:5])}. Use another copy of it.")
    manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text("utf-8"))
    if manifest.get("format") != FORMAT:
        raise BackupFault("The backup was written by a later version of evalhub. Install that version to restore it.")
    return manifest


def hash_of(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    running = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            running.update(piece)
    return running.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
