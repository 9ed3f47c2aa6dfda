"""Consensus by deduct list: the panel agrees on one list of points off; the total is what is left of the full points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalhub.domain.document import FaultyDocument
from evalhub.domain.rounding import format_points
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.sheet import Evidence
from evalhub.domain.scoring.totals import sheet_sum


@dataclass(frozen=True)
class AgreedDeduction:
    """One agreed item. points: hundredths taken off the leaf."""

    indicator: str
    points: int
    reason: str
    evidence: Evidence | None


@dataclass(frozen=True)
class Consensus:
    """total: hundredths; scores: leaf code -> what is left, None where not applicable; agreed: raters who agree.

    A member who hands in no written dissent counts as agreeing.
    """

    total: int
    grade: str
    scores: Mapping[str, int | None]
    agreed: tuple[str, ...]
    dissents: Mapping[str, str]


def deduct_list_faults(
    framework: Framework, items: Sequence[AgreedDeduction], not_applicable: frozenset[str] = frozenset()
) -> list[FaultyDocument]:
    """What keeps a deduct list from being totalled, by path ("items[2].points")."""
    faults, left = [], dict(framework.leaf_points)
    for code in sorted(not_applicable):
        leaf = framework.find(code)
        if leaf is None or not leaf.is_leaf or not leaf.may_be_na:
            faults.append(FaultyDocument(f"not_applicable.{code}", "not_applicable_refused", indicator=code))
    for index, item in enumerate(items):
        path = f"items[{index}]"
        if item.indicator not in left or item.indicator in not_applicable:
            faults.append(FaultyDocument(f"{path}.indicator", "unknown_leaf", indicator=item.indicator))
            continue
        if not 0 < item.points <= left[item.indicator]:
            figures = {"number": format_points(item.points), "most": format_points(left[item.indicator])}
            faults.append(FaultyDocument(f"{path}.points", "out_of_range", least="0.01", **figures))
        left[item.indicator] -= max(0, item.points)
        if not item.reason.strip():
            faults.append(FaultyDocument(f"{path}.reason", "reason_missing", indicator=item.indicator))
        if item.evidence is None or not item.evidence.document:
            faults.append(FaultyDocument(f"{path}.evidence", "evidence_missing", indicator=item.indicator))
    if not_applicable >= set(framework.leaf_points):
        faults.append(FaultyDocument("not_applicable", "nothing_applicable"))
    return faults


def consensus_total(
    framework: Framework,
    items: Sequence[AgreedDeduction],
    raters: Sequence[str],
    dissents: Mapping[str, str],
    not_applicable: frozenset[str] = frozenset(),
) -> Consensus:
    """The total of an agreed deduct list, scaled to the points that apply as a sheet's total is.

    Args:
        raters: members present; dissents: rater -> his written dissent.

    Raises:
        FaultyDocument: the list has a fault, a dissent is empty or comes from nobody of the panel.

    Source: 政府采购法实施条例 article 41: who disagrees with a joint report writes his dissent or counts as agreeing.
    """
    for fault in deduct_list_faults(framework, items, not_applicable):
        raise fault
    for rater, dissent in dissents.items():
        if rater not in raters or not dissent.strip():
            code = "empty_text" if rater in raters else "unknown_rater"
            raise FaultyDocument(f"dissents.{rater}", code, rater=rater)
    scores: dict[str, int | None] = {
        code: None if code in not_applicable else points for code, points in framework.leaf_points.items()
    }
    for item in items:
        scores[item.indicator] = (scores[item.indicator] or 0) - item.points
    total = sheet_sum(framework, scores).total
    agreed = tuple(rater for rater in raters if rater not in dissents)
    return Consensus(total, framework.grade_of(total), scores, agreed, dict(dissents))
