"""The key by which names sort: by reading, then tone, then character, the same on every database.

The readings come from pypinyin; surnames that read otherwise than the common word stand in a table here.
"""

import unicodedata
from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin

SURNAME_READINGS = {
    "单于": "chan2 yu2", "子车": "zi3 ju1", "曾": "zeng1", "单": "shan4", "解": "xie4", "仇": "qiu2", "区": "ou1",
    "查": "zha1", "朴": "piao2", "覃": "qin2", "盖": "ge3", "乐": "yue4", "缪": "miao4", "折": "she2", "员": "yun4",
    "贠": "yun4", "黑": "he4", "种": "chong2", "繁": "po2", "秘": "bi4", "祭": "zhai4", "召": "shao4", "翟": "zhai2",
    "隗": "wei3", "任": "ren2", "宁": "ning4", "华": "hua4", "燕": "yan1", "葛": "ge3", "纪": "ji3", "那": "na1",
    "哈": "ha3", "牟": "mu4", "撒": "sa3", "干": "gan1", "薄": "bo2", "卜": "bu3", "郇": "xun2", "佴": "nai4",
    "乜": "nie4", "藏": "zang1", "阚": "kan4", "过": "guo1", "都": "du1", "占": "zhan1",
}  # fmt: skip
"""Readings of surnames that differ from the common word, with tone. Some have local readings beside (覃 also tan2)."""


def sort_key(name: str) -> str:
    """ASCII key of a person's name: per character its reading, tone and code point; the surname by its own table.

    A tone digit ends each syllable, so that `xi1 an1` sorts before `xian1`; of one reading, one character's names stay
    together. A character without a known reading sorts last, by code point; other letters sort as themselves.
    """
    name = name.strip()
    surname = next((name[:length] for length in (2, 1) if name[:length] in SURNAME_READINGS), "")
    readings = [*SURNAME_READINGS.get(surname, "").split(), *_readings(name[len(surname) :])]
    return "".join(_unit(character, reading) for character, reading in zip(name, readings, strict=True))


def body_sort_key(name: str) -> str:
    """The same for organisations, projects and other words, where no character is a surname."""
    name = name.strip()
    return "".join(_unit(character, reading) for character, reading in zip(name, _readings(name), strict=True))


@lru_cache(maxsize=16384)
def _readings(text: str) -> tuple[str, ...]:
    """One reading per character, empty where there is none."""
    # a compatibility ideograph (U+F900) reads like the character it stands for
    folded = "".join(_folded(character) for character in text)
    # a list keeps one entry per unread character; the annotation of `errors` leaves that documented form out
    unread: Any = lambda rest: [""] * len(rest)  # noqa: E731
    return tuple(lazy_pinyin(folded, style=Style.TONE3, neutral_tone_with_five=True, errors=unread))


def _folded(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _unit(character: str, reading: str) -> str:
    if reading:
        return f"{reading.replace('ü', 'v')}{ord(character):05x}"
    if unicodedata.category(character) in ("Mn", "Po", "Cf"):
        return ""
    return character.lower() if character.isascii() else f"~{ord(character):05x}"
