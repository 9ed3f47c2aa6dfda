"""Laws that hold for every panel, whatever its scores."""

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from evalhub.domain.document import printed_json, read_json
from evalhub.domain.scoring.aggregate import aggregate_task
from evalhub.domain.scoring.exchange import input_hash, panel_document, read_panel
from evalhub.domain.scoring.framework import Framework, Grade, Indicator, Name
from evalhub.domain.scoring.framework_document import from_document
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.totals import marks_of, outcome, sheet_sum

STATISTICS = st.sampled_from(["mean", "median", "trimmed"])


@st.composite
def trees(draw, depth: int = 3, prefix: str = "N") -> tuple[Indicator, ...]:
    """Up to three nodes a level, any depth to three; every leaf of 0.01 to 20 points may be not applicable."""
    nodes = []
    for index in range(draw(st.integers(1, 3))):
        code = f"{prefix}{index}"
        children = draw(trees(depth=depth - 1, prefix=code)) if depth > 1 and draw(st.booleans()) else ()
        points = sum(child.points for child in children) if children else draw(st.integers(1, 2000))
        nodes.append(Indicator(code, Name("指标"), points, children, may_be_na=not children))
    return tuple(nodes)


@st.composite
def panels(draw, least: int = 1) -> Panel:
    roots = draw(trees())
    full = sum(root.points for root in roots)
    low, high = sorted(draw(st.tuples(st.integers(1, full), st.integers(1, full))))
    grades = (Grade("high", high), Grade("middle", low), Grade("low", 0)) if low < high else (Grade("only", 0),)
    framework = Framework(full, roots, grades)
    statistic = draw(STATISTICS)
    sheets = []
    for index in range(draw(st.integers(least, 7))):
        scores: dict[str, int | None] = {
            leaf.code: draw(st.one_of(st.none(), st.integers(0, leaf.points))) for leaf in framework.leaves()
        }
        if all(points is None for points in scores.values()):
            scores[framework.leaves()[0].code] = 0
        weight = 10_000 if statistic == "median" else draw(st.integers(1, 30_000))
        sheets.append(RaterSheet(f"E{index}", scores, weight=weight))
    return Panel("T", framework, Method.of_one_source(statistic), tuple(sheets))


@given(panels())
@settings(max_examples=60, deadline=None)
def test_a_total_lies_between_the_lowest_and_the_highest_sheet(panel):
    totals = [mark.total for mark in marks_of(panel)]
    assert min(totals) <= aggregate_task(panel).total <= max(totals)


@given(panels(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_sheets_changes_no_figure(panel, shuffler):
    sheets = list(panel.sheets)
    shuffler.shuffle(sheets)
    one, two = aggregate_task(panel), aggregate_task(replace(panel, sheets=tuple(sheets)))
    assert (one.total, one.grade, one.indicators, one.raters) == (two.total, two.grade, two.indicators, two.raters)
    assert one.stability.least_change == two.stability.least_change


@given(panels(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_mean_never_falls_when_a_score_rises(panel, data):
    panel = replace(panel, method=Method.of_one_source("mean"))
    sheet = data.draw(st.sampled_from(panel.sheets))
    code = data.draw(st.sampled_from([code for code, points in sheet.scores.items() if points is not None]))
    raised = data.draw(st.integers(sheet.scores[code], panel.framework.leaf_points[code]))
    better = replace(sheet, scores={**sheet.scores, code: raised})
    others = tuple(better if other is sheet else other for other in panel.sheets)
    assert aggregate_task(replace(panel, sheets=others)).total >= aggregate_task(panel).total


@given(panels())
@settings(max_examples=60, deadline=None)
def test_leaving_out_an_even_rate_changes_nothing(panel):
    """A sheet at one rate on every leaf has that rate in all, whichever leaves do not apply."""
    half = {leaf.code: leaf.points * 3 for leaf in panel.framework.leaves()}
    scaled = replace(panel.framework, full_points=panel.framework.full_points * 4, indicators=_scaled(panel))
    gaps = {code: None if panel.sheets[0].scores[code] is None else points for code, points in half.items()}
    assert sheet_sum(scaled, gaps).total == sheet_sum(scaled, half).total == panel.framework.full_points * 3


def _scaled(panel: Panel) -> tuple[Indicator, ...]:
    def times_four(node: Indicator) -> Indicator:
        return replace(node, points=node.points * 4, children=tuple(times_four(child) for child in node.children))

    return tuple(times_four(root) for root in panel.framework.indicators)


@given(panels())
@settings(max_examples=40, deadline=None)
def test_a_panel_written_to_its_file_comes_back_with_the_same_result_and_hash(panel):
    again = read_panel(read_json(printed_json(panel_document(panel)).encode()))
    assert input_hash(again) == input_hash(panel)
    assert aggregate_task(again).outcome.total == aggregate_task(panel).outcome.total


@given(trees())
@settings(max_examples=40, deadline=None)
def test_a_framework_comes_back_from_storage_with_the_same_hash(roots):
    framework = Framework(sum(root.points for root in roots), roots, title=Name("体系"))
    again = from_document(framework.to_document())
    assert again == framework
    assert again.content_hash == framework.content_hash


@given(panels(least=2))
@settings(max_examples=40, deadline=None)
def test_the_result_without_a_rater_is_the_result_of_the_panel_without_him(panel):
    for rater, found in aggregate_task(panel).stability.without.items():
        rest = tuple(sheet for sheet in panel.sheets if sheet.rater != rater)
        absent = aggregate_task(replace(panel, sheets=rest))
        assert (found.total, found.grade) == (absent.total, absent.grade)


@given(panels())
@settings(max_examples=40, deadline=None)
def test_the_workings_lead_to_the_total_by_their_own_figures(panel):
    """Every step is computed again from its figures alone, as a reader with a calculator would."""
    result = aggregate_task(panel)
    seen = {}
    for step in result.workings:
        if step["code"] == "sheet_total":
            scored = [line for line in step["lines"] if line["points"] is not None]
            assert sum(line["points"] for line in scored) == step["points"]
            assert sum(line["full"] for line in scored) == step["applicable"]
            assert cents(step["points"] * step["full_points"], step["applicable"]) == step["total"]
            seen[step["rater"]] = step["total"]
        elif step["code"] == "source_total":
            assert all(seen[term["rater"]] == term["total"] for term in [*step["terms"], *step["dropped"]])
            assert cents(step["sum"], step["divisor"]) == step["total"]
            seen[step["source"]] = step["total"]
        elif step["code"] == "final_total":
            assert all(seen[term["source"]] == term["total"] for term in step["terms"])
            assert cents(sum(term["weight"] * term["total"] for term in step["terms"]), Decimal(1)) == step["total"]
            seen["final"] = step["total"]
    assert seen["final"] * 100 == result.total
    assert (result.workings[-1]["total"], result.workings[-1]["grade"]) == (seen["final"], result.grade)


def cents(numerator: Decimal, denominator: Decimal) -> Decimal:
    exact = Fraction(numerator) / Fraction(denominator) * 100
    return Decimal(math.floor(exact + Fraction(1, 2))).scaleb(-2)


@given(panels(least=2))
@settings(max_examples=40, deadline=None)
def test_the_least_change_flips_the_grade_and_nothing_smaller_does(panel):
    result = aggregate_task(panel)
    marks = list(marks_of(panel))
    least = result.stability.least_change
    reachable = range((least or 0) + 1) if least is not None and least < 40 else ()
    for change in reachable:
        flips = any(
            outcome(panel.framework, panel.method, [*marks[:i], moved, *marks[i + 1 :]]).grade != result.grade
            for i, mark in enumerate(marks)
            for total in (mark.total - change, mark.total + change)
            if 0 <= total <= panel.framework.full_points
            for moved in [mark._replace(total=total)]
        )
        assert flips == (change == least)
