import pytest

from evalhub.infra.pinyin import body_sort_key, sort_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("张伟", "zhang105f20wei304f1f"),
        ("曾国强", "zeng1066feguo2056fdqiang205f3a"),
        ("单小明", "shan405355xiao305c0fming20660e"),
        ("尉迟恭", "yu405c09chi208fdfgong10606d"),
        ("\uf900明", "qi30f900ming20660e"),
        ("葛\U000e0100明", "ge30845bming20660e"),
        ("𠮷田", "~20bb7tian207530"),
        ("Ann Lee", "ann lee"),
        ("", ""),
    ],
)
def test_sort_key_reads_surnames_by_their_own_table(name, key):
    assert sort_key(name) == key


def test_body_sort_key_reads_common_words():
    assert body_sort_key("解放路小学").startswith("jie3")
    assert sort_key("解放路").startswith("xie4")


def test_names_sort_by_reading_tone_and_character_with_unknown_ones_last():
    names = ["𠮷田", "章华", "张伟", "先明", "西安明", "曾国强", "张安", "安明"]

    assert sorted(names, key=sort_key) == ["安明", "西安明", "先明", "曾国强", "张安", "张伟", "章华", "𠮷田"]


def test_sort_key_is_ascii_whatever_the_name():
    assert all(
        sort_key(name).isascii() for name in ("吕绿", "㛃娜", "阿依古丽·买买提", "\ue000", "Éva", "\U000323b0伟")
    )
