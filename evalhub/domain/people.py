"""Legal names of people: kept byte for byte, checked for characters that hide or reorder, folded only in a search key.

A person is told from another by the blind index of the identity number, never by the name. Numbers are in `identity`,
what may be shown of either in `masking`.
"""

import unicodedata
from dataclasses import dataclass

from evalhub.domain.names import fold_name

LONGEST_NAME = 60
"""In characters; the longest names in use (Uyghur, Tibetan with titles) stay below."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH = frozenset("\u00ad\u034f\u115f\u1160\u180e\u200b\u200c\u200d\u2060\u3164\ufeff\uffa0")

__all__ = ["LONGEST_NAME", "NameFault", "name_fault", "name_faults", "search_key"]


@dataclass(frozen=True, slots=True)
class NameFault:
    """What stands against a name: `place` counts characters from 1 (0: the whole), `code_point` such as U+202E."""

    code: str
    place: int = 0
    code_point: str = ""


def search_key(name: str) -> str:
    """Folded key that lists people of like names together: width, dots, blanks and variants fold; 𠮷 and 吉 do not."""
    return fold_name(name)


def name_fault(name: str) -> NameFault | None:
    """The first fault of a legal name, or None; see `name_faults`."""
    return next(iter(name_faults(name)), None)


def name_faults(name: str) -> list[NameFault]:
    """All that stands against a legal name, in order of place. The name is never changed to make it right.

    Taken as they are: characters beyond the BMP, compatibility ideographs, variation selectors after a character,
    private use (names not yet encoded), newer ideographs than this interpreter knows, any middle dot, blanks inside.

    Returns:
        Faults with codes `name.empty`, `name.too_long`, `name.blank_edge`, `name.control`, `name.line_break`,
        `name.bidi`, `name.zero_width`, `name.not_a_character`, `name.loose_mark`.
    """
    if not name.strip():
        return [NameFault("name.empty")]
    faults = [NameFault("name.too_long")] if len(name) > LONGEST_NAME else []
    for place, character in enumerate(name, start=1):
        code = _character_fault(character)
        if code is None and character.isspace() and place in (1, len(name)):
            code = "name.blank_edge"
        if code is None and place == 1 and unicodedata.category(character) in ("Mn", "Me", "Mc"):
            code = "name.loose_mark"
        if code:
            faults.append(NameFault(code, place, f"U+{ord(character):04X}"))
    return faults


def _character_fault(character: str) -> str | None:
    point, category = ord(character), unicodedata.category(character)
    if character in _BIDI:
        return "name.bidi"
    if character in _ZERO_WIDTH:
        return "name.zero_width"
    if character in "\n\r\x0b\x0c\x85" or category in ("Zl", "Zp"):
        return "name.line_break"
    if category in ("Cc", "Cf"):
        return "name.control"
    is_newer_ideograph = 0x20000 <= point < 0x40000
    if category == "Cs" or point & 0xFFFE == 0xFFFE or (category == "Cn" and not is_newer_ideograph):
        return "name.not_a_character"
    return None
