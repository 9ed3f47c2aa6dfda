"""What may be shown of a personal datum: enough to recognise it, too little to use. Lists and exports show this."""

import unicodedata

_PAIRS = (
    "欧阳司马上官诸葛夏侯皇甫尉迟公孙慕容令狐宇文长孙司徒司空东方独孤南宫轩辕端木百里呼延"
    "申屠太史钟离闻人东郭西门公羊澹台濮阳淳于单于万俟鲜于闾丘亓官司寇子车颛孙巫马公西漆雕"
    "赫连拓跋宗政公冶仲孙太叔梁丘左丘东门南门第五谷梁乐正公良夹谷宰父段干羊舌微生即墨达奚"
)
COMPOUND_SURNAMES = frozenset(_PAIRS[start : start + 2] for start in range(0, len(_PAIRS), 2))


def surname_of(name: str) -> str:
    """The surname: two characters where they are a compound one, else the first, with what marks it."""
    characters = _characters(name)
    first_two = "".join(characters[:2])
    return first_two if first_two in COMPOUND_SURNAMES and len(characters) > 2 else "".join(characters[:1])


def mask_name(name: str) -> str:
    """Surname, a star, and of three or more the last character: 陈*国, 韩*, 欧阳*; a lone character is a star."""
    characters = _characters(name.strip())
    surname = surname_of(name.strip())
    given = characters[len(_characters(surname)) :]
    if not given:
        return "*" if name.strip() else ""
    return f"{surname}*" if len(given) == 1 or len(_characters(surname)) == 2 else f"{surname}*{given[-1]}"


def _characters(name: str) -> list[str]:
    """Characters as a reader sees them: a variation selector or mark stays with the character before it."""
    seen: list[str] = []
    for character in name:
        if seen and unicodedata.category(character)[0] == "M":
            seen[-1] += character
        else:
            seen.append(character)
    return seen


def mask_identity(number: str) -> str:
    """Region and last four: 370***********2417."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "*" * len(number)


def mask_mobile(number: str) -> str:
    """First three and last four: 138****5526."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else "*" * len(number)


def mask_card(number: str) -> str:
    """First and last four: 6222 **** **** 0931."""
    return f"{number[:4]} **** **** {number[-4:]}" if len(number) >= 12 else "*" * len(number)


def mask_credit_code(code: str | None) -> str:
    """First four and last two of the eighteen: 9137**…**8A; public knowledge, shortened where it only takes room."""
    return f"{code[:4]}**…**{code[-2:]}" if code else ""


def mask_email(address: str) -> str:
    """First character and the domain: a***@x.cn."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if at and name else "*" * len(address)
