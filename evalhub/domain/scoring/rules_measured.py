"""Rules on a measured figure: ratio to a target, straight line, ladder of steps, satisfaction survey."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from evalhub.domain.document import Place
from evalhub.domain.scoring.shares import (
    ONE,
    ZERO,
    Share,
    limited,
    number_at,
    positive_at,
    rule_fields,
    share_at,
    shown,
)


def _optional_share(fields: dict[str, Place], key: str, default: Fraction) -> Fraction:
    return share_at(fields[key]) if key in fields else default


def _actual(inputs: Place) -> Fraction:
    return number_at(inputs.fields(("actual",))["actual"])


@dataclass(frozen=True)
class RatioRule:
    """actual / target, or target / actual where lower is better; 0 below `floor`, never above `cap`."""

    target: Fraction
    lower_is_better: bool
    floor: Fraction
    cap: Fraction

    @classmethod
    def read(cls, place: Place) -> "RatioRule":
        fields = rule_fields(place, ("type", "target"), ("floor", "cap"))
        lower = fields["type"].value == "ratio_lower"
        target = number_at(fields["target"]) if lower else positive_at(fields["target"])
        if target < 0:
            raise fields["target"].fault("out_of_range", number=shown(target), least="0", most=None)
        return cls(target, lower, _optional_share(fields, "floor", ZERO), _optional_share(fields, "cap", ONE))

    def share(self, inputs: Place, points: int) -> Share:
        actual = _actual(inputs)
        ratio = self._ratio(actual)
        earned = ZERO if ratio < self.floor else limited(ratio, cap=self.cap)
        code = "ratio_lower" if self.lower_is_better else "ratio_higher"
        step = {"code": code, "actual": shown(actual), "target": shown(self.target), "share": shown(ratio)}
        if ratio < self.floor:
            return Share(earned, (step, {"code": "below_floor", "floor": shown(self.floor)}))
        return Share(earned, (step, {"code": "capped", "cap": shown(self.cap)}) if ratio > self.cap else (step,))

    def _ratio(self, actual: Fraction) -> Fraction:
        if not self.lower_is_better:
            return actual / self.target
        return ONE if actual <= self.target else self.target / actual


@dataclass(frozen=True)
class LinearRule:
    """A straight line from no points at `zero_at` to all at `full_at`, in either direction, clipped to 0 and `cap`."""

    full_at: Fraction
    zero_at: Fraction
    cap: Fraction

    @classmethod
    def read(cls, place: Place) -> "LinearRule":
        fields = rule_fields(place, ("type", "full_at", "zero_at"), ("cap",))
        full_at, zero_at = number_at(fields["full_at"]), number_at(fields["zero_at"])
        if full_at == zero_at:
            raise fields["zero_at"].fault("line_without_length")
        return cls(full_at, zero_at, _optional_share(fields, "cap", ONE))

    def share(self, inputs: Place, points: int) -> Share:
        actual = _actual(inputs)
        earned = limited((actual - self.zero_at) / (self.full_at - self.zero_at), cap=self.cap)
        figures = {"actual": actual, "zero_at": self.zero_at, "full_at": self.full_at, "share": earned}
        return Share(earned, ({"code": "linear", **{name: _signed(figure) for name, figure in figures.items()}},))


@dataclass(frozen=True)
class Step:
    """least <= actual < below earns the share; None leaves a side open."""

    least: Fraction | None
    below: Fraction | None
    share: Fraction

    def holds(self, actual: Fraction) -> bool:
        return (self.least is None or actual >= self.least) and (self.below is None or actual < self.below)


@dataclass(frozen=True)
class LadderRule:
    """The share of the step in which the figure falls; the steps cover every figure exactly once."""

    steps: tuple[Step, ...]

    @classmethod
    def read(cls, place: Place) -> "LadderRule":
        fields = rule_fields(place, ("type", "steps"))
        steps = tuple(_step(item) for item in fields["steps"].items())
        ordered = sorted(steps, key=lambda step: (step.least is not None, step.least or ZERO))
        closed = ordered and ordered[0].least is None and ordered[-1].below is None
        if not closed or any(low.below is None or low.below != high.least for low, high in pairwise(ordered)):
            raise fields["steps"].fault("steps_do_not_meet")
        return cls(steps)

    def share(self, inputs: Place, points: int) -> Share:
        actual = _actual(inputs)
        step = next(step for step in self.steps if step.holds(actual))
        figures = {"actual": actual, "least": step.least, "below": step.below, "share": step.share}
        shown_figures = {name: None if figure is None else _signed(figure) for name, figure in figures.items()}
        return Share(step.share, ({"code": "ladder", **shown_figures},))


def _step(place: Place) -> Step:
    fields = place.fields(("min", "max", "share"))
    least, below = (None if fields[key].value is None else number_at(fields[key]) for key in ("min", "max"))
    if least is not None and below is not None and least >= below:
        raise fields["max"].fault("step_without_length")
    return Step(least, below, share_at(fields["share"]))


@dataclass(frozen=True)
class SurveyRule:
    """rate / full_at, at most 1; 0 where too few valid answers came in."""

    full_at: Fraction
    least_samples: int

    @classmethod
    def read(cls, place: Place) -> "SurveyRule":
        fields = rule_fields(place, ("type", "full_at"), ("min_valid_samples",))
        samples = fields["min_valid_samples"].units(0, written=True) if "min_valid_samples" in fields else 0
        return cls(positive_at(fields["full_at"]), samples)

    def share(self, inputs: Place, points: int) -> Share:
        fields = inputs.fields(("rate",), ("valid_samples",))
        rate = number_at(fields["rate"])
        if not 0 <= rate <= 100:
            raise fields["rate"].fault("out_of_range", number=_signed(rate), least="0", most="100")
        if self.least_samples and "valid_samples" not in fields:
            raise inputs.at("valid_samples").fault("missing_key")
        samples = fields["valid_samples"].units(0, written=True) if "valid_samples" in fields else 0
        if samples < self.least_samples:
            return Share(ZERO, ({"code": "too_few_samples", "samples": samples, "needed": self.least_samples},))
        earned = limited(rate / self.full_at)
        step = {"code": "survey", "rate": shown(rate), "full_at": shown(self.full_at), "share": shown(earned)}
        return Share(earned, (step,))


def _signed(number: Fraction) -> str:
    return shown(number) if number >= 0 else "-" + shown(-number)
