import gettext
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from evalhub.translations import ContradictingEntries, compile_all, locales, merged

ROOT = Path(__file__).resolve().parents[2]
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"extensions": "jinja2.ext.do", "silent": "false"}, "**.txt": {"silent": "false"}}
KEYWORDS = {
    "gettext": None,
    "lazy_gettext": None,
    "_": None,
    "_l": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
NARROW_BESIDE_CHINESE = re.compile(r"[\u3400-\u9fff][,:;()?]|[,:;()?][\u3400-\u9fff]")


@cache
def messages_in_use() -> set[object]:
    folders = [folder for name in ("evalhub", "templates") if (folder := ROOT / name).is_dir()]
    catalogue = Catalog()
    for folder in folders:
        for _name, _line, message, _comments, context in extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS):
            catalogue.add(message, context=context)
    return {(message.id, message.context) for message in catalogue if message.id}


def chinese_forms() -> list[str]:
    """Every Chinese text, placeholders as a Chinese character: any of them may stand for one."""
    forms = []
    for message in merged("zh_Hans_CN"):
        strings = [message.string] if isinstance(message.string, str) else message.string
        forms += [PLACEHOLDER.sub("中", text) for text in strings if message.id]
    return forms


def write_po(folder: Path, name: str, *pairs: tuple[str, str]) -> None:
    path = folder / "zh_Hans_CN" / name
    path.parent.mkdir(exist_ok=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    path.write_text(header + "".join(f'\nmsgid "{key}"\nmsgstr "{text}"\n' for key, text in pairs), encoding="utf-8")


def test_catalogues_of_all_nouns_become_one(tmp_path):
    write_po(tmp_path, "experts.po", ("Expert", "专家"), ("Save", "保存"))
    write_po(tmp_path, "agencies.po", ("Agency", "机构"), ("Save", "保存"))

    [path] = compile_all(tmp_path)

    with path.open("rb") as file:
        words = gettext.GNUTranslations(file)
    found = [words.gettext(word) for word in ("Expert", "Agency", "Save", "Unknown")]
    assert found == ["专家", "机构", "保存", "Unknown"]


def test_two_translations_of_one_message_are_refused(tmp_path):
    write_po(tmp_path, "experts.po", ("Close", "关闭"))
    write_po(tmp_path, "tasks.po", ("Close", "结束"))

    with pytest.raises(ContradictingEntries, match=r"'Close' differs between experts\.po and tasks\.po"):
        merged("zh_Hans_CN", tmp_path)


@pytest.mark.parametrize("locale", locales())
def test_every_entry_is_translated_and_none_is_fuzzy(locale):
    loose = [
        message.id
        for message in merged(locale)
        if message.id and (message.fuzzy or not all(message.string if message.pluralizable else [message.string]))
    ]

    assert loose == []


@pytest.mark.parametrize("locale", locales())
def test_placeholders_survive_translation(locale):
    assert [str(error) for _message, errors in merged(locale).check() for error in errors] == []


def test_every_message_in_use_has_chinese_words():
    translated = {(message.id, message.context) for message in merged("zh_Hans_CN")}

    assert sorted(map(str, messages_in_use() - translated)) == []


@pytest.mark.parametrize("locale", locales())
def test_no_entry_outlives_its_message(locale):
    entries = {(message.id, message.context) for message in merged(locale) if message.id}

    assert sorted(map(str, entries - messages_in_use())) == []


@pytest.mark.parametrize("locale", locales())
def test_every_placeholder_of_a_message_stands_in_its_translation(locale):
    differing = []
    for message in merged(locale):
        ids = message.id if message.pluralizable else [message.id]
        wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
        strings = message.string if message.pluralizable else [message.string]
        differing += [ids[0] for text in strings if message.id and set(PLACEHOLDER.findall(text)) != wanted]

    assert differing == []


def test_chinese_words_stand_beside_full_width_punctuation_only():
    assert [text for text in chinese_forms() if NARROW_BESIDE_CHINESE.search(text)] == []
