"""Points taken off become findings: deductions of all raters, grouped into the problem list of a result letter."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evalhub.domain.rounding import round_half_up_div
from evalhub.domain.scoring.framework import Framework, Indicator
from evalhub.domain.scoring.sheet import Evidence, Line, ScoreSheet

REASONS = {
    "goal_missing": "goal",
    "goal_vague": "goal",
    "budget_unfounded": "budget",
    "funds_late": "funds",
    "funds_unspent": "funds",
    "funds_misused": "funds",
    "papers_incomplete": "procedure",
    "procedure_skipped": "procedure",
    "rules_missing": "management",
    "rules_ignored": "management",
    "contract_fault": "management",
    "output_short": "output",
    "quality_low": "output",
    "late": "output",
    "cost_over": "cost",
    "benefit_short": "benefit",
    "upkeep_unsettled": "benefit",
    "satisfaction_low": "satisfaction",
    "evidence_missing": "evidence",
    "other": "other",
}
"""Reason code of a deduction -> type of the problem it points to."""


@dataclass(frozen=True)
class Deduction:
    """Points one rater took off one leaf. lost: hundredths."""

    rater: str
    indicator: str
    lost: int
    reason_code: str
    reason: str
    evidence: Evidence | None


@dataclass(frozen=True)
class Problem:
    """One line of the problem list; the officer edits it and adds amount, basis and responsible unit.

    type: of REASONS, `other` for a deduction without a code. indicators, raters: who found it and where. lost: hundredths,
    the sum over its indicators of the mean over all raters who scored the indicator, so that the problems of a panel
    add up to what its mean lost. reasons: distinct wordings, commonest first. measures: codes of the indicators whose
    target the problem is measured against.
    """

    type: str
    reason_code: str
    indicators: tuple[str, ...]
    raters: tuple[str, ...]
    lost: int
    reasons: tuple[str, ...]
    places: tuple[Evidence, ...]
    measures: tuple[str, ...]
    amount_fen: int | None = None
    basis: str = ""
    responsible_unit: str = ""


def deductions(framework: Framework, sheets: Mapping[str, ScoreSheet]) -> list[Deduction]:
    """Every point taken off, in the order of the tree, then of the raters. sheets: rater -> sheet."""
    found = []
    for leaf in framework.leaves():
        for rater, sheet in sheets.items():
            line = sheet.line(leaf.code)
            if line.points is not None and line.points < leaf.points:
                found.append(_deduction(rater, leaf, line))
    return found


def _deduction(rater: str, leaf: Indicator, line: Line) -> Deduction:
    lost = leaf.points - (line.points or 0)
    return Deduction(rater, leaf.code, lost, line.reason_code, line.reason.strip(), line.evidence)


def problem_list(framework: Framework, sheets: Mapping[str, ScoreSheet]) -> list[Problem]:
    """Problems by weight, heaviest first, of equals in the order of the tree.

    Deductions with one reason code and one document are one problem, whichever raters and indicators they come from;
    without a code, those of one indicator are.
    """
    groups: dict[tuple[str, str], list[Deduction]] = {}
    for deduction in deductions(framework, sheets):
        groups.setdefault(_group(deduction), []).append(deduction)
    problems = [_problem(framework, group, sheets) for group in groups.values()]
    return sorted(problems, key=lambda problem: -problem.lost)


def _group(deduction: Deduction) -> tuple[str, str]:
    if deduction.reason_code in ("", "other"):
        return "", deduction.indicator
    return deduction.reason_code, deduction.evidence.document if deduction.evidence else ""


def _problem(framework: Framework, group: Sequence[Deduction], sheets: Mapping[str, ScoreSheet]) -> Problem:
    code = group[0].reason_code or "other"
    indicators = _distinct([deduction.indicator for deduction in group])
    reasons = Counter(deduction.reason for deduction in group if deduction.reason)
    targeted = {leaf.code for leaf in framework.leaves() if leaf.target}
    return Problem(
        type=REASONS.get(code, "other"),
        reason_code=code,
        indicators=indicators,
        raters=_distinct([deduction.rater for deduction in group]),
        lost=sum(_mean_lost(code, group, sheets) for code in indicators),
        reasons=tuple(reason for reason, _ in reasons.most_common()),
        places=_distinct([deduction.evidence for deduction in group if deduction.evidence is not None]),
        measures=tuple(code for code in indicators if code in targeted),
    )


def _mean_lost(indicator: str, group: Sequence[Deduction], sheets: Mapping[str, ScoreSheet]) -> int:
    scored = sum(sheet.line(indicator).points is not None for sheet in sheets.values())
    return round_half_up_div(sum(found.lost for found in group if found.indicator == indicator), scored)


Found = TypeVar("Found")


def _distinct(found: Sequence[Found]) -> tuple[Found, ...]:
    return tuple(dict.fromkeys(found))
