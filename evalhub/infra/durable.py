"""Making file names durable: a new name is lost at a power cut until its directory is synced."""

import os
from pathlib import Path


def sync_directory(directory: Path) -> None:
    """Flush the names in `directory` to the disk; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
