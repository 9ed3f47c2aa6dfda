"""The rules of the house that a machine can check: imports, sizes, what a public repository must not say."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 350
HANDED_OUT_WHOLE = {"evalhub/domain/allocation/verify.py"}  # one file on the standard library, for outsiders
NOT_OURS = {".git", ".venv", "instance", "node_modules", "dist", "build", "shots", ".hypothesis", "__pycache__"}
DOMAIN_MAY_IMPORT = {"numpy", "scipy", "evalhub"} | sys.stdlib_module_names
ONE_PLACE = {
    "pulp": "evalhub/domain/allocation/model.py",
    "highspy": "evalhub/domain/allocation/model.py",
}
ADDRESSES = re.compile(
    r"registry\.npm|npmmirror|files\.pythonhosted|pypi\.org/simple|--(extra-)?index-url|/simple/"
    r"|(?<![\w.])/(home|Users|work|opt|mnt|root)/\w"
)


def files_of_the_repository() -> list[Path]:
    """All that people wrote; without git, which a machine that only runs the tests may lack."""
    found = []
    for place, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith(("_cache", ".egg-info"))]
        found += [Path(place) / name for name in names if name not in NOT_OURS and not name.endswith((".pyc", ".mo"))]
    return sorted(found)


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_imports_point_down(monkeypatch):
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_cache=True) == 0


def test_domain_imports_only_plain_libraries():
    strangers = {
        (str(path.relative_to(ROOT)), package)
        for path in (ROOT / "evalhub" / "domain").rglob("*.py")
        for package in imported_packages(path) - DOMAIN_MAY_IMPORT
        if ONE_PLACE.get(package) != path.relative_to(ROOT).as_posix()
    }

    assert strangers == set()


def test_no_python_file_is_too_long():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files_of_the_repository()
        if path.suffix == ".py" and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
        if str(path.relative_to(ROOT)) not in HANDED_OUT_WHOLE
    }

    assert long == {}


def test_repository_names_no_registry_and_no_machine():
    found = []
    for path in files_of_the_repository():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path == Path(__file__).resolve():
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in ADDRESSES.finditer(text)]

    assert found == []


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]])
def test_style_is_clean(arguments):
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "--no-cache", "--quiet", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert checked.stdout + checked.stderr == ""


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_locked_package_has_a_hash_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")

    unhashed = [line for line in text.splitlines() if re.match(r"[a-z]", line) and "--hash=sha256:" not in line]

    assert unhashed == []
    assert "://" not in text
