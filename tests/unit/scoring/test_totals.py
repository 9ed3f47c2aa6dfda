import pytest

from evalhub.domain.scoring.aggregate import aggregate_task
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.totals import Mark, outcome, sheet_sum, source_total
from tests.unit.scoring.panels import make_framework, make_panel

FIVE = {"X1": 8900, "X2": 8600, "X3": 9050, "X4": 8150, "X5": 5000}


def marks(*rows: tuple[str, int, int]) -> list[Mark]:
    return [Mark(rater, "experts", weight, total) for rater, weight, total in rows]


@pytest.mark.parametrize(
    ("statistic", "total", "grade"), [("mean", 7940, "fair"), ("trimmed", 8550, "good"), ("median", 8600, "good")]
)
def test_the_example_panel_falls_in_different_grades_by_method(statistic, total, grade):
    result = aggregate_task(make_panel(FIVE, statistic))
    assert (result.total, result.grade) == (total, grade)


def test_a_leaf_that_does_not_apply_leaves_five_of_five_at_five():
    framework = make_framework([500] * 5, na=True)
    found = sheet_sum(framework, {"L1": 500, "L2": 500, "L3": 500, "L4": 500, "L5": None})
    assert (found.points, found.applicable, found.total) == (2000, 2000, 2500)
    assert found.total / 5 == 500


def test_sheet_total_with_na_is_rounded_half_up_once():
    framework = make_framework([3000, 3000, 4000], na=True)
    assert sheet_sum(framework, {"L1": 1000, "L2": 1001, "L3": None}).total == 3335
    assert sheet_sum(framework, {"L1": 1, "L2": None, "L3": None}).total == 3
    assert sheet_sum(framework, {"L1": None, "L2": None, "L3": 2}).total == 5


def test_weighted_mean_counts_weights_and_rounds_half_up():
    assert source_total("mean", marks(("A", 20000, 8000), ("B", 10000, 9001))).total == 8334
    assert source_total("mean", marks(("A", 10000, 8000), ("B", 10000, 8001))).total == 8001


def test_median_of_an_even_number_is_the_mean_of_the_middle_two():
    found = source_total("median", marks(("A", 1, 9000), ("B", 1, 8000), ("C", 1, 8501), ("D", 1, 8600)))
    assert found.total == 8551
    assert [mark.rater for mark in found.kept] == ["C", "D"]


def test_trimmed_drops_of_equal_totals_the_smaller_weight_then_the_smaller_id():
    found = source_total(
        "trimmed",
        marks(
            ("B", 10000, 9000),
            ("A", 20000, 9000),
            ("C", 10000, 9000),
            ("D", 10000, 7000),
            ("E", 5000, 7000),
            ("F", 1, 8000),
        ),
    )
    assert [mark.rater for mark in found.dropped] == ["B", "E"]


def test_trimmed_of_all_equal_totals_drops_two_different_sheets():
    found = source_total("trimmed", marks(*[(rater, 10000, 8000) for rater in "EDCBA"]))
    assert [mark.rater for mark in found.dropped] == ["A", "B"]
    assert found.total == 8000


def test_trimmed_of_four_sheets_falls_back_to_the_mean_and_says_so():
    result = aggregate_task(make_panel([9000, 8000, 7000, 5000], "trimmed"))
    assert result.total == 7250
    assert result.outcome.sources["experts"].used == "mean"
    assert [dict(note.figures) for note in result.notes if note.code == "trimmed_fell_back_to_mean"] == [
        {"source": "experts", "sheets": 4, "needed": 5}
    ]


def test_sources_are_rounded_before_they_are_weighted():
    # experts 80.005 -> 80.01; 0.5 x 80.01 + 0.5 x 80.00 = 80.005 -> 80.01; unrounded it would be 80.0025 -> 80.00
    result = aggregate_task(make_panel([8000, 8001], agency=8000, expert_share=5000))
    assert result.total == 8001


def test_the_grade_comes_from_the_rounded_total():
    result = aggregate_task(make_panel([8999, 9000]))
    assert (result.total, result.grade) == (9000, "excellent")


def test_below_quorum_there_is_neither_total_nor_grade():
    result = aggregate_task(make_panel([9000, 8000], quorum=3))
    assert (result.outcome.status, result.total, result.grade) == ("below_quorum", None, None)
    assert result.outcome.sources["experts"].total == 8500
    assert [note.code for note in result.notes if "quorum" in note.code] == [
        "below_quorum",
        "no_stability_below_quorum",
    ]


def test_outcome_holds_for_any_full_points():
    framework = make_framework([1000])
    found = outcome(framework, Method.of_one_source("mean"), marks(("A", 10000, 1000)))
    assert found.total == 1000


def test_order_of_sheets_does_not_change_anything():
    forward = make_panel(FIVE, "trimmed")
    backward = Panel(forward.task, forward.framework, forward.method, tuple(reversed(forward.sheets)))
    one, two = aggregate_task(forward), aggregate_task(backward)
    assert (one.outcome.total, one.indicators, one.raters, one.stability.least_change) == (
        two.outcome.total, two.indicators, two.raters, two.stability.least_change,
    )  # fmt: skip


def test_spread_is_exact_and_weighted_where_the_format_says_so():
    sheets = [RaterSheet("A", {"L1": 600}, weight=30000), RaterSheet("B", {"L1": 800}), RaterSheet("C", {"L1": 750})]
    panel = Panel("T", make_framework([800]), Method.of_one_source("mean"), tuple(sheets))
    spread = aggregate_task(panel).indicators["L1"]
    assert (str(spread.mean), str(spread.sd), spread.n, str(spread.lost_share)) == ("6.7000", "1.0408", 3, "0.1625")


def test_spread_of_a_leaf_scored_once_or_never_is_empty_and_noted():
    framework = make_framework([500, 500, 500], na=True)
    sheets = (RaterSheet("A", {"L1": 400, "L2": None, "L3": 500}), RaterSheet("B", {"L1": None, "L2": None, "L3": 500}))
    result = aggregate_task(Panel("T", framework, Method.of_one_source("mean"), sheets))
    assert (result.indicators["L2"].mean, result.indicators["L2"].n) == (None, 0)
    assert (str(result.indicators["L1"].mean), result.indicators["L1"].sd) == ("4.0000", None)
    assert str(result.indicators["L3"].sd) == "0.0000"
    codes = {note.code: note.figures["indicators"] for note in result.notes if note.code.startswith("indicators_with")}
    assert codes == {"indicators_without_score": ["L2"], "indicators_with_one_score": ["L1"]}


def test_far_sheets_are_pointed_out_only_beyond_fifteen_points():
    notes = [dict(note.figures) for note in aggregate_task(make_panel(FIVE)).notes if note.code == "far_from_median"]
    assert [(note["rater"], str(note["deviation"])) for note in notes] == [("X5", "-36.00")]
    at_limit = aggregate_task(make_panel([8000, 8000, 6500])).notes
    assert not [note for note in at_limit if note.code == "far_from_median"]


def test_a_branch_rate_beyond_twenty_five_points_is_pointed_out():
    framework = make_framework([5000, 5000])
    sheets = tuple(
        RaterSheet(rater, {"L1": first, "L2": 4000})
        for rater, first in (("A", 4000), ("B", 4000), ("C", 2749), ("D", 2750))
    )
    notes = aggregate_task(Panel("T", framework, Method.of_one_source("mean"), sheets)).notes
    far = [
        (note.figures["rater"], note.figures["indicator"], str(note.figures["deviation"]))
        for note in notes
        if note.code == "far_in_branch"
    ]
    assert far == []
    lower = (*sheets[:3], RaterSheet("D", {"L1": 2000, "L2": 4000}), RaterSheet("E", {"L1": 4000, "L2": 4000}))
    notes = aggregate_task(Panel("T", framework, Method.of_one_source("mean"), lower)).notes
    far = [
        (note.figures["rater"], note.figures["indicator"], str(note.figures["deviation"]))
        for note in notes
        if note.code == "far_in_branch"
    ]
    assert far == [("C", "L1", "-25.02"), ("D", "L1", "-40.00")]
