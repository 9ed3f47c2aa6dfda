"""Laws of name keys, likeness and the index of names."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from evalhub.domain.masking import mask_name
from evalhub.domain.names import NameIndex, fold_name, key_likeness, organisation_key
from evalhub.domain.people import name_faults

PARTS = st.sampled_from(
    [*"甲乙丙丁戊一二3", "教育", "水务", "局", "服务中心", "街道办事处", "中学", "有限公司", "第一", "分公司"]
)
BODY_NAMES = st.lists(PARTS, min_size=1, max_size=8).map("".join)
LEGAL_NAMES = st.text(
    st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), st.sampled_from("𠮷㛃\uf900·•‧\ue000")),
    min_size=1,
    max_size=20,
)


@settings(max_examples=150)
@given(st.lists(BODY_NAMES, min_size=1, max_size=40), BODY_NAMES, st.sampled_from([0.6, 0.8, 0.9]))
def test_index_finds_what_comparing_with_each_finds(names, query, threshold):
    index: NameIndex[str] = NameIndex(threshold)
    for name in names:
        index.add(name, name)

    found = dict(index.search(query))

    shares = {name: key_likeness(organisation_key(query), organisation_key(name)) for name in names}
    assert found == {name: share for name, share in shares.items() if share >= threshold}


@given(BODY_NAMES, BODY_NAMES)
@example("甲乙甲", "乙甲乙")
def test_likeness_is_symmetric_and_whole_only_for_equal_keys(name, other):
    key, other_key = organisation_key(name), organisation_key(other)

    share = key_likeness(key, other_key)

    assert share == key_likeness(other_key, key)
    assert 0 <= share <= 1
    assert (share == 1) == (key == other_key)


@given(st.text(max_size=30))
@example("\u1100\u200b\u1161")
def test_folding_twice_changes_nothing_more(name):
    assert fold_name(fold_name(name)) == fold_name(name)


@given(LEGAL_NAMES)
def test_mask_of_a_legal_name_hides_something(name):
    assert name_faults(name) == []
    assert mask_name(name) != name
    assert "*" in mask_name(name)
