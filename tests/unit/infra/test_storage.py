"""Encrypted files: constant memory, unrelated names, every change noticed, nothing left behind."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from evalhub.infra.crypto import Tampered
from evalhub.infra.sealed_files import CHUNK_BYTES
from evalhub.infra.storage import (
    FileMissing,
    FileTooLarge,
    ObjectShelf,
    Storage,
    StoredFile,
    local_storage,
    open_storage,
)
from tests.unit.infra.keys import fixed_key

TASK, OTHER = fixed_key("task"), fixed_key("other")
MIB = 1024 * 1024


@pytest.fixture(params=["local", "object", "local-sm4"])
def storage(request, tmp_path) -> Storage:
    if request.param == "object":
        return Storage(ObjectShelf(MemoryStore()), tmp_path / "staging")
    return local_storage(tmp_path, algorithm="sm4gcm" if request.param == "local-sm4" else "aes256gcm")


def content_of(size: int) -> bytes:
    return (b"0123456789abcdef" * (size // 16 + 1))[:size]


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 17])
def test_put_file_reads_back_the_same(storage, tmp_path, size):
    content = content_of(size)
    stored = storage.put_stream(TASK, io.BytesIO(content), 4 * MIB)

    assert stored.size_bytes == storage.size_of(stored.name) == size
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert b"".join(storage.open_stream(TASK, stored.name)) == content
    assert storage.verify(TASK, stored)
    assert list((tmp_path / "staging").iterdir()) == []


@pytest.mark.parametrize(
    ("start", "stop"),
    [(0, 10), (5, None), (MIB - 3, MIB + 3), (MIB, 2 * MIB), (2 * MIB + 10, None), (10, 10), (9 * MIB, None)],
)
def test_part_of_a_file_reads_as_that_part(storage, start, stop):
    content = content_of(2 * MIB + 100)
    stored = storage.put_stream(TASK, io.BytesIO(content), 4 * MIB)

    assert b"".join(storage.open_stream(TASK, stored.name, start, stop)) == content[start:stop]


def test_equal_content_in_two_tasks_shares_neither_name_nor_bytes(tmp_path):
    storage = local_storage(tmp_path)
    names = [storage.put_stream(key, io.BytesIO(b"report" * 1000), MIB).name for key in (TASK, OTHER)]
    first, second = ((tmp_path / "files" / name).read_bytes() for name in names)

    assert names[0] != names[1]
    assert hashlib.sha256(b"report" * 1000).hexdigest() not in "".join(names)
    assert not any(first[at : at + 16] in second for at in range(5, len(first) - 16, 16))


def test_equal_content_in_one_task_is_one_file(storage):
    stored = [storage.put_stream(TASK, io.BytesIO(b"same"), MIB) for _ in range(2)]

    assert stored[0] == stored[1]
    assert list(storage.list_names()) == [stored[0].name]
    assert storage.verify(TASK, stored[0])


class _Counting(io.RawIOBase):
    """An endless stream that counts what was taken from it."""

    taken = 0

    def read(self, size=-1):
        self.taken += size
        return bytes(size)


def test_stream_over_the_limit_is_refused_early_and_leaves_nothing(storage, tmp_path):
    endless = _Counting()

    with pytest.raises(FileTooLarge):
        storage.put_stream(TASK, endless, 3 * MIB)

    assert endless.taken <= 4 * MIB
    assert list((tmp_path / "staging").iterdir()) == []
    assert list(storage.list_names()) == []


def test_limit_is_inclusive(storage):
    assert storage.put_stream(TASK, io.BytesIO(b"12345"), 5).size_bytes == 5
    with pytest.raises(FileTooLarge):
        storage.put_stream(TASK, io.BytesIO(b"123456"), 5)


def test_file_opens_with_its_own_tasks_key_only(storage):
    stored = storage.put_stream(TASK, io.BytesIO(b"secret"), MIB)

    with pytest.raises(Tampered):
        list(storage.open_stream(OTHER, stored.name))
    assert not storage.verify(OTHER, stored)


def test_file_missing_is_said_before_the_first_byte(storage):
    with pytest.raises(FileMissing):
        storage.open_stream(TASK, "aa/" + "a" * 64)
    assert not storage.verify(TASK, StoredFile("aa/" + "a" * 64, 1, "0" * 64))


def test_delete_removes_and_may_be_repeated(storage):
    stored = storage.put_stream(TASK, io.BytesIO(b"x"), MIB)
    storage.delete(stored.name)
    storage.delete(stored.name)

    assert list(storage.list_names()) == []


@pytest.fixture
def on_disk(tmp_path) -> tuple[Storage, StoredFile, Path]:
    storage = local_storage(tmp_path)
    stored = storage.put_stream(TASK, io.BytesIO(os.urandom(3 * MIB + 5)), 4 * MIB)
    return storage, stored, tmp_path / "files" / stored.name


SEALED_CHUNK = CHUNK_BYTES + 16


@pytest.mark.parametrize(
    "attack",
    [
        lambda sealed: b"",
        lambda sealed: sealed[:36],
        lambda sealed: sealed[:37],
        lambda sealed: sealed[:-1],
        lambda sealed: sealed + b"\0",
        lambda sealed: b"X" + sealed[1:],
        lambda sealed: sealed[:4] + b"\2" + sealed[5:],
        lambda sealed: sealed[:10] + bytes([sealed[10] ^ 1]) + sealed[11:],
        lambda sealed: sealed[:2_000_000] + bytes([sealed[2_000_000] ^ 1]) + sealed[2_000_001:],
        lambda sealed: sealed[: 37 + SEALED_CHUNK],
        lambda sealed: sealed[: 37 + 3 * SEALED_CHUNK],
        lambda sealed: sealed[:37] + sealed[37 + SEALED_CHUNK :],
        lambda s: (
            s[:37]
            + s[37 + SEALED_CHUNK : 37 + 2 * SEALED_CHUNK]
            + s[37 : 37 + SEALED_CHUNK]
            + s[37 + 2 * SEALED_CHUNK :]
        ),
    ],
    ids=[
        *("empty", "header_cut", "no_chunk", "cut_1", "added_1", "magic", "algorithm", "salt", "bit"),
        *("cut_1_chunk", "cut_last", "dropped", "swapped"),
    ],
)
def test_changed_file_is_noticed(on_disk, attack):
    storage, stored, path = on_disk
    path.write_bytes(attack(path.read_bytes()))

    assert not storage.verify(TASK, stored)
    with pytest.raises(Tampered):
        list(storage.open_stream(TASK, stored.name))


def test_another_file_of_the_same_task_under_the_name_is_noticed(on_disk, tmp_path):
    storage, stored, path = on_disk
    other = storage.put_stream(TASK, io.BytesIO(b"another report"), MIB)
    path.write_bytes((tmp_path / "files" / other.name).read_bytes())

    with pytest.raises(Tampered, match="another file"):
        list(storage.open_stream(TASK, stored.name))


def test_stored_file_is_private(on_disk):
    _, _, path = on_disk

    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert oct(path.parent.stat().st_mode & 0o777) == "0o700"


@pytest.mark.parametrize("name", ["../escape", "a/../../escape", "/etc/passwd"])
def test_name_outside_the_store_reads_nothing(on_disk, name):
    with pytest.raises((FileMissing, ValueError, OSError)):
        on_disk[0].open_stream(TASK, name)


def test_sweep_deletes_only_stale_staged_files(tmp_path):
    storage = local_storage(tmp_path)
    for name, written in (("old", 1000), ("new", 3000)):
        (tmp_path / "staging" / name).write_bytes(b"x")
        os.utime(tmp_path / "staging" / name, (written, written))

    assert storage.sweep_staging(older_than=2000) == 1
    assert [path.name for path in (tmp_path / "staging").iterdir()] == ["new"]


_PUT_200_MB = """
import resource, sys
from pathlib import Path
from evalhub.infra.storage import local_storage
class Source:
    left = 200
    def read(self, size):
        self.left -= 1
        return b"x" * size if self.left >= 0 else b""
storage = local_storage(Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
stored = storage.put_stream(b"k" * 32, Source(), 200 * 2**20)
size = sum(len(piece) for piece in storage.open_stream(b"k" * 32, stored.name))
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(size, grown)
"""


def test_file_of_200_mb_passes_in_constant_memory(tmp_path):
    run = subprocess.run([sys.executable, "-c", _PUT_200_MB, str(tmp_path)], capture_output=True, text=True, check=True)
    size, grown_kib = map(int, run.stdout.split())

    assert size == 200 * MIB
    assert grown_kib < 32 * 1024


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_disk_that_fails_leaves_neither_file_nor_remains(tmp_path, monkeypatch, failing):
    storage = local_storage(tmp_path)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(OSError, match="No space left"):
        storage.put_stream(TASK, io.BytesIO(b"report"), MIB)

    assert list((tmp_path / "staging").iterdir()) == []
    assert list(storage.list_names()) == []


def test_file_gone_while_it_is_read_is_said(on_disk):
    storage, stored, path = on_disk
    pieces = storage.open_stream(TASK, stored.name)
    next(pieces)
    path.unlink()

    with pytest.raises(FileMissing):
        list(pieces)


def test_backup_moves_files_sealed_between_stores(storage, tmp_path):
    stored = storage.put_stream(TASK, io.BytesIO(content_of(2 * MIB + 5)), 4 * MIB)
    restored = open_storage(tmp_path / "restored")
    restored.put_sealed(stored.name, io.BytesIO(b"".join(storage.read_sealed(stored.name))))

    assert restored.verify(TASK, stored)
    assert list(restored.list_names()) == [stored.name]


@pytest.mark.parametrize("name", ["../x", "ab/../../x", "ab/short", "", "AB/" + "a" * 64])
def test_restore_under_a_name_no_file_can_have_is_refused(storage, name):
    with pytest.raises(ValueError, match="not a stored file's name"):
        storage.put_sealed(name, io.BytesIO(b"x"))


def test_storage_opens_at_an_address(tmp_path):
    storage = open_storage(tmp_path, "memory:///")
    stored = storage.put_stream(TASK, io.BytesIO(b"x"), 1)

    assert storage.verify(TASK, stored)
