"""Numbers that name a person: resident identity numbers and mobile numbers, checked and folded before they are sealed.

Source: GB 11643-1999 (18 characters: six of region, eight of birth, three of order, one check character).
"""

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIGURE = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "X"}


def fold_number(text: str) -> str:
    """Digits and letters as one spelling: half width, capitals, without blanks and hyphens."""
    return re.sub(r"[\s\-]", "", text.translate(_FULL_WIDTH)).upper()


def identity_number_fault(number: str) -> str | None:
    """What stands against a folded identity number: a code of the fault, or None.

    Returns:
        `identity.became_figure` where a spreadsheet turned it into a floating figure, `identity.rounded` where its last
        digits were lost that way, `identity.length`, `identity.characters`, `identity.birth` or `identity.check`.
    """
    if _FIGURE.fullmatch(number):
        return "identity.became_figure"
    if len(number) != 18:
        return "identity.length"
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return "identity.characters"
    if born_on(number) is None:
        return "identity.birth"
    if check_character(number) != number[17]:
        return "identity.rounded" if number.endswith("000") else "identity.check"
    return None


def check_character(number: str) -> str:
    """The 18th character that follows from the first seventeen digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def born_on(number: str) -> date | None:
    """The day of birth inside an identity number, None where it is no day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def gender_of(number: str) -> str:
    """`male` or `female` by the 17th digit."""
    return "male" if int(number[16]) % 2 else "female"


def mobile_fault(number: str) -> str | None:
    """`mobile.became_figure`, `mobile.length` or `mobile.characters` for a folded number, None for a sound one."""
    if _FIGURE.fullmatch(number):
        return "mobile.became_figure"
    if len(number) != 11:
        return "mobile.length"
    return None if _MOBILE.fullmatch(number) else "mobile.characters"


def card_number_fault(number: str) -> str | None:
    """`card.became_figure` or `card.length` for a folded card number, None for a sound one."""
    if _FIGURE.fullmatch(number):
        return "card.became_figure"
    return None if re.fullmatch(r"\d{12,19}", number) else "card.length"
