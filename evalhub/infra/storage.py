"""Encrypted files of tasks, on the local disk or in an S3-like store.

A file's name is an HMAC of its content under the task's key: the same document in two tasks has two unrelated names and
two unrelated ciphertexts, and putting it twice into one task keeps one file. Whoever deletes asks his tables first
whether another row names the file. When `put_stream` returns, the file is on the disk and synced: the row may follow.
"""

import contextlib
import hashlib
import hmac
import os
import re
import secrets as chance
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from evalhub.infra.aead import ALGORITHMS, Algorithm, Tampered, purpose_key
from evalhub.infra.durable import sync_directory
from evalhub.infra.sealed_files import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SEALED_CHUNK_BYTES,
    SealedForm,
    count_chunks,
    plain_size,
    read_chunks,
    seal_chunks,
)

_STAGING = "staging"
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}")


class FileTooLarge(Exception):
    """More bytes came than the limit allows; nothing was kept."""


class FileMissing(Exception):
    """No stored file has this name."""


@dataclass(frozen=True)
class StoredFile:
    """One stored file: `name` in the store, size of the content, its SHA-256 as 64 hexadecimal digits."""

    name: str
    size_bytes: int
    sha256: str


class Shelf(Protocol):
    """Where sealed files end up: takes a finished local file under its name."""

    store: ObjectStore

    def take(self, staged: Path, name: str) -> None: ...


class LocalShelf:
    """A directory on this host. The store's own writing does not sync, so files are linked in by hand."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self.store: ObjectStore = LocalStore(directory)

    def take(self, staged: Path, name: str) -> None:
        target = self._directory / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.replace(staged, target)
        sync_directory(target.parent)
        sync_directory(self._directory)


class ObjectShelf:
    """An S3-like store (or obstore's memory store); the sealed file is uploaded whole, in parts."""

    def __init__(self, store: ObjectStore) -> None:
        self.store = store

    def take(self, staged: Path, name: str) -> None:
        with staged.open("rb") as file:
            obstore.put(self.store, name, file)
        staged.unlink()


class Storage:
    """Puts, reads, proves and deletes encrypted files.

    Args:
        shelf: where files are kept.
        staging: local directory on the shelf's file system for files being written; swept by `sweep_staging`.
        algorithm: what new files are sealed with, "aes256gcm" or "sm4gcm".
    """

    def __init__(self, shelf: Shelf, staging: Path, *, algorithm: str = "aes256gcm") -> None:
        staging.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._shelf = shelf
        self._staging = staging
        self._algorithm: Algorithm = ALGORITHMS[algorithm]

    def put_stream(self, task_key: bytes, source: BinaryIO, limit_bytes: int) -> StoredFile:
        """Seal and keep what `source` yields, in constant memory.

        Raises:
            FileTooLarge: more than `limit_bytes` came; nothing is kept.
        """
        staged = self._staging / chance.token_hex(16)
        try:
            size, content_hash = self._write_sealed(staged, task_key, source, limit_bytes)
            name = _file_name(task_key, content_hash)
            self._shelf.take(staged, name)
        finally:
            staged.unlink(missing_ok=True)
        return StoredFile(name, size, content_hash.hex())

    def open_stream(self, task_key: bytes, name: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Content from byte `start` up to `stop` (whole by default), piece by piece.

        Nothing unproved is handed out: every piece is authenticated, and a whole read ends in `Tampered` instead of its
        last piece when another file stands under this name.

        Raises:
            FileMissing: no such file (at once).
            Tampered: the file was changed, or belongs to another task.
        """
        size = self._sealed_size(name)
        form = SealedForm.read(task_key, self._read(name, 0, min(HEADER_BYTES, size)))
        wanted = range(start, plain_size(size) if stop is None else min(stop, plain_size(size)))
        pieces = self._open_chunks(form, name, size, wanted)
        whole = wanted == range(plain_size(size))
        return _prove_name(pieces, task_key, name) if whole else pieces

    def size_of(self, name: str) -> int:
        """Bytes of content of a stored file. Raises `FileMissing`."""
        return plain_size(self._sealed_size(name))

    def verify(self, task_key: bytes, stored: StoredFile) -> bool:
        """Whether the stored file is whole, unchanged and the one named: reads it all."""
        running, size = hashlib.sha256(), 0
        try:
            for piece in self.open_stream(task_key, stored.name):
                running.update(piece)
                size += len(piece)
        except (FileMissing, Tampered):
            return False
        return (size, running.hexdigest()) == (stored.size_bytes, stored.sha256)

    def delete(self, name: str) -> None:
        """Remove a file; removing one that is gone is no error."""
        with contextlib.suppress(FileNotFoundError):
            obstore.delete(self._shelf.store, name)

    def list_names(self) -> Iterator[str]:
        """Names of all stored files, for comparing with the rows."""
        for batch in obstore.list(self._shelf.store):
            yield from (entry["path"] for entry in batch)

    def read_sealed(self, name: str) -> Iterator[bytes]:
        """The file as it lies in the store, for a backup that needs no key. Raises `FileMissing`."""
        size = self._sealed_size(name)
        return (self._read(name, at, min(at + CHUNK_BYTES, size)) for at in range(0, size, CHUNK_BYTES))

    def put_sealed(self, name: str, source: BinaryIO) -> None:
        """Keep a file as a backup holds it; whether it is unchanged is proved when it is opened.

        Raises:
            ValueError: no stored file has such a name.
        """
        if not _NAME.fullmatch(name):
            raise ValueError("not a stored file's name")
        staged = self._staging / chance.token_hex(16)
        try:
            _write_synced(staged, iter(lambda: source.read(CHUNK_BYTES), b""))
            self._shelf.take(staged, name)
        finally:
            staged.unlink(missing_ok=True)

    def sweep_staging(self, older_than: float) -> int:
        """Delete staged files last written before that time stamp (left by a killed process); how many."""
        stale = [path for path in self._staging.iterdir() if path.stat().st_mtime < older_than]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _write_sealed(self, staged: Path, task_key: bytes, source: BinaryIO, limit: int) -> tuple[int, bytes]:
        form = SealedForm.new(task_key, self._algorithm)
        hashed = _Hashed(read_chunks(source, limit, lambda: FileTooLarge(f"more than {limit} bytes")))
        _write_synced(staged, seal_chunks(form, iter(hashed)))
        return hashed.size, hashed.running.digest()

    def _open_chunks(self, form: SealedForm, name: str, size: int, wanted: range) -> Iterator[bytes]:
        chunks = count_chunks(size)
        if not wanted and plain_size(size):
            return
        for index in range(wanted.start // CHUNK_BYTES, -(-wanted.stop // CHUNK_BYTES) or 1):
            at = HEADER_BYTES + index * SEALED_CHUNK_BYTES
            sealed = self._read(name, at, min(at + SEALED_CHUNK_BYTES, size))
            piece = form.open_chunk(index, sealed, last=index == chunks - 1)
            offset = index * CHUNK_BYTES
            yield piece[max(0, wanted.start - offset) : wanted.stop - offset]

    def _sealed_size(self, name: str) -> int:
        try:
            return obstore.head(self._shelf.store, name)["size"]
        except FileNotFoundError:
            raise FileMissing(name) from None

    def _read(self, name: str, start: int, end: int) -> bytes:
        if start == end:
            return b""
        try:
            return bytes(obstore.get_range(self._shelf.store, name, start=start, end=end))
        except FileNotFoundError:
            raise FileMissing(name) from None


class _Hashed:
    """Chunks passing by, counted and hashed."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self.running = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.running.update(chunk)
            self.size += len(chunk)
            yield chunk


def local_storage(directory: Path, *, algorithm: str = "aes256gcm") -> Storage:
    """Storage under one local directory: `files/` and `staging/`."""
    return Storage(LocalShelf(directory / "files"), directory / _STAGING, algorithm=algorithm)


def open_storage(directory: Path, url: str | None = None, *, algorithm: str = "aes256gcm") -> Storage:
    """Storage at an S3-like address (s3://bucket/prefix, keys from the environment), else in the local directory."""
    if url is None:
        return local_storage(directory, algorithm=algorithm)
    return Storage(ObjectShelf(from_url(url)), directory / _STAGING, algorithm=algorithm)


def _write_synced(path: Path, pieces: Iterator[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _file_name(task_key: bytes, content_hash: bytes) -> str:
    name = hmac.digest(purpose_key(task_key, "file_name"), content_hash, "sha256").hex()
    return f"{name[:2]}/{name}"


def _prove_name(pieces: Iterator[bytes], task_key: bytes, name: str) -> Iterator[bytes]:
    running, held = hashlib.sha256(), b""
    for piece in pieces:
        running.update(piece)
        if held:
            yield held
        held = piece
    if not hmac.compare_digest(_file_name(task_key, running.digest()), name):
        raise Tampered("another file stands under this name")
    yield held
