"""What may be shown of a personal datum: enough to recognise it, too little to use it. Lists and exports show only this."""

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "司徒",
        "司空",
        "东方",
        "独孤",
        "南宫",
        "轩辕",
        "端木",
        "百里",
        "呼延",
        "申屠",
        "太史",
        "钟离",
        "闻人",
        "东郭",
        "西门",
        "公羊",
        "澹台",
        "濮阳",
        "淳于",
        "单于",
        "万俟",
        "鲜于",
        "闾丘",
        "亓官",
        "司寇",
        "子车",
        "颛孙",
        "巫马",
        "公西",
        "漆雕",
    ]
)


def surname_of(name: str) -> str:
    """The surname: two characters where they are a compound one, else the first."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]


def mask_name(name: str) -> str:
    """Surname, a star, and the last character of names of three or more: 陈*国, 韩*, 欧阳*."""
    surname = surname_of(name)
    given = name[len(surname) :]
    if not given:
        return name
    return f"{surname}*" if len(given) == 1 or len(surname) == 2 else f"{surname}*{given[-1]}"


def mask_identity(number: str) -> str:
    """Region and last four: 370***********2417."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "*" * len(number)


def mask_identity_tail(tail: str | None) -> str | None:
    """The same from the stored last four characters alone."""
    return f"**************{tail}" if tail else None


def mask_mobile(number: str) -> str:
    """First three and last four: 138****5526."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else "*" * len(number)


def mask_mobile_tail(tail: str | None) -> str | None:
    return f"*******{tail}" if tail else None


def mask_card_tail(tail: str | None) -> str | None:
    return f"**** **** **** {tail}" if tail else None


def mask_credit_code(code: str | None) -> str:
    """First four and last two of the eighteen: 9137**…**8A; public knowledge, shortened where it only takes room."""
    return f"{code[:4]}**…**{code[-2:]}" if code else ""
