from decimal import Decimal

import pytest

from evalhub.domain.document import FaultyDocument, canonical_json, plain_json, printed_json, read_json


def fault_of(content: bytes, *keys: str, reader: str = "text"):
    place = read_json(content)
    for key in keys:
        place = place.fields((), tuple(place.value))[key]
    getattr(place, reader)()


@pytest.mark.parametrize(
    ("content", "path", "code"),
    [
        (b'{"a": 1,}', "line 1 column 9", "not_json"),
        (b'{\n "a": }', "line 2 column 7", "not_json"),
        (b"\xff\xfe{}", "byte 0", "not_utf8"),
        (b"", "line 1 column 1", "not_json"),
        (b"[" * 200_000, "line 1 column 1", "too_deep"),
    ],
)
def test_read_json_of_broken_text_names_line_and_column(content, path, code):
    with pytest.raises(FaultyDocument) as refusal:
        read_json(content)
    assert (refusal.value.path, refusal.value.code) == (path, code)


def test_read_json_accepts_a_byte_order_mark_and_keeps_decimals_exact():
    assert read_json(b'\xef\xbb\xbf{"a": 0.1}').at("a").decimal() == Decimal("0.1")


def test_a_key_given_twice_is_refused_by_its_path():
    place = read_json(b'{"scores": {"A1": 5, "A1": 6}}').at("scores")
    with pytest.raises(FaultyDocument) as refusal:
        place.entries()
    assert (refusal.value.path, refusal.value.code) == ("scores.A1", "repeated_key")


def test_paths_quote_keys_that_are_not_plain_names():
    assert read_json(b'{"1.1": {"\xe4\xba\xa7": 1}}').at("1.1").at("产").path == '["1.1"]["产"]'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"NaN", "not_finite"),
        (b"-Infinity", "not_finite"),
        (b'"7"', "not_a_number"),
        (b"true", "not_a_number"),
        (b"null", "not_a_number"),
        (b"7.505", "too_many_decimals"),
        (b"-0.01", "out_of_range"),
        (b"8.01", "out_of_range"),
        (b"1e400000000", "out_of_range"),
        (b"9" * 6000, "out_of_range"),
    ],
)
def test_units_of_a_number_that_does_not_fit_is_refused_by_code(text, code):
    with pytest.raises(FaultyDocument) as refusal:
        read_json(b'{"a": ' + text + b"}").at("a").units(2, most=800)
    assert (refusal.value.path, refusal.value.code) == ("a", code)


def test_fields_refuses_unknown_and_missing_keys_by_path():
    place = read_json(b'{"a": 1, "colour": 2}')
    with pytest.raises(FaultyDocument, match="colour: unknown_key"):
        place.fields(("a",))
    with pytest.raises(FaultyDocument, match="b: missing_key"):
        place.fields(("a", "b"), ("colour",))


def test_half_a_surrogate_pair_in_text_or_key_is_refused():
    with pytest.raises(FaultyDocument, match="a: broken_character"):
        read_json(b'{"a": "\\ud800"}').at("a").text()
    with pytest.raises(FaultyDocument, match="broken_character"):
        read_json(b'{"\\ud800": 1}').entries()


def test_written_forms_keep_decimals_as_they_are():
    value = {"b": Decimal("79.40"), "a": [1, "优", None, True, {}], "c": []}
    assert canonical_json(value) == '{"a":[1,"优",null,true,{}],"b":79.40,"c":[]}'
    assert (
        printed_json(value)
        == '{\n  "b": 79.40,\n  "a": [\n    1,\n    "优",\n    null,\n    true,\n    {}\n  ],\n  "c": []\n}\n'
    )
    assert plain_json(value)["b"] == "79.40"
