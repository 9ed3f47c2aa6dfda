import gettext
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
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def messages_in_use() -> set[object]:
    folders = [folder for name in ("evalhub", "templates") if (folder := ROOT / name).is_dir()]
    catalogue = Catalog()
    for folder in folders:
        for _name, _line, message, _comments, context in extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS):
            catalogue.add(message, context=context)
    return {(message.id, message.context) for message in catalogue if message.id}


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
    loose = [message.id for message in merged(locale) if message.id and (message.fuzzy or not message.string)]

    assert loose == []


@pytest.mark.parametrize("locale", locales())
def test_placeholders_survive_translation(locale):
    assert [str(error) for _message, errors in merged(locale).check() for error in errors] == []


def test_every_message_in_use_has_chinese_words():
    translated = {(message.id, message.context) for message in merged("zh_Hans_CN")}

    assert sorted(map(str, messages_in_use() - translated)) == []
