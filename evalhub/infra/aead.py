"""Authenticated encryption behind one small interface, so that the algorithm can be switched per installation.

Every sealed value names its algorithm; a value sealed with one opens after a switch to the other. AES-256-GCM is the
default, SM4-GCM the national alternative (GB/T 32907; reviewed under GB/T 39786).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
TAG_BYTES = 16


class Tampered(Exception):
    """A sealed value does not open: changed, moved to another place, or sealed with a key not at hand."""


class Cipherer(Protocol):
    """Seals and opens bytes; the ciphertext is the plaintext's length plus `TAG_BYTES`."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


class _SM4GCM:
    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        encryptor = Cipher(self._key, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        body, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        if len(tag) != TAG_BYTES:
            raise InvalidTag
        decryptor = Cipher(self._key, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(body) + decryptor.finalize()


@dataclass(frozen=True)
class Algorithm:
    """One way to seal: `name` stands in sealed text, `code` (one byte) in sealed files."""

    name: str
    code: int
    key_bytes: int
    cipherer: Callable[[bytes], Cipherer]


ALGORITHMS = {
    algorithm.name: algorithm
    for algorithm in (Algorithm("aes256gcm", 1, 32, AESGCM), Algorithm("sm4gcm", 2, 16, _SM4GCM))
}
BY_CODE = {algorithm.code: algorithm for algorithm in ALGORITHMS.values()}


def derive(key: bytes, purpose: str, length: int = 32, *, salt: bytes | None = None) -> bytes:
    """A key of `length` bytes for one purpose (HKDF-SHA256, RFC 5869), so that no key serves two."""
    return HKDF(hashes.SHA256(), length, salt, purpose.encode()).derive(key)


@lru_cache(maxsize=256)
def cipherer_for(algorithm: Algorithm, key: bytes, purpose: str) -> Cipherer:
    """The cipherer of `key` for one purpose; kept, since deriving costs more than sealing a field."""
    return algorithm.cipherer(derive(key, f"evalhub/{purpose}/{algorithm.name}", algorithm.key_bytes))


@lru_cache(maxsize=256)
def purpose_key(key: bytes, purpose: str) -> bytes:
    """The 32-byte HMAC key of `key` for one purpose; kept for the same reason."""
    return derive(key, f"evalhub/{purpose}")


def seal(cipherer: Cipherer, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Nonce followed by ciphertext and tag."""
    return nonce + cipherer.encrypt(nonce, plaintext, associated)


def unseal(cipherer: Cipherer, sealed: bytes, associated: bytes) -> bytes:
    """What `seal` sealed under the same associated data.

    Raises:
        Tampered: it was not.
    """
    try:
        return cipherer.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated)
    except (InvalidTag, ValueError):
        raise Tampered("a sealed value does not open") from None
