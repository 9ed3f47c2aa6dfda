"""Rules on what was found: elements met, cases that take points off, a band for what cannot be measured."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evalhub.domain.document import Place
from evalhub.domain.rounding import format_points
from evalhub.domain.scoring.shares import ONE, ZERO, Share, limited, rule_fields, share_at, shown


def _words(place: Place) -> tuple[str, ...]:
    return tuple(place.at(key).text(empty=True) for key in ("zh", "en") if place.at(key).value is not None)


def _check_ids(place: Place, ids: list[str]) -> None:
    for index, one in enumerate(ids):
        if one in ids[:index]:
            raise place.items()[index].at("id").fault("repeated_id", id=one)


@dataclass(frozen=True)
class ElementRule:
    """Sum of share x met over the elements; an element of `veto` that is not met at all leaves nothing."""

    shares: tuple[tuple[str, Fraction], ...]
    veto: tuple[str, ...]

    @classmethod
    def read(cls, place: Place) -> "ElementRule":
        fields = rule_fields(place, ("type", "elements"), ("veto",))
        shares = []
        for item in fields["elements"].items():
            element = item.fields(("id", "share"), ("zh", "en"))
            _words(item)
            shares.append((element["id"].text(), share_at(element["share"])))
        _check_ids(fields["elements"], [one for one, _ in shares])
        total = sum((share for _, share in shares), ZERO)
        if total != 1:
            raise fields["elements"].fault("shares_do_not_close", found=shown(total))
        known = tuple(one for one, _ in shares)
        veto = tuple(item.choice(known) for item in fields["veto"].items()) if "veto" in fields else ()
        return cls(tuple(shares), veto)

    def share(self, inputs: Place, points: int) -> Share:
        met = inputs.fields(("met",))["met"].fields(tuple(one for one, _ in self.shares))
        shares = {one: share_at(place) for one, place in met.items()}
        steps: list[dict[str, Any]] = [
            {"code": "element", "id": one, "share": shown(share), "met": shown(shares[one])}
            for one, share in self.shares
        ]
        failed = [one for one in self.veto if shares[one] == 0]
        if failed:
            return Share(ZERO, (*steps, {"code": "veto", "ids": failed}))
        return Share(sum((share * shares[one] for one, share in self.shares), ZERO), tuple(steps))


@dataclass(frozen=True)
class Case:
    """Something that takes points off each time. points, cap: hundredths; zero: found once, no points are left."""

    id: str
    points: int
    cap: int | None
    zero: bool


@dataclass(frozen=True)
class DeductionRule:
    """Full points less count x points for every case, each case up to its cap, never below 0."""

    cases: tuple[Case, ...]

    @classmethod
    def read(cls, place: Place) -> "DeductionRule":
        fields = rule_fields(place, ("type", "cases"))
        cases = []
        for item in fields["cases"].items():
            case = item.fields(("id", "points"), ("cap", "zero", "zh", "en"))
            _words(item)
            cap = case["cap"].units(2, written=True) if "cap" in case else None
            zero = "zero" in case and case["zero"].flag()
            cases.append(Case(case["id"].text(), case["points"].units(2, written=True), cap, zero))
        if not cases:
            raise fields["cases"].fault("empty_list")
        _check_ids(fields["cases"], [case.id for case in cases])
        return cls(tuple(cases))

    def share(self, inputs: Place, points: int) -> Share:
        counts = inputs.fields(("count",))["count"].fields((), tuple(case.id for case in self.cases))
        off = 0
        steps: list[dict[str, Any]] = []
        for case in self.cases:
            count = counts[case.id].units(0, most=10_000, written=True) if case.id in counts else 0
            if count and case.zero:
                return Share(ZERO, (*steps, {"code": "zero_case", "id": case.id, "count": count}))
            taken = count * case.points if case.cap is None else min(case.cap, count * case.points)
            off += taken
            if count:
                figures = {"points": format_points(case.points), "taken": format_points(taken)}
                steps.append({"code": "case", "id": case.id, "count": count, **figures})
        return Share(limited(ONE - Fraction(off, points)), tuple(steps))


@dataclass(frozen=True)
class BandRule:
    """A share chosen inside the band that fits; a band's own limits both belong to it."""

    bands: tuple[tuple[str, Fraction, Fraction], ...]

    @classmethod
    def read(cls, place: Place) -> "BandRule":
        fields = rule_fields(place, ("type", "bands"))
        bands = []
        for item in fields["bands"].items():
            band = item.fields(("id", "min", "max"), ("zh", "en"))
            _words(item)
            least, most = share_at(band["min"]), share_at(band["max"])
            if least > most:
                raise band["max"].fault("step_without_length")
            bands.append((band["id"].text(), least, most))
        if not bands:
            raise fields["bands"].fault("empty_list")
        _check_ids(fields["bands"], [one for one, _, _ in bands])
        return cls(tuple(bands))

    def share(self, inputs: Place, points: int) -> Share:
        fields = inputs.fields(("band", "share"))
        chosen = fields["band"].choice(tuple(one for one, _, _ in self.bands))
        _, least, most = next(band for band in self.bands if band[0] == chosen)
        share = share_at(fields["share"])
        if not least <= share <= most:
            raise fields["share"].fault("out_of_range", number=shown(share), least=shown(least), most=shown(most))
        figures = {"least": shown(least), "most": shown(most), "share": shown(share)}
        return Share(share, ({"code": "band", "id": chosen, **figures},))
