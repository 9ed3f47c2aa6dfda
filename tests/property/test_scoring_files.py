"""Whatever is done to a scoring file, it is read or refused with a path and a sentence, never with anything else."""

import copy
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalhub.cli.scoring_words import Sentences
from evalhub.domain.document import FaultyDocument, canonical_json
from evalhub.domain.scoring.exchange import read_scoring
from evalhub.domain.scoring.exchange_result import round_result_document
from evalhub.domain.scoring.framework_document import from_document
from evalhub.domain.scoring.library import ministry_default
from evalhub.domain.scoring.panel import Panel
from evalhub.domain.scoring.round import aggregate_round
from evalhub.domain.scoring.rules import propose
from evalhub.domain.scoring.sheet import Evidence, Line, ScoreSheet, check_complete, sheet_from_document
from tests.unit.scoring.test_exchange import TASK

FRAMEWORK = ministry_default().to_document()
SHEET = ScoreSheet(
    {
        "A11": Line(250, reason="依据不足", evidence=Evidence("批复", 2, "无")),
        "A32": Line(not_applicable=True, reason="无"),
    },
    opinion="较好",
).to_document()
INPUTS = {
    "A12": {"met": {"e1": "1", "e2": "0.5", "e3": "0"}},
    "B12": {"actual": "93"},
    "B13": {"count": {"c1": "2", "c3": "0"}},
    "C31": {"actual": "18"},
    "D11": {"band": "part", "share": "0.7"},
    "D12": {"rate": "87.3", "valid_samples": "312"},
}

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 200),
    st.integers(10**20, 10**21),
    st.floats(),
    st.sampled_from([0.005, 1e308, -0.0, "n/a", "", "mean", "median", "\ud800", "experts", "A1", [], {}, [[]]]),
    st.text(max_size=3),
)


def places(value, path=()) -> list[tuple]:
    """The way to every value inside, the root left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way for key, inner in items for way in [(*path, key), *places(inner, (*path, key))]]


@st.composite
def damaged(draw, whole: dict) -> dict:
    """The document with one to three values replaced, removed, renamed or doubled."""
    document = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(places(document)))
        place = document
        for step in way[:-1]:
            place = place[step]
        act = draw(st.sampled_from(["replace", "remove", "rename", "double"]))
        if act == "replace":
            place[way[-1]] = draw(JUNK)
        elif act == "remove":
            del place[way[-1]]
        elif isinstance(place, list):
            place.append(copy.deepcopy(place[way[-1]]))
        else:
            place[draw(st.sampled_from(["weight", "x", "scores", "A2", "agency"]))] = place[way[-1]]
        if not places(document):
            break
    return document


@given(damaged(TASK), st.sampled_from(["en", "zh"]))
@settings(max_examples=300, deadline=None)
def test_a_damaged_file_is_totalled_or_refused_with_a_path_and_a_sentence(document, language):
    words = Sentences(language)
    result, told = read_or_told(json.dumps(document).encode(), words)
    assert (result is None) == bool(told)
    if result is not None:
        panels = (result,) if isinstance(result, Panel) else result
        assert canonical_json(round_result_document(aggregate_round(panels), words))


def read_or_told(content: bytes, words: Sentences) -> tuple[Panel | tuple[Panel, ...] | None, str]:
    """What the file holds, or the refusal in words behind its path."""
    try:
        return read_scoring(content), ""
    except FaultyDocument as fault:
        return None, fault.path and words.fault(fault)


@given(damaged(FRAMEWORK))
@settings(max_examples=300, deadline=None)
def test_a_damaged_framework_is_read_whole_or_refused_by_path(document):
    with suppress(FaultyDocument):
        framework = from_document(document)
        assert from_document(framework.to_document()).content_hash == framework.content_hash


@given(damaged(SHEET))
@settings(max_examples=300, deadline=None)
def test_a_damaged_sheet_is_read_whole_or_refused_by_path(document):
    with suppress(FaultyDocument):
        sheet = sheet_from_document(document)
        assert sheet_from_document(sheet.to_document()) == sheet
        check_complete(ministry_default(), sheet)


@given(damaged(INPUTS))
@settings(max_examples=300, deadline=None)
def test_damaged_inputs_of_rules_give_points_in_range_or_are_refused(document):
    framework = ministry_default()
    for code, inputs in document.items():
        leaf = framework.find(code)
        if leaf is not None and leaf.is_leaf:
            with suppress(FaultyDocument):
                assert 0 <= propose(leaf, inputs).points <= leaf.points


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_bytes_that_are_no_document_are_refused(content):
    with pytest.raises(FaultyDocument):
        read_scoring(content)
