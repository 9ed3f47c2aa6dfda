"""Random ids and bytes. A demo district replaces the source by a seeded one and so comes out equal each time."""

import random
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seeded: ContextVar[random.Random | None] = ContextVar("seeded_source", default=None)


def random_bytes(count: int) -> bytes:
    """`count` bytes from the operating system, or from the seeded source inside `seeded`."""
    source = _seeded.get()
    return source.randbytes(count) if source else secrets.token_bytes(count)


def new_id() -> str:
    """A record id: 128 random bits, 22 characters, safe in an address and never guessable."""
    return urlsafe_b64encode(random_bytes(16)).decode().rstrip("=")


@contextmanager
def seeded(seed: str) -> Iterator[None]:
    """Ids and salts inside the block follow from `seed`. For demonstration data only, never for keys."""
    token = _seeded.set(random.Random(seed))
    try:
        yield
    finally:
        _seeded.reset(token)
