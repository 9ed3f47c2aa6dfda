"""The form of an encrypted file: a header, then chunks sealed one by one, so that 200 MB never stand in memory.

Header: 4 bytes "EVF1", 1 byte algorithm, 32 bytes salt. Each file has a key of its own, derived from the task's key
and the salt; chunk i is sealed with nonce i and a flag on the last, so cutting, swapping or repeating is noticed.
The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizar: Online Authenticated-Encryption, CRYPTO 2015).
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from evalhub.infra.aead import BY_CODE, NONCE_BYTES, TAG_BYTES, Algorithm, Cipherer, Tampered, derive

CHUNK_BYTES = 1024 * 1024
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
_MAGIC = b"EVF1"
_SALT_BYTES = 32
HEADER_BYTES = len(_MAGIC) + 1 + _SALT_BYTES


@dataclass(frozen=True)
class SealedForm:
    """How one file is sealed: its header and the cipherer of its own key."""

    header: bytes
    cipherer: Cipherer

    @classmethod
    def new(cls, task_key: bytes, algorithm: Algorithm) -> "SealedForm":
        """The form of a file about to be written, with a fresh salt."""
        return cls._of(task_key, algorithm, os.urandom(_SALT_BYTES))

    @classmethod
    def read(cls, task_key: bytes, header: bytes) -> "SealedForm":
        """The form a stored header states. Raises `Tampered` for anything else."""
        algorithm = BY_CODE.get(header[len(_MAGIC)]) if len(header) == HEADER_BYTES else None
        if algorithm is None or not header.startswith(_MAGIC):
            raise Tampered("not an encrypted file of this system")
        return cls._of(task_key, algorithm, header[-_SALT_BYTES:])

    @classmethod
    def _of(cls, task_key: bytes, algorithm: Algorithm, salt: bytes) -> "SealedForm":
        key = derive(task_key, f"evalhub/file/{algorithm.name}", algorithm.key_bytes, salt=salt)
        return cls(_MAGIC + bytes([algorithm.code]) + salt, algorithm.cipherer(key))

    def seal_chunk(self, index: int, chunk: bytes, *, last: bool) -> bytes:
        """Chunk `index` (from 0) sealed."""
        return self.cipherer.encrypt(_nonce(index, last), chunk, self.header)

    def open_chunk(self, index: int, sealed: bytes, *, last: bool) -> bytes:
        """Chunk `index` opened. Raises `Tampered` when it is not that chunk, whole and in its place."""
        try:
            return self.cipherer.decrypt(_nonce(index, last), sealed, self.header)
        except Exception as error:
            raise Tampered(f"chunk {index} of a file does not open") from error


def seal_chunks(form: SealedForm, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Header and sealed chunks of a file; `chunks` are full but the last, which may be empty only if alone."""
    yield form.header
    index, held = 0, next(chunks, b"")
    for following in chunks:
        yield form.seal_chunk(index, held, last=False)
        index, held = index + 1, following
    yield form.seal_chunk(index, held, last=True)


def read_chunks(source: BinaryIO, limit_bytes: int, on_excess: Callable[[], Exception]) -> Iterator[bytes]:
    """Full chunks of `source`, the last as long as it is; raises `on_excess()` once more than the limit came."""
    taken = 0
    pending = bytearray()
    while block := source.read(CHUNK_BYTES):
        taken += len(block)
        if taken > limit_bytes:
            raise on_excess()
        pending += block
        while len(pending) >= CHUNK_BYTES:
            yield bytes(pending[:CHUNK_BYTES])
            del pending[:CHUNK_BYTES]
    if pending:
        yield bytes(pending)


def count_chunks(sealed_size: int) -> int:
    """Chunks in a sealed file of that many bytes. Raises `Tampered` when no file can have that size."""
    body = sealed_size - HEADER_BYTES
    chunks, rest = divmod(body, SEALED_CHUNK_BYTES)
    if body < TAG_BYTES or 0 < rest < TAG_BYTES:
        raise Tampered("a file was cut")
    return chunks + (rest > 0)


def plain_size(sealed_size: int) -> int:
    """Bytes of content in a sealed file of that many bytes."""
    return sealed_size - HEADER_BYTES - TAG_BYTES * count_chunks(sealed_size)


def _nonce(index: int, last: bool) -> bytes:
    return bytes(NONCE_BYTES - 5) + index.to_bytes(4, "big") + bytes([last])
