"""Where templates, static files and migrations lie: inside the installed package, or at the top of the repository."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def share(name: str) -> Path:
    """The folder `templates`, `static` or `migrations` of this installation."""
    installed = PACKAGE / "_share" / name
    return installed if installed.is_dir() else PACKAGE.parent / name
