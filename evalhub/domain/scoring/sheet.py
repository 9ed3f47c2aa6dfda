"""What one rater fills in: per leaf a score or "not applicable", reason and place in a document; complete or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evalhub.domain.document import FaultyDocument, Place
from evalhub.domain.rounding import format_points, round_half_up_div
from evalhub.domain.scoring.framework import Framework, Indicator

FORMAT = "evalhub.sheet/1"


@dataclass(frozen=True)
class Evidence:
    """Where a reason stands: the document's id (an asked-for paper has one before it arrives), page, quote."""

    document: str
    page: int | None = None
    quote: str = ""


@dataclass(frozen=True)
class Line:
    """One leaf. points: hundredths, None while nothing is entered or where the leaf does not apply."""

    points: int | None = None
    not_applicable: bool = False
    reason: str = ""
    reason_code: str = ""
    evidence: Evidence | None = None

    @property
    def is_settled(self) -> bool:
        return self.points is not None or self.not_applicable


@dataclass(frozen=True)
class ScoreSheet:
    """The lines of one rater by leaf code, and his words on the whole.

    framework_hash: of the version it was filled in on, where it comes from outside (a file filled in off line); else "".
    """

    lines: Mapping[str, Line] = field(default_factory=dict)
    opinion: str = ""
    advice: str = ""
    framework_hash: str = ""

    def line(self, code: str) -> Line:
        return self.lines.get(code, _EMPTY)

    def scores(self) -> dict[str, int | None]:
        """Settled leaves as `panel.RaterSheet` wants them: hundredths, None where not applicable."""
        return {code: line.points for code, line in self.lines.items() if line.is_settled}

    def to_document(self) -> dict[str, Any]:
        """The storage form: plain JSON, points as text."""
        lines = {code: _line_document(line) for code, line in self.lines.items()}
        words = {"opinion": self.opinion, "advice": self.advice}
        version = {"framework": self.framework_hash} if self.framework_hash else {}
        return {"format": FORMAT, **version, "lines": lines, **words}


_EMPTY = Line()


@dataclass(frozen=True)
class BranchTotal:
    """A branch while it is being filled. All points in hundredths.

    points: sum entered so far; full: full points of the leaves entered, so that half a sheet never looks low; settled:
    leaves with a score or n/a, of `lines`; missing_reasons: points off (or n/a) without reason or place.
    """

    points: int
    full: int
    settled: int
    lines: int
    missing_reasons: int

    def projected(self, full_points: int) -> int | None:
        """The total if the rest were scored at the same rate, exact once all are settled; None before the first."""
        return round_half_up_div(self.points * full_points, self.full) if self.full else None


def check_complete(framework: Framework, sheet: ScoreSheet) -> list[FaultyDocument]:
    """Everything that keeps the sheet from being submitted, in the order of the tree; paths like "lines.A1.reason"."""
    if sheet.framework_hash and sheet.framework_hash != framework.content_hash:
        return [FaultyDocument("framework", "framework_changed")]
    faults = [fault for leaf in framework.leaves() for fault in _line_faults(leaf, sheet.line(leaf.code))]
    inner = {node.code for node in framework.walk() if not node.is_leaf}
    faults += [
        _place(code).fault("not_a_leaf" if code in inner else "unknown_leaf", indicator=code)
        for code in sheet.lines
        if code not in framework.leaf_points
    ]
    if sheet.lines and all(sheet.line(leaf.code).not_applicable for leaf in framework.leaves()):
        faults.append(FaultyDocument("lines", "nothing_applicable"))
    return faults


def branch_totals(framework: Framework, sheet: ScoreSheet) -> dict[str, BranchTotal]:
    """Code of every node, leaves included, -> its total so far; "" -> the whole sheet."""
    totals = {node.code: _branch(node.leaves, sheet) for node in framework.walk()}
    return totals | {"": _branch(framework.leaves(), sheet)}


def _branch(leaves: tuple[Indicator, ...], sheet: ScoreSheet) -> BranchTotal:
    lines = [(leaf, sheet.line(leaf.code)) for leaf in leaves]
    scored = [(leaf, line.points) for leaf, line in lines if line.points is not None and not line.not_applicable]
    return BranchTotal(
        points=sum(points for _, points in scored),
        full=sum(leaf.points for leaf, _ in scored),
        settled=sum(line.is_settled for _, line in lines),
        lines=len(lines),
        missing_reasons=sum(any(_reason_faults(leaf, line)) for leaf, line in lines),
    )


def _place(code: str) -> Place:
    return Place({}, "lines").at(code)


def _line_faults(leaf: Indicator, line: Line) -> Iterator[FaultyDocument]:
    place = _place(leaf.code)
    if not line.is_settled:
        yield place.fault("missing_leaf", indicator=leaf.code)
    elif line.not_applicable and line.points is not None:
        yield place.fault("score_and_not_applicable", indicator=leaf.code)
    elif line.not_applicable and not leaf.may_be_na:
        yield place.fault("not_applicable_refused", indicator=leaf.code)
    elif line.points is not None and not 0 <= line.points <= leaf.points:
        yield place.at("points").fault(
            "out_of_range", number=format_points(line.points), least="0", most=format_points(leaf.points)
        )
    yield from _reason_faults(leaf, line)


def _reason_faults(leaf: Indicator, line: Line) -> Iterator[FaultyDocument]:
    below_full = line.points is not None and line.points < leaf.points
    place = _place(leaf.code)
    if (below_full or line.not_applicable) and not line.reason.strip():
        yield place.at("reason").fault("reason_missing", indicator=leaf.code)
    if below_full and (line.evidence is None or not line.evidence.document):
        yield place.at("evidence").fault("evidence_missing", indicator=leaf.code)


def _line_document(line: Line) -> dict[str, Any]:
    evidence = line.evidence
    return {
        "points": None if line.points is None else format_points(line.points),
        "not_applicable": line.not_applicable,
        "reason": line.reason,
        "reason_code": line.reason_code,
        "evidence": evidence and {"document": evidence.document, "page": evidence.page, "quote": evidence.quote},
    }


def sheet_from_document(document: Mapping[str, Any]) -> ScoreSheet:
    """The sheet that `ScoreSheet.to_document` wrote, or one an importer built in that form.

    Raises:
        FaultyDocument: an unknown key, three decimals, text in a number; `path` names it ("lines.A1.points").
    """
    fields = Place(document, "").fields(("format", "lines"), ("framework", "opinion", "advice"))
    fields["format"].choice((FORMAT,))
    lines = {code: _read_line(place) for code, place in fields["lines"].entries().items()}
    words = {key: fields[key].text(empty=True) for key in ("opinion", "advice") if key in fields}
    return ScoreSheet(lines, **words, framework_hash=fields["framework"].text() if "framework" in fields else "")


def _read_line(place: Place) -> Line:
    fields = place.fields((), ("points", "not_applicable", "reason", "reason_code", "evidence"))
    words = {key: fields[key].text(empty=True) for key in ("reason", "reason_code") if key in fields}
    points = place.at("points")
    evidence = place.at("evidence")
    return Line(
        points=None if points.value is None else points.units(2, written=True),
        not_applicable="not_applicable" in fields and fields["not_applicable"].flag(),
        evidence=None if evidence.value is None else _read_evidence(evidence),
        **words,
    )


def _read_evidence(place: Place) -> Evidence:
    fields = place.fields(("document",), ("page", "quote"))
    page = place.at("page")
    return Evidence(
        document=fields["document"].text(),
        page=None if page.value is None else page.units(0, least=1, most=100_000),
        quote=fields["quote"].text(empty=True) if "quote" in fields else "",
    )
