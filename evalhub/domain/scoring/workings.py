"""The arithmetic of a result, step by step down to each sheet, as codes and figures for others to put in words."""

from decimal import Decimal
from typing import Any

from evalhub.domain.rounding import points_decimal
from evalhub.domain.scoring.panel import WEIGHT_UNITS, Panel
from evalhub.domain.scoring.totals import Mark, Outcome, SourceTotal, sheet_sum

Step = dict[str, Any]
"""`code`: `sheet_total`, `source_total`, `final_total`, `grade` or `below_quorum`; points have two decimals."""


def weight_decimal(units: int) -> Decimal:
    """Weight units as the decimal that was given: 7000 -> 0.7."""
    return Decimal(format((Decimal(units) / WEIGHT_UNITS).normalize(), "f"))


def workings(panel: Panel, reached: Outcome) -> tuple[Step, ...]:
    """Every step in the order of computing: sheets, sources, final total, grade (or the quorum that was missed)."""
    steps = [_sheet_step(panel, index) for index in range(len(panel.sheets))]
    steps += [_source_step(source, found) for source, found in reached.sources.items()]
    if reached.total is None or reached.grade is None:
        return tuple(steps + [_short_step(panel, reached, source) for source in reached.short])
    terms = [
        {
            "source": source,
            "weight": weight_decimal(panel.method.source_weights[source]),
            "total": points_decimal(found.total),
        }
        for source, found in reached.sources.items()
    ]
    steps.append({"code": "final_total", "terms": terms, "total": points_decimal(reached.total)})
    line = next(grade.from_points for grade in panel.framework.grades if grade.code == reached.grade)
    steps.append(
        {"code": "grade", "total": points_decimal(reached.total), "from": points_decimal(line), "grade": reached.grade}
    )
    return tuple(steps)


def _sheet_step(panel: Panel, index: int) -> Step:
    sheet = panel.sheets[index]
    lines = [
        {
            "indicator": leaf.code,
            "full": points_decimal(leaf.points),
            "points": _points_or_none(sheet.scores[leaf.code]),
        }
        for leaf in panel.framework.leaves()
    ]
    found = sheet_sum(panel.framework, sheet.scores)
    return {
        "code": "sheet_total",
        "rater": sheet.rater,
        "source": sheet.source,
        "lines": lines,
        "points": points_decimal(found.points),
        "applicable": points_decimal(found.applicable),
        "full_points": points_decimal(panel.framework.full_points),
        "total": points_decimal(found.total),
    }


def _points_or_none(points: int | None) -> Decimal | None:
    return None if points is None else points_decimal(points)


def _source_step(source: str, found: SourceTotal) -> Step:
    by_weight = found.used != "median"
    return {
        "code": "source_total",
        "source": source,
        "statistic": found.used,
        "asked": found.asked,
        "terms": [_term(mark) for mark in found.kept],
        "dropped": [_term(mark) for mark in found.dropped],
        "sum": _weighted_sum(found.numerator) if by_weight else points_decimal(found.numerator),
        "divisor": weight_decimal(found.denominator) if by_weight else Decimal(found.denominator),
        "total": points_decimal(found.total),
    }


def _weighted_sum(numerator: int) -> Decimal:
    return Decimal(numerator) / (WEIGHT_UNITS * 100)


def _term(mark: Mark) -> Step:
    return {"rater": mark.rater, "weight": weight_decimal(mark.weight), "total": points_decimal(mark.total)}


def _short_step(panel: Panel, reached: Outcome, source: str) -> Step:
    return {
        "code": "below_quorum",
        "source": source,
        "sheets": reached.sources[source].sheets,
        "quorum": panel.method.quorum[source],
    }
