"""Indicator rules that score by themselves: read once from a leaf's rule, applied to what was measured or found.

A rule gives a share of the leaf's points between 0 and 1 with the steps that led to it; only the product with the
points is rounded, half up to the hundredth. `rules_measured` holds the rules on a figure, `rules_judged` those on
findings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from evalhub.domain.document import FaultyDocument, Place
from evalhub.domain.rounding import format_points, round_half_up_div
from evalhub.domain.scoring.framework import Framework, Indicator
from evalhub.domain.scoring.rules_judged import BandRule, DeductionRule, ElementRule
from evalhub.domain.scoring.rules_measured import LadderRule, LinearRule, RatioRule, SurveyRule
from evalhub.domain.scoring.shares import Share
from evalhub.domain.scoring.sheet import ScoreSheet


class Rule(Protocol):
    """What every kind of rule offers: the share of the points that the inputs earn, points in hundredths."""

    def share(self, inputs: Place, points: int) -> Share: ...


_READERS: dict[str, Callable[[Place], Rule]] = {
    "element": ElementRule.read,
    "ratio_higher": RatioRule.read,
    "ratio_lower": RatioRule.read,
    "linear": LinearRule.read,
    "ladder": LadderRule.read,
    "deduction": DeductionRule.read,
    "band": BandRule.read,
    "survey": SurveyRule.read,
}

RULE_TYPES = tuple(_READERS)


@dataclass(frozen=True)
class Proposal:
    """What a rule proposes for a leaf. points: hundredths; steps: codes and figures of the working."""

    points: int
    share: Fraction
    steps: tuple[dict[str, Any], ...]


def read_rule(place: Place) -> Rule:
    """The rule written at a place, numbers as text.

    Raises:
        FaultyDocument: an unknown type, a missing or wrong parameter, by path ("indicators[0].rule.target").
    """
    if "type" not in place.entries():
        raise place.at("type").fault("missing_key")
    return _READERS[place.at("type").choice(RULE_TYPES)](place)


def propose(leaf: Indicator, inputs: Mapping[str, Any]) -> Proposal | None:
    """The score that the leaf's rule gives for the inputs, with its working; None for a leaf without a rule.

    Args:
        inputs: by kind of rule `actual`; `rate` and `valid_samples`; `met` (element id -> 0 to 1); `count` (case id ->
            times); or `band` and `share`. Numbers as text, so that none passes through a float.

    Raises:
        FaultyDocument: an input is missing, not a number or out of range; `path` names it ("WC11.actual").
    """
    if leaf.rule is None:
        return None
    earned = read_rule(Place(leaf.rule, f"{leaf.code}.rule")).share(Place(inputs, leaf.code), leaf.points)
    points = round_half_up_div(leaf.points * earned.value.numerator, earned.value.denominator)
    last = {"code": "points", "full": format_points(leaf.points), "points": format_points(points)}
    return Proposal(points, earned.value, (*earned.steps, last))


def propose_all(framework: Framework, inputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Proposal]:
    """Proposals for every leaf that has both a rule and inputs."""
    found = {leaf.code: propose(leaf, inputs[leaf.code]) for leaf in framework.leaves() if leaf.code in inputs}
    return {code: proposal for code, proposal in found.items() if proposal is not None}


def departure_faults(sheet: ScoreSheet, proposals: Mapping[str, Proposal]) -> list[FaultyDocument]:
    """Lines that depart from what their rule proposes without a reason, by path ("lines.WC11.reason")."""
    return [
        Place({}, "lines").at(code).at("reason").fault("departure_without_reason", indicator=code)
        for code, proposal in proposals.items()
        if sheet.line(code).is_settled
        and sheet.line(code).points != proposal.points
        and not sheet.line(code).reason.strip()
    ]
