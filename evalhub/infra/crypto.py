"""The vault: all that is encrypted, indexed blindly, signed or digested goes through here, bound to its place.

A sealed field opens only under the table, column and record it was sealed for; a task's key opens only under its task;
a document only under its kind and record. Moving a ciphertext to another row is thereby noticed, not only changing it.
"""

import base64
import binascii
import hmac
import os
import secrets as chance
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes

from evalhub.infra.aead import ALGORITHMS, BY_CODE, NONCE_BYTES, Tampered, cipherer_for, purpose_key, seal, unseal
from evalhub.infra.secrets import Secrets

__all__ = ["Receipt", "SealedText", "Tampered", "Vault", "canonical", "digest", "new_salt"]

TASK_KEY_BYTES = 32
DOCUMENT_BLOCK_BYTES = 4096  # score sheets are padded to this, so that a length says nothing about scores
_LENGTH_BYTES = 8
_RECEIPT_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U to misread
_RECEIPT_ID_LETTERS = 26  # 130 random bits
_RECEIPT_CODE_LETTERS = 16  # 80 bits of HMAC
_DIGESTS = {"sha256": hashes.SHA256, "sm3": hashes.SM3}


def canonical(*parts: str | bytes) -> bytes:
    """The parts, each with its length before it: two different lists never give the same bytes."""
    encoded = (part.encode() if isinstance(part, str) else part for part in parts)
    return b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in encoded)


def digest(tag: str, content: bytes, *, algorithm: str = "sha256") -> str:
    """Public digest `algorithm:hex` of `content` under a domain tag such as "evalhub/rules/v1"."""
    running = hashes.Hash(_DIGESTS[algorithm]())
    running.update(canonical(tag, content))
    return f"{algorithm}:{running.finalize().hex()}"


def new_salt() -> str:
    """Salt of one journal digest: 32 hexadecimal digits. Deleting it makes the digest say nothing."""
    return chance.token_hex(16)


@dataclass(frozen=True)
class SealedText:
    """A sealed text taken apart; as bytes it is ASCII, `algorithm:key id:base64`."""

    algorithm: str
    key_id: str
    body: bytes

    @classmethod
    def parse(cls, sealed: bytes) -> "SealedText":
        """Raises `Tampered` for text that is no sealed value."""
        try:
            algorithm, key_id, body = sealed.decode("ascii").split(":")
            parsed = cls(algorithm, key_id, base64.b64decode(body, altchars=b"-_", validate=True))
        except (ValueError, binascii.Error):
            raise Tampered("not a sealed value") from None
        if bytes(parsed) != sealed:  # base64 has spare bits; a sealed value has one spelling only
            raise Tampered("not a sealed value")
        return parsed

    def __bytes__(self) -> bytes:
        return f"{self.algorithm}:{self.key_id}:".encode() + base64.urlsafe_b64encode(self.body)


@dataclass(frozen=True)
class Receipt:
    """What a person keeps (`text`: 26 letters, a hyphen, 16 letters) and the full HMAC that the record keeps."""

    text: str
    hmac: str


class Vault:
    """Seals and opens with the keys of one installation.

    Args:
        secrets: the loaded keys.
        algorithm: what new values are sealed with, "aes256gcm" or "sm4gcm"; older values open whatever it is.
    """

    def __init__(self, secrets: Secrets, *, algorithm: str = "aes256gcm") -> None:
        self._secrets = secrets
        self._algorithm = ALGORITHMS[algorithm]

    def seal_field(self, plaintext: str, *, place: str, record_id: str) -> bytes:
        """Sealed text of one field; `place` is "table.column", `record_id` the row's id."""
        return self._seal_text(plaintext.encode(), "field", place, record_id)

    def open_field(self, sealed: bytes, *, place: str, record_id: str) -> str:
        """The field's text. Raises `Tampered` when it was not sealed for this place and record."""
        return self._open_text(sealed, "field", place, record_id).decode()

    def needs_resealing(self, sealed: bytes) -> bool:
        """Whether a field or task key is sealed with an older key or another algorithm than new ones are."""
        parsed = SealedText.parse(sealed)
        return (parsed.key_id, parsed.algorithm) != (self._secrets.newest_master_id, self._algorithm.name)

    def reseal_field(self, sealed: bytes, *, place: str, record_id: str) -> bytes:
        """The same field under the newest key: one step of a key rotation."""
        plaintext = self.open_field(sealed, place=place, record_id=record_id)
        return self.seal_field(plaintext, place=place, record_id=record_id)

    def blind_index(self, kind: str, text: str) -> str:
        """64 hexadecimal digits, equal for equal text of one kind ("person.id_number"); fold the text before."""
        return self._mac(self._secrets.blind_index, "blind_index", kind, text).hex()

    def new_task_key(self) -> bytes:
        """A random 32-byte key for the sheets and files of one task."""
        return os.urandom(TASK_KEY_BYTES)

    def wrap_task_key(self, task_key: bytes, task_id: str) -> bytes:
        """The task's key sealed by the master key, as the task row keeps it."""
        return self._seal_text(task_key, "task_key", task_id)

    def unwrap_task_key(self, wrapped: bytes, task_id: str) -> bytes:
        """The task's key. Raises `Tampered` when it was wrapped for another task."""
        return self._open_text(wrapped, "task_key", task_id)

    def rewrap_task_key(self, wrapped: bytes, task_id: str) -> bytes:
        """The same task key under the newest master key; sheets and files stay as they are."""
        return self.wrap_task_key(self.unwrap_task_key(wrapped, task_id), task_id)

    def seal_document(self, task_key: bytes, kind: str, record_id: str, content: bytes) -> bytes:
        """One document (a score sheet) as ciphertext whose length tells only the number of 4 KB blocks."""
        framed = len(content).to_bytes(_LENGTH_BYTES, "big") + content
        padded = framed + bytes(-len(framed) % DOCUMENT_BLOCK_BYTES)
        cipherer = cipherer_for(self._algorithm, task_key, "document")
        associated = canonical(kind, record_id)
        return bytes([self._algorithm.code]) + seal(cipherer, os.urandom(NONCE_BYTES), padded, associated)

    def open_document(self, task_key: bytes, kind: str, record_id: str, sealed: bytes) -> bytes:
        """The document's bytes. Raises `Tampered` when sealed for another task, kind or record."""
        algorithm = BY_CODE.get(sealed[0]) if sealed else None
        if algorithm is None:
            raise Tampered("not a sealed document")
        cipherer = cipherer_for(algorithm, task_key, "document")
        padded = unseal(cipherer, sealed[1:], canonical(kind, record_id))
        length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
        return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]

    def make_receipt(self, kind: str, *facts: str) -> Receipt:
        """A receipt for `facts` (record id, digest of what was handed in): a random id, then its code.

        Who holds it can prove the facts, even against a changed database; it tells nothing about them.
        """
        receipt_id = "".join(chance.choice(_RECEIPT_ALPHABET) for _ in range(_RECEIPT_ID_LETTERS))
        mac = self._receipt_mac(receipt_id, kind, facts)
        return Receipt(f"{receipt_id}-{_receipt_code(mac)}", f"hmac-sha256:{mac.hex()}")

    def check_receipt(self, receipt: str, kind: str, *facts: str) -> bool:
        """Whether this installation gave `receipt` for exactly these facts."""
        receipt_id, _, code = receipt.strip().upper().partition("-")
        expected = _receipt_code(self._receipt_mac(receipt_id, kind, facts))
        return hmac.compare_digest(code.encode(), expected.encode())

    def journal_digest(self, salt: str, content: str | bytes) -> str:
        """Salted digest of a record's state for the journal: `hmac-sha256:hex`; nothing can be guessed from it."""
        return f"hmac-sha256:{self._mac(self._secrets.journal, 'digest', salt, content).hex()}"

    def journal_mac(self, content: str | bytes) -> str:
        """Keyed digest of one link of the journal's chain: `hmac-sha256:hex`."""
        return f"hmac-sha256:{self._mac(self._secrets.journal, 'chain', content).hex()}"

    def _seal_text(self, plaintext: bytes, purpose: str, *place: str) -> bytes:
        key_id = self._secrets.newest_master_id
        cipherer = cipherer_for(self._algorithm, self._secrets.master_keys[key_id], purpose)
        associated = canonical(self._algorithm.name, key_id, *place)
        body = seal(cipherer, os.urandom(NONCE_BYTES), plaintext, associated)
        return bytes(SealedText(self._algorithm.name, key_id, body))

    def _open_text(self, sealed: bytes, purpose: str, *place: str) -> bytes:
        parsed = SealedText.parse(sealed)
        algorithm, key = ALGORITHMS.get(parsed.algorithm), self._secrets.master_keys.get(parsed.key_id)
        if algorithm is None or key is None:
            raise Tampered(f"no key {parsed.key_id} for {parsed.algorithm} on this installation")
        associated = canonical(parsed.algorithm, parsed.key_id, *place)
        return unseal(cipherer_for(algorithm, key, purpose), parsed.body, associated)

    def _receipt_mac(self, receipt_id: str, kind: str, facts: tuple[str, ...]) -> bytes:
        return self._mac(self._secrets.receipt, "receipt", receipt_id, kind, *facts)

    @staticmethod
    def _mac(key: bytes, purpose: str, *parts: str | bytes) -> bytes:
        return hmac.digest(purpose_key(key, purpose), canonical(*parts), "sha256")


def _receipt_code(mac: bytes) -> str:
    number = int.from_bytes(mac[:10], "big")
    return "".join(_RECEIPT_ALPHABET[number >> (5 * place) & 31] for place in range(_RECEIPT_CODE_LETTERS))
