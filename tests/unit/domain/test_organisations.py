from datetime import date

import pytest

from evalhub.domain.names import NameIndex, fold_name, key_likeness, likeness, organisation_key
from evalhub.domain.organisations import (
    CODE_ALPHABET,
    Holding,
    Organisation,
    OrganisationRef,
    OwnershipGraph,
    credit_code_fault,
    is_credit_code,
    normalise_credit_code,
)
from evalhub.domain.periods import Period

SAMPLES = ("91350100M000100Y43", "91370800MA3C00001D", "12370800495570303W")


def test_credit_code_of_the_published_example_is_right():
    assert is_credit_code("91350100M000100Y43")


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91350100M000100Y4Z", "character"),
        ("91350100M000100Y44", "check_character"),
        ("91350100M000100Y4", "length"),
        ("01350100M000100Y43", "registrar"),
        ("9135A100M000100Y43", "region"),
        ("", "length"),
    ],
)
def test_credit_code_with_a_fault_is_named(code, fault):
    assert credit_code_fault(code) == fault


def test_credit_code_as_typed_is_normalised():
    assert normalise_credit_code(" 91350100-m000100y43　") == "91350100M000100Y43"
    assert normalise_credit_code("９１350100M000100Y43") == "91350100M000100Y43"


@pytest.mark.parametrize("code", [code[:17] + CODE_ALPHABET[0] for code in SAMPLES])
def test_every_single_error_and_adjacent_swap_is_refused(code):
    right = next(code[:17] + last for last in CODE_ALPHABET if is_credit_code(code[:17] + last))
    wrong = {
        right[:place] + other + right[place + 1 :]
        for place in range(18)
        for other in CODE_ALPHABET
        if other != right[place]
    }
    swaps = {right[:place] + right[place + 1] + right[place] + right[place + 2 :] for place in range(17)} - {right}

    assert len(wrong) == 540
    assert not any(is_credit_code(candidate) for candidate in wrong | swaps)


def test_fold_name_keeps_rare_characters_and_drops_marks():
    assert fold_name("𠮷田 （㛃）·Ａ") == "𠮷田㛃a"
    assert fold_name("\uf900") == "\u8c48"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("华信工程咨询有限责任公司", "华信工程咨询"),
        ("华信工程咨询有限公司", "华信工程咨询"),
        ("华信（集团）股份有限公司", "华信集团"),
        ("天恒会计师事务所（特殊普通合伙）", "天恒会计师事务所"),
        ("华信工程咨询有限公司济南分公司", "华信工程咨询"),
        ("天恒会计师事务所山东分所", "天恒会计师事务所"),
        ("示例高新区第一中学", "示例高新区第1中学"),
        ("示例高新区第二十三小学", "示例高新区第23小学"),
    ],
)
def test_organisation_key_folds_form_and_branch(name, key):
    assert organisation_key(name) == key


@pytest.mark.parametrize(
    ("name", "other", "share"),
    [
        ("华信工程咨询有限责任公司", "华信工程咨询有限公司", 1.0),
        ("济宁高新区教育局", "高新区教育局", 0.95),
        ("教育局", "示例高新区教育局", 0.875),
        ("示例高新区教育局", "示例高新区财政局", 0.5714),
        ("示例高新区第一中学", "示例高新区第二中学", 0.5),
        ("示例高新区柳行街道办事处", "示例高新区黄屯街道办事处", 0.625),
        ("汶上县自然资源研究院", "汶上县自然资源办事处", 0.75),
        ("示例高新区第一中学", "示例高新区第一小学", 0.75),
        ("", "示例高新区教育局", 0.0),
    ],
)
def test_likeness_of_two_names(name, other, share):
    assert likeness(name, other) == share
    assert likeness(other, name) == share


def test_likeness_knows_former_names():
    assert likeness("示例高新区水利管理站", "示例高新区水务服务中心", ("示例高新区水利管理站",)) == 1.0


def test_name_index_finds_what_comparing_each_with_each_finds():
    stems = ("水务", "教育", "财政", "市政公用", "柳行街道", "第一", "第二")
    tails = ("局", "服务中心", "中学", "建设工程有限公司", "办事处")
    names = [
        f"{region}{stem}{tail}" for region in ("示例高新区", "高新区", "济宁市") for stem in stems for tail in tails
    ]
    index: NameIndex[str] = NameIndex(0.8)
    for name in names:
        index.add(name, name)

    for query in [*names, "教育局", "高新技术区水务局", "水务"]:
        expected = {name for name in names if key_likeness(organisation_key(query), organisation_key(name)) >= 0.8}
        assert {owner for owner, _ in index.search(query)} == expected


def _body(code: str, *holders: tuple[str, int], parent: str | None = None) -> Organisation:
    return Organisation(
        code,
        f"{code}公司",
        parent=OrganisationRef(parent, f"{parent}公司") if parent else None,
        holders=tuple(Holding(OrganisationRef(holder, f"{holder}公司"), share) for holder, share in holders),
    )


def test_owners_walks_one_and_two_levels():
    bodies = [_body("C", ("B", 6000)), _body("B", ("A", 3000), parent="Z"), _body("A")]
    graph = OwnershipGraph(bodies)

    one = [(owner.ref.code, owner.tie, owner.is_controlling) for owner in graph.owners(bodies[0])]
    two = [(owner.ref.code, owner.tie, owner.level, owner.is_controlling) for owner in graph.owners(bodies[0], 2)]

    assert one == [("B", "holder", True)]
    assert two == [("B", "holder", 1, True), ("Z", "parent", 2, True), ("A", "holder", 2, False)]


def test_owners_of_a_ring_ends():
    bodies = [_body("A", ("B", 5000)), _body("B", ("A", 5000))]

    assert [owner.ref.code for owner in OwnershipGraph(bodies).owners(bodies[0], 5)] == ["B"]


def test_owners_keeps_only_the_days_on_which_all_steps_held():
    upper = Holding(OrganisationRef("A"), 10000, Period(date(2024, 1, 1), None))
    lower = Holding(OrganisationRef("B"), 10000, Period(None, date(2023, 12, 31)))
    bodies = [Organisation("C", "丙", holders=(lower,)), Organisation("B", "乙", holders=(upper,))]

    assert [owner.ref.code for owner in OwnershipGraph(bodies).owners(bodies[0], 2)] == ["B"]
