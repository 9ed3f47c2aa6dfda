"""Local adjustments after the rules, off unless a bureau sets them: caps by execution rate, overshooting.

Both are variants in use in single places, not national rules; a bureau keeps them as settings with its own figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evalhub.domain.document import Place
from evalhub.domain.scoring.shares import number_at


@dataclass(frozen=True)
class ExecutionCap:
    """least <= execution rate < below (percent): the total is at most `cap` (hundredths)."""

    least: Fraction
    below: Fraction
    cap: int


@dataclass(frozen=True)
class Adjusted:
    """A score after an adjustment, in hundredths; `rule` names what changed it, None if nothing did."""

    before: int
    after: int
    rule: str | None = None


@dataclass(frozen=True)
class Overshoot:
    """Points off (hundredths) for an actual more than `ratio` times its target: the target was set too low."""

    ratio: Fraction
    points: int


EXAMPLE_EXECUTION_CAPS = (
    ExecutionCap(Fraction(70), Fraction(80), 8900),
    ExecutionCap(Fraction(60), Fraction(70), 7900),
    ExecutionCap(Fraction(50), Fraction(60), 6900),
    ExecutionCap(Fraction(0), Fraction(50), 5900),
)
"""One place's self-evaluation rules: below 80 % at most 89, below 70 % 79, below 60 % 69, below 50 % 59."""

EXAMPLE_OVERSHOOT = Overshoot(Fraction(13, 10), 200)
"""As the same rules have it: more than 30 % above the target is a deviation, minus 2 points."""


def read_execution_caps(place: Place) -> tuple[ExecutionCap, ...]:
    """Caps from a setting: a list of {min, max, cap}, rates in percent and points as text, bands apart."""
    caps: list[ExecutionCap] = []
    for item in place.items():
        fields = item.fields(("min", "max", "cap"))
        least, below = number_at(fields["min"]), number_at(fields["max"])
        if not 0 <= least < below:
            raise fields["max"].fault("step_without_length")
        if any(least < other.below and other.least < below for other in caps):
            raise item.fault("bands_overlap")
        caps.append(ExecutionCap(least, below, fields["cap"].units(2, written=True)))
    return tuple(caps)


def capped_by_execution(total: int, spent_fen: int, budget_fen: int, caps: Sequence[ExecutionCap]) -> Adjusted:
    """A total under the cap of its execution rate, spent / budget, taken exactly and never rounded before comparing.

    Raises:
        ZeroDivisionError: the budget is 0.
    """
    rate = Fraction(spent_fen * 100, budget_fen)
    cap = next((cap.cap for cap in caps if cap.least <= rate < cap.below), None)
    if cap is None or total <= cap:
        return Adjusted(total, total)
    return Adjusted(total, cap, "execution_cap")


def less_overshoot(score: int, actual: Fraction, target: Fraction, rule: Overshoot) -> Adjusted:
    """A leaf's score less the points for overshooting, not below 0; at the ratio itself nothing is taken."""
    if target <= 0 or actual <= target * rule.ratio:
        return Adjusted(score, score)
    return Adjusted(score, max(0, score - rule.points), "overshoot")
