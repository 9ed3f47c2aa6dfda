"""Loads the key files of one installation and refuses those that would not keep a secret.

One directory holds one small text file per key, 64 hexadecimal digits each. Two of them are rings, so that they can be
changed while old values still open: `master-<id>.key` and `session-<id>.key`; the greatest id is the newest and the one
in use. `blind_index.key`, `journal.key` and `receipt.key` stand alone: changing one would orphan what it has signed.
"""

import hashlib
import os
import re
import secrets as chance
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evalhub.infra.durable import sync_directory

KEY_BYTES = 32
FIRST_ID = "k0001"
RINGS = ("master", "session")
SINGLES = ("blind_index", "journal", "receipt")
_RING_FILE = re.compile(r"(master|session)-(k\d{4})\.key")
_KEY_TEXT = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}")
_LEAST_DISTINCT_BYTES = 12  # 32 random bytes have fewer with a chance below 1 in 10**14


class UnsafeSecrets(Exception):
    """The key files are missing, readable by others, or no secret; the message says which and what to do."""


@dataclass(frozen=True)
class Secrets:
    """Key material of one installation: 32 random bytes each; rings map key id to key."""

    master_keys: Mapping[str, bytes]
    session_keys: Mapping[str, bytes]
    blind_index: bytes
    journal: bytes
    receipt: bytes

    @property
    def newest_master_id(self) -> str:
        """Id of the master key that encrypts; the others only open."""
        return max(self.master_keys)

    @property
    def session(self) -> str:
        """Signing secret of the web session, as Flask's SECRET_KEY takes it."""
        return self.session_keys[max(self.session_keys)].hex()

    @property
    def session_fallbacks(self) -> tuple[str, ...]:
        """Earlier session secrets, newest first, as SECRET_KEY_FALLBACKS takes them."""
        return tuple(self.session_keys[key_id].hex() for key_id in sorted(self.session_keys, reverse=True)[1:])

    def __repr__(self) -> str:
        return f"Secrets(master={sorted(self.master_keys)}, session={sorted(self.session_keys)})"


def create_secrets(directory: Path) -> None:
    """Write whatever key file is missing; existing ones are left alone. Safe when two processes do it at once."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for ring in RINGS:
        if not any(_ring_id(path, ring) for path in directory.iterdir()):
            _write_key(directory / f"{ring}-{FIRST_ID}.key")
    for name in SINGLES:
        _write_key(directory / f"{name}.key")


def add_ring_key(directory: Path, ring: str) -> str:
    """Add a newer key to the `master` or `session` ring and return its id; running processes use it after a restart."""
    if ring not in RINGS:
        raise ValueError(f"no ring {ring}")
    ids = [found for path in directory.iterdir() if (found := _ring_id(path, ring))]
    key_id = f"k{max((int(found[1:]) for found in ids), default=0) + 1:04d}"
    _write_key(directory / f"{ring}-{key_id}.key")
    return key_id


def key_fingerprints(directory: Path) -> dict[str, str]:
    """File name -> 16 hexadecimal digits that tell two keys apart and say nothing about either."""
    return {
        path.name: hashlib.sha256(b"evalhub/key-fingerprint/v1" + _read_key(path, strict=False)).hexdigest()[:16]
        for path in sorted(directory.glob("*.key"))
    }


def load_secrets(directory: Path, *, create: bool = False, strict: bool = True) -> Secrets:
    """Key material of `directory`.

    Args:
        directory: the folder of key files.
        create: write missing keys first (demo, `evalhub init`); production reads what was made for it.
        strict: refuse files another user of the machine could read (production).

    Raises:
        UnsafeSecrets: a key is missing, malformed, too short, a default, or (strict) open to other users.
    """
    if create:
        create_secrets(directory)
    if not directory.is_dir():
        raise UnsafeSecrets(f"The key directory {directory} does not exist. Run `evalhub init` to make the keys.")
    if strict:
        _refuse_open_to_others(directory)
    return Secrets(
        master_keys=_read_ring(directory, "master", strict),
        session_keys=_read_ring(directory, "session", strict),
        **{name: _read_key(directory / f"{name}.key", strict) for name in SINGLES},
    )


def _ring_id(path: Path, ring: str) -> str | None:
    found = _RING_FILE.fullmatch(path.name)
    return found[2] if found and found[1] == ring else None


def _read_ring(directory: Path, ring: str, strict: bool) -> Mapping[str, bytes]:
    keys = {key_id: _read_key(path, strict) for path in directory.iterdir() if (key_id := _ring_id(path, ring))}
    if not keys:
        raise UnsafeSecrets(f"No {ring}-*.key in {directory}. Run `evalhub init`, or restore the keys from their copy.")
    return keys


def _read_key(path: Path, strict: bool) -> bytes:
    try:
        if strict:
            _refuse_open_to_others(path)
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        raise UnsafeSecrets(
            f"The key file {path} is missing. Run `evalhub init`, or restore it from its copy."
        ) from None
    except UnicodeDecodeError:
        text = ""
    if not _KEY_TEXT.fullmatch(text):
        raise UnsafeSecrets(f"The key file {path} must hold exactly {2 * KEY_BYTES} hexadecimal digits (0-9, a-f).")
    key = bytes.fromhex(text)
    if len(set(key)) < _LEAST_DISTINCT_BYTES:
        raise UnsafeSecrets(f"The key in {path} is a pattern, not random. Delete the file and run `evalhub init`.")
    return key


def _refuse_open_to_others(path: Path) -> None:
    if os.name != "posix":
        return
    status = path.stat()
    if status.st_uid not in (os.geteuid(), 0):
        raise UnsafeSecrets(f"{path} belongs to another user. Run `chown {os.geteuid()} {path}`.")
    if stat.S_IMODE(status.st_mode) & 0o077:
        wanted = "700" if path.is_dir() else "600"
        raise UnsafeSecrets(f"Other users of this machine may read {path}. Run `chmod {wanted} {path}`.")


def _write_key(path: Path) -> None:
    """Write a new random key at once and whole: a half-written or twice-written key never has this name."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{chance.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(chance.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # link, unlike rename, fails when another process has just made the key, whose key then stands
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_directory(path.parent)
