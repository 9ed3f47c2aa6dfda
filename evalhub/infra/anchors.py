"""Anchors: heads of the journal's chain kept outside the database, one JSON line each, the newest last.

Who owns the database can rebuild its whole chain; he cannot go back behind a head that somebody else holds.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from evalhub.infra.durable import sync_directory


@dataclass(frozen=True)
class Anchor:
    """The chain ended at `position` with `hash` at the instant `at` (milliseconds since 1970, UTC)."""

    position: int
    hash: str
    at: int


def read_anchors(path: Path) -> list[Anchor]:
    """All anchors of a file, oldest first; none where there is no file.

    Raises:
        ValueError: a line is no anchor.
    """
    if not path.exists():
        return []
    return [Anchor(**json.loads(line)) for line in path.read_text("utf-8").splitlines() if line]


def append_anchor(path: Path, anchor: Anchor) -> None:
    """Add one anchor, on the disk when this returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, (json.dumps(asdict(anchor)) + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_directory(path.parent)
