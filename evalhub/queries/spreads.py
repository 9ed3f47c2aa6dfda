"""How far the raters of a result lie apart, per indicator, from the workings that the result itself keeps."""

from dataclasses import dataclass

from evalhub.domain.rounding import parse_points
from evalhub.queries.results import ResultView

FAR_SHARE = 2500
"""A rater whose share of an indicator lies further than this (1/10,000) from the median is marked."""


@dataclass(frozen=True)
class Spread:
    """How far raters lie apart on one indicator; shares in 1/10,000."""

    code: str
    name: str
    full_points: int
    mean_share: int
    dots: tuple[tuple[str, int], ...]

    @property
    def marks(self) -> list[tuple[str, int, bool]]:
        """Each rater's share, and whether it lies more than 25 points from the others' middle."""
        values = sorted(share for _, share in self.dots)
        middle = values[len(values) // 2]
        return [(rater, share, abs(share - middle) > FAR_SHARE) for rater, share in self.dots]


def list_spreads(view: ResultView, language: str) -> list[Spread]:
    """Per indicator where each rater stands, the widest first; from the workings that the result itself keeps."""
    shares: dict[str, list[tuple[str, int]]] = {}
    for step in view.outcome["workings"]:
        if step["code"] == "sheet_total":
            for line in step["lines"]:
                if line["points"] is not None:
                    full = parse_points(str(line["full"]))
                    share = parse_points(str(line["points"])) * 10_000 // full if full else 0
                    shares.setdefault(line["indicator"], []).append((step["rater"], share))
    spreads = [
        Spread(
            code=leaf.code,
            name=leaf.name.in_language(language),
            full_points=leaf.points,
            mean_share=sum(share for _, share in shares[leaf.code]) // len(shares[leaf.code]),
            dots=tuple(shares[leaf.code]),
        )
        for leaf in view.framework.leaves()
        if shares.get(leaf.code)
    ]
    return sorted(spreads, key=lambda spread: (_width(spread), spread.code), reverse=True)


def _width(spread: Spread) -> int:
    values = [share for _, share in spread.dots]
    return max(values) - min(values)
