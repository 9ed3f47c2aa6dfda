"""Small panels and frameworks for tests: valid by default, changed by keyword."""

from collections.abc import Mapping, Sequence

from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.panel import WEIGHT_UNITS, Method, Panel, RaterSheet


def make_framework(leaf_points: Sequence[int] = (10000,), *, na: bool = False) -> Framework:
    """Leaves L1, L2, ... as roots, with these full points in hundredths."""
    leaves = [
        Indicator(f"L{i}", Name(f"指标{i}"), points, may_be_na=na) for i, points in enumerate(leaf_points, start=1)
    ]
    return Framework(sum(leaf_points), tuple(leaves))


def make_panel(
    totals: Mapping[str, int] | Sequence[int],
    statistic: str = "mean",
    *,
    weights: Mapping[str, int] | None = None,
    quorum: int = 0,
    agency: int | None = None,
    expert_share: int = WEIGHT_UNITS,
) -> Panel:
    """One leaf of 100 points; totals in hundredths by rater (X1, X2, ... for a list); an agency sheet on wish."""
    by_rater = totals if isinstance(totals, Mapping) else {f"X{i}": total for i, total in enumerate(totals, start=1)}
    weights = weights or {}
    sheets = [
        RaterSheet(rater, {"L1": total}, weight=weights.get(rater, WEIGHT_UNITS)) for rater, total in by_rater.items()
    ]
    method = Method.of_one_source(statistic, quorum=quorum)
    if agency is not None:
        sheets.append(RaterSheet("AG", {"L1": agency}, source="agency"))
        method = Method(
            {"experts": statistic, "agency": "mean"},
            {"experts": expert_share, "agency": WEIGHT_UNITS - expert_share},
            {"experts": quorum},
        )
    return Panel("T001", make_framework(), method, tuple(sheets))
