import pytest

from evalhub.domain.identity import check_character, identity_number_fault
from evalhub.domain.masking import mask_email, mask_identity, mask_mobile, mask_name, surname_of
from evalhub.domain.people import name_fault, name_faults, search_key

SAMPLES = ("11010519491231002X", "440524188001010014", "370811198505052417")


@pytest.mark.parametrize(
    "name",
    ["张伟", "𠮷田", "㛃娜", "\uf900明", "葛\U000e0100明", "阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽‧买买提",
     "John Smith", "\ue000伟", "\U000323b0伟", "欧阳明月"],
)  # fmt: skip
def test_legal_name_is_taken_as_it_is(name):
    assert name_faults(name) == []


@pytest.mark.parametrize(
    ("name", "code", "place", "code_point"),
    [
        ("", "name.empty", 0, ""),
        (" 　", "name.empty", 0, ""),
        ("张" * 61, "name.too_long", 0, ""),
        (" 张伟", "name.blank_edge", 1, "U+0020"),
        ("张伟　", "name.blank_edge", 3, "U+3000"),
        ("张\x00伟", "name.control", 2, "U+0000"),
        ("张\x7f伟", "name.control", 2, "U+007F"),
        ("张\U000e0001伟", "name.control", 2, "U+E0001"),
        ("张\n伟", "name.line_break", 2, "U+000A"),
        ("张\u2028伟", "name.line_break", 2, "U+2028"),
        ("张\u202e伟", "name.bidi", 2, "U+202E"),
        ("张\u2067伟", "name.bidi", 2, "U+2067"),
        ("张\u200b伟", "name.zero_width", 2, "U+200B"),
        ("张伟\ufeff", "name.zero_width", 3, "U+FEFF"),
        ("张\u00ad伟", "name.zero_width", 2, "U+00AD"),
        ("张\ud842", "name.not_a_character", 2, "U+D842"),
        ("张\ufffe", "name.not_a_character", 2, "U+FFFE"),
        ("\U000e0100张", "name.loose_mark", 1, "U+E0100"),
    ],
)
def test_name_that_hides_or_reorders_is_refused_by_place(name, code, place, code_point):
    fault = name_fault(name)

    assert (fault.code, fault.place, fault.code_point) == (code, place, code_point)


def test_search_key_folds_dots_width_and_variants_and_keeps_rare_characters_apart():
    assert len({search_key(f"阿依古丽{dot}买买提") for dot in "·•‧・"} | {search_key("阿依古丽买买提")}) == 1
    assert search_key("葛\U000e0100明") == search_key("葛明")
    assert search_key("\uf900明") == search_key("豈明")
    assert len({search_key(name) for name in ("𠮷田", "吉田", "\ue000田", "\ue001田", "\U000323b0田")}) == 5


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张建华", "张*华"), ("张伟", "张*"), ("欧阳修", "欧阳*"), ("欧阳明月", "欧阳*"), ("欧阳", "欧*"),
        ("单于", "单*"), ("𠮷田一郎", "𠮷*郎"), ("葛\U000e0100明", "葛\U000e0100*"), ("张", "*"), ("", ""),
        ("阿依古丽·买买提", "阿*提"), ("John Smith", "J*h"),
    ],
)  # fmt: skip
def test_name_is_masked(name, masked):
    assert mask_name(name) == masked


def test_surname_takes_its_variation_selector_along():
    assert surname_of("葛\U000e0100明") == "葛\U000e0100"


def test_numbers_and_addresses_are_masked():
    assert mask_mobile("13812341234") == "138****1234"
    assert mask_identity("370811198505052417") == "370***********2417"
    assert mask_email("ann@x.cn") == "a***@x.cn"
    assert mask_email("nobody") == "******"


@pytest.mark.parametrize("sample", SAMPLES)
def test_identity_number_with_any_single_error_or_adjacent_swap_is_refused(sample):
    right = sample[:17] + check_character(sample)
    single = {
        right[:place] + digit + right[place + 1 :]
        for place in range(18)
        for digit in ("0123456789X" if place == 17 else "0123456789")
        if digit != right[place]
    }
    swaps = {right[:place] + right[place + 1] + right[place] + right[place + 2 :] for place in range(17)} - {right}

    assert identity_number_fault(right) is None
    assert len(single) == 163
    assert [number for number in single | swaps if identity_number_fault(number) is None] == []
