"""Every template keeps to the strict content policy, asks for icons that exist, and states and words are complete."""

import re
from pathlib import Path

import pytest

from evalhub.models.agencies import POOL_STATES
from evalhub.models.plans import TASK_STATES
from evalhub.models.seats import SEAT_STATES
from evalhub.models.sheets import SHEET_STATES
from evalhub.web.navigation import ENTRIES
from evalhub.web.states import ICONS, STATE_LOOKS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICON_NAMES = set((ROOT / "frontend" / "icons.txt").read_text("utf-8").split())
CHINESE_CATALOGUES = sorted((ROOT / "evalhub" / "translations" / "zh_Hans_CN").glob("*.po"))
HAN = r"[\u3400-\u9fff\uf900-\ufaff]"


def markup(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_has_no_inline_style_script_or_handler(path: Path) -> None:
    text = markup(path)
    assert re.findall(r"\sstyle\s*=", text) == []
    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"\son[a-z]+\s*=\s*[\"']", text) == []
    assert re.findall(r"<script\b(?![^>]*\ssrc=)[^>]*>", text) == []
    assert re.findall(r"javascript:|hx-on|data:[a-z]+/", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_asks_only_for_icons_of_the_sprite(path: Path) -> None:
    text = markup(path)
    asked = re.findall(r"\bicon\(\"([\w-]+)\"", text) + re.findall(r"icon_name=\"([\w-]+)\"", text)
    assert set(asked) - ICON_NAMES == set()


def test_icons_of_states_and_menu_are_in_the_sprite() -> None:
    menu = {entry.icon for entry in ENTRIES if entry.icon}
    assert (set(ICONS.values()) | menu) - ICON_NAMES == set()


STATES = {"pool": POOL_STATES, "task": TASK_STATES, "seat": SEAT_STATES, "sheet": SHEET_STATES}


@pytest.mark.parametrize(("noun", "states"), STATES.items())
def test_every_state_of_a_table_has_a_look(noun: str, states: tuple[str, ...]) -> None:
    assert [state for state in states if (noun, state) not in STATE_LOOKS] == []


def states_in_models() -> list[tuple[str, str]]:
    """(module, state) of every CHECK on a state column that is written out in the models."""
    found = []
    for path in sorted((ROOT / "evalhub" / "models").glob("*.py")):
        for listed in re.findall(r'one_of\(\s*"state",\s*\(([^)]*)\)', path.read_text("utf-8")):
            found += [(path.stem, state) for state in re.findall(r'"(\w+)"', listed)]
    return found


def test_states_written_in_the_models_have_a_look_under_some_noun() -> None:
    known = {state for _, state in STATE_LOOKS}
    assert [(module, state) for module, state in states_in_models() if state not in known] == []


@pytest.mark.parametrize("path", CHINESE_CATALOGUES, ids=lambda path: path.name)
def test_chinese_catalogue_uses_full_width_punctuation(path: Path) -> None:
    translated = [
        line
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("msgstr", '"')) and re.search(HAN, line)
    ]
    faults = [line for line in translated if re.search(rf"{HAN}[,:;()?!]|[,:;()?!]{HAN}", line)]
    assert faults == []


@pytest.mark.parametrize("path", CHINESE_CATALOGUES, ids=lambda path: path.name)
def test_chinese_catalogue_has_no_fuzzy_and_no_empty_entry(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "fuzzy" not in text
    assert re.findall(r'\n\nmsgid "[^"]+"\nmsgstr ""\n\n', text + "\n") == []
