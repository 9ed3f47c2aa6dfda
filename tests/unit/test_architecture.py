"""The rules of the house that a machine can check: imports, sizes, what a public repository must not say."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 350
DOMAIN_MAY_IMPORT = {"numpy", "scipy", "evalhub"} | sys.stdlib_module_names
ONE_PLACE = {
    "pulp": "evalhub/domain/allocation/model.py",
    "highspy": "evalhub/domain/allocation/model.py",
}
ADDRESSES = re.compile(
    r"registry\.npm|npmmirror|files\.pythonhosted|pypi\.org/simple|--(extra-)?index-url|/simple/|\bfile:///"
    r"|(?<![\w.])/(home|Users|work|opt|mnt|root)/\w"
)


def tracked_files() -> list[Path]:
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


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
        for path in tracked_files()
        if path.suffix == ".py" and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }

    assert long == {}


def test_tracked_text_names_no_registry_and_no_machine():
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path == Path(__file__).resolve():
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in ADDRESSES.finditer(text)]

    assert found == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_locked_package_has_a_hash_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")

    unhashed = [line for line in text.splitlines() if re.match(r"[a-z]", line) and "--hash=sha256:" not in line]

    assert unhashed == []
    assert "://" not in text
