"""After a panel has closed: what to talk about first, scores changed with a reason, and minutes everybody answers for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evalhub.domain.document import FaultyDocument
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.sheet import Line, ScoreSheet

WIDE_SHARE = Fraction(25, 100)
"""An indicator whose scores lie further apart than this share of its points is marked for discussion."""


@dataclass(frozen=True)
class Topic:
    """One indicator before the panel. low, high: hundredths; raters who gave them; left_out: raters for whom it was n/a.

    is_wide: the range exceeds a quarter of the leaf's points, or some found it applicable and others not.
    """

    indicator: str
    points: int
    low: int
    high: int
    low_raters: tuple[str, ...]
    high_raters: tuple[str, ...]
    left_out: tuple[str, ...]
    is_wide: bool


@dataclass(frozen=True)
class Revision:
    """A line that changed between the first and the final sheet of one rater; both are kept."""

    indicator: str
    first: Line
    final: Line
    reason: str


@dataclass(frozen=True)
class Minutes:
    """Who took part: every member of the panel is present, absent with a reason, or recused with a reason.

    dissents: member present -> his written dissent; who writes none counts as agreeing.
    """

    present: tuple[str, ...]
    absent: Mapping[str, str] = field(default_factory=dict)
    recused: Mapping[str, str] = field(default_factory=dict)
    dissents: Mapping[str, str] = field(default_factory=dict)

    @property
    def agreed(self) -> tuple[str, ...]:
        """Members who count as agreeing.

        Source: 政府采购法实施条例 article 41: who disagrees with a joint report writes his dissent or counts as agreeing.
        """
        return tuple(member for member in self.present if member not in self.dissents)


def agenda(framework: Framework, sheets: Mapping[str, ScoreSheet]) -> list[Topic]:
    """Indicators by the range of their scores as a share of their points, widest first, of equals in tree order.

    Args:
        sheets: rater -> sheet of the closed panel.
    """
    topics = []
    for leaf in framework.leaves():
        scores = {
            rater: points for rater, sheet in sheets.items() if (points := sheet.line(leaf.code).points) is not None
        }
        left_out = tuple(rater for rater in sheets if rater not in scores)
        if scores:
            topics.append(_topic(leaf.code, leaf.points, scores, left_out))
    return sorted(topics, key=lambda topic: -Fraction(topic.high - topic.low, topic.points))


def _topic(code: str, points: int, scores: Mapping[str, int], left_out: tuple[str, ...]) -> Topic:
    low, high = min(scores.values()), max(scores.values())
    return Topic(
        indicator=code,
        points=points,
        low=low,
        high=high,
        low_raters=tuple(rater for rater, score in scores.items() if score == low),
        high_raters=tuple(rater for rater, score in scores.items() if score == high),
        left_out=left_out,
        is_wide=high - low > WIDE_SHARE * points or bool(left_out),
    )


def revisions(first: ScoreSheet, final: ScoreSheet, reasons: Mapping[str, str]) -> list[Revision]:
    """Lines whose score changed, in the order of the first sheet. reasons: indicator -> why the rater changed it.

    Raises:
        FaultyDocument: a score changed without a reason; `path` names it ("reasons.C11").
    """
    found = []
    for code in dict.fromkeys([*first.lines, *final.lines]):
        before, after = first.line(code), final.line(code)
        if (before.points, before.not_applicable) == (after.points, after.not_applicable):
            continue
        if not reasons.get(code, "").strip():
            raise FaultyDocument(f"reasons.{code}", "reason_missing", indicator=code)
        found.append(Revision(code, before, after, reasons[code].strip()))
    return found


def minutes_faults(members: Sequence[str], minutes: Minutes, quorum: int) -> list[FaultyDocument]:
    """What keeps minutes from being signed: a member in no list or in two, a missing reason, too few present."""
    faults = []
    for member in dict.fromkeys([*members, *minutes.present, *minutes.absent, *minutes.recused]):
        places = [member in minutes.present, member in minutes.absent, member in minutes.recused]
        if member not in members:
            faults.append(FaultyDocument(f"members.{member}", "unknown_rater", rater=member))
        elif sum(places) != 1:
            code = "attendance_missing" if not any(places) else "attendance_twice"
            faults.append(FaultyDocument(f"members.{member}", code, rater=member))
    for name, reasons in (("absent", minutes.absent), ("recused", minutes.recused), ("dissents", minutes.dissents)):
        faults += [
            FaultyDocument(f"{name}.{member}", "reason_missing", rater=member)
            for member, reason in reasons.items()
            if not reason.strip()
        ]
    faults += [
        FaultyDocument(f"dissents.{member}", "not_present", rater=member)
        for member in minutes.dissents
        if member not in minutes.present
    ]
    if len(minutes.present) < quorum:
        faults.append(FaultyDocument("present", "below_quorum", present=len(minutes.present), quorum=quorum))
    return faults
