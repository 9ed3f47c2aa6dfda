"""The sheets of one task and the method fixed before scoring: what `aggregate` works on, already read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from evalhub.domain.scoring.framework import Framework

WEIGHT_UNITS = 10_000
"""A weight of 1 in the units that weights are kept in."""

STATISTICS = ("mean", "median", "trimmed")
LEAST_SHEETS_TO_TRIM = 5


@dataclass(frozen=True)
class Method:
    """How sheets become a total: source -> statistic, source -> weight in 1/10,000, source -> least sheets."""

    statistics: Mapping[str, str]
    source_weights: Mapping[str, int]
    quorum: Mapping[str, int]

    @classmethod
    def of_one_source(cls, statistic: str, *, source: str = "experts", quorum: int = 0) -> "Method":
        """One source that makes up the whole total."""
        return cls({source: statistic}, {source: WEIGHT_UNITS}, {source: quorum})


@dataclass(frozen=True)
class RaterSheet:
    """One submitted sheet. weight: 1/10,000. scores: leaf code -> hundredths, None where not applicable."""

    rater: str
    scores: Mapping[str, int | None]
    source: str = "experts"
    weight: int = WEIGHT_UNITS


@dataclass(frozen=True)
class Panel:
    """All sheets of one task, with framework and method. Sheets are complete and within range (`exchange` checks)."""

    task: str
    framework: Framework
    method: Method
    sheets: tuple[RaterSheet, ...]

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Sources in the order of the method's weights."""
        return tuple(self.method.source_weights)

    def sheets_of(self, source: str) -> tuple[RaterSheet, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.source == source)

    @cached_property
    def main_source(self) -> str:
        """The source whose raters are compared with one another: most sheets, of equals the first in the method."""
        return max(self.sources, key=lambda source: (len(self.sheets_of(source)), -self.sources.index(source)))
