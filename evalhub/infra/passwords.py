"""Password hashing with argon2id, and one-time codes whose digest alone is kept."""

import hashlib

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from evalhub.infra.chance import random_bytes

_hasher = PasswordHasher()
_nobody: list[str] = []
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def use_light_hashing() -> None:
    """Cheaper parameters, for tests and demonstration data only: hashing then costs a millisecond."""
    global _hasher
    _hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    _nobody.clear()


def hash_password(password: str) -> str:
    return _hasher.hash(password, salt=random_bytes(16))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; takes the same time where there is no account to compare with."""
    if password_hash is None:
        if not _nobody:
            _nobody.append(_hasher.hash("nobody has this password"))
        _verify(_nobody[0], password)
        return False
    return _verify(password_hash, password)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def new_code(groups: int = 4) -> str:
    """A one-time code of groups of four letters and digits that are not mistaken for one another (20 bits a group)."""
    signs = [CODE_LETTERS[byte % 32] for byte in random_bytes(4 * groups)]
    return "-".join("".join(signs[start : start + 4]) for start in range(0, len(signs), 4))


def code_digest(code: str) -> str:
    """What is kept of a code: it is long enough that its plain digest cannot be searched."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return "sha256:" + hashlib.sha256(plain.encode()).hexdigest()
