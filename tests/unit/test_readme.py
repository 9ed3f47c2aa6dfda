"""The map in README.md is the tree on disk."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE_AT_RUN_TIME = {"instance/"}
BUILT_OR_LOCAL = {"instance", "build", "dist", "__pycache__"}


def folders_of(folder: Path) -> set[str]:
    return {
        path.name
        for path in folder.iterdir()
        if path.is_dir() and path.name not in BUILT_OR_LOCAL and not path.name.startswith((".", "_"))
    } - {path.name for path in folder.glob("*.egg-info")}


def mapped_folders() -> dict[str, set[str]]:
    """Folder -> the folders that README's map names inside it; "" is the top."""
    block = re.search(r"## Map of the house\n\n```\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert block is not None
    found: dict[str, set[str]] = {"": set()}
    for line in block[1].splitlines():
        entry = re.match(r"( *)([\w-]+)/ ", line)
        if entry and not entry[1]:
            parent = entry[2]
            found[""].add(parent)
        elif entry:
            found.setdefault(parent, set()).add(entry[2])
    return found


def test_map_names_every_folder_of_the_repository_and_none_besides():
    mapped = mapped_folders()

    assert mapped == {"": folders_of(ROOT), "evalhub": folders_of(ROOT / "evalhub")}


def test_every_command_and_file_that_readme_names_exists():
    text = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"`([\w./-]+\.(?:md|py|txt|toml))`", text)) | set(re.findall(r"`((?:[a-z]+/)+)`", text))

    missing = {name for name in named if not ((ROOT / name).exists() or (ROOT / "evalhub" / name).exists())}
    assert missing <= MADE_AT_RUN_TIME
