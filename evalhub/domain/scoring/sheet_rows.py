"""A score sheet to be filled in off line: written as rows with a hidden identity, read back as a draft or refused by cell."""

import hashlib
from collections.abc import Callable, Sequence

from evalhub.domain.document import FaultyDocument
from evalhub.domain.rounding import InvalidPoints, format_points, parse_points
from evalhub.domain.scoring.cells import Row, cell_fault, cell_text, is_blank
from evalhub.domain.scoring.framework import Framework, Indicator
from evalhub.domain.scoring.sheet import FORMAT, Evidence, Line, ScoreSheet

Sign = Callable[[bytes], str]
"""Makes the checksum of a sheet's fixed part; with a secret key, nobody else can make one."""

COLUMNS = ("code", "name", "full_points", "score", "reason_code", "reason", "document", "page", "quote")
"""Of the lines; the caller heads them in the reader's language. The first three are fixed, the others the rater's."""

FIRST_LINE = 3
"""Row of the first line, counted from 1: row 1 holds the hidden identity, row 2 the headings."""

_NOT_APPLICABLE = {"n/a", "na", "不适用", "/"}


def plain_checksum(fixed: bytes) -> str:
    """SHA-256: tells damage, not forgery."""
    return hashlib.sha256(fixed).hexdigest()


def sheet_rows(
    framework: Framework, sheet: ScoreSheet, task: str, seat: str, headings: Row, sign: Sign = plain_checksum
) -> list[list[str]]:
    """Identity, headings, and one row per leaf in tree order, with what the draft holds already."""
    identity = [FORMAT, task, seat, framework.content_hash, sign(_fixed_part(framework, task, seat))]
    return [identity, list(headings), *(_line_row(leaf, sheet.line(leaf.code)) for leaf in framework.leaves())]


def _fixed_part(framework: Framework, task: str, seat: str) -> bytes:
    lines = [f"{leaf.code}\t{format_points(leaf.points)}" for leaf in framework.leaves()]
    return "\n".join([FORMAT, task, seat, framework.content_hash, *lines]).encode()


def _line_row(leaf: Indicator, line: Line) -> list[str]:
    score = "n/a" if line.not_applicable else "" if line.points is None else format_points(line.points)
    place = line.evidence
    where = [place.document, "" if place.page is None else str(place.page), place.quote] if place else ["", "", ""]
    return [leaf.code, leaf.name.zh, format_points(leaf.points), score, line.reason_code, line.reason, *where]


def read_sheet_rows(
    framework: Framework, rows: Sequence[Row], task: str, seat: str, sign: Sign = plain_checksum
) -> tuple[ScoreSheet | None, list[FaultyDocument]]:
    """The draft in a filled-in file, or None with every fault by cell; half a sheet is welcome, half-read never.

    Refused as a whole: another task's or seat's sheet, another framework version, a damaged identity.
    """
    identity = rows[0] if rows else []
    expected = [FORMAT, task, seat, framework.content_hash, sign(_fixed_part(framework, task, seat))]
    codes = ("not_a_sheet", "other_task", "other_seat", "framework_changed", "checksum_wrong")
    for column, (wanted, code) in enumerate(zip(expected, codes, strict=True)):
        if cell_text(identity, column) != wanted:
            return None, [cell_fault(1, column, code)]
    faults: list[FaultyDocument] = []
    lines: dict[str, Line] = {}
    for number, row in enumerate(rows[FIRST_LINE - 1 :], start=FIRST_LINE):
        if is_blank(row):
            continue
        code = cell_text(row, 0)
        if code in lines:
            faults.append(cell_fault(number, 0, "repeated_code", indicator=code))
            continue
        try:
            lines[code] = _read_line(framework, row, number)
        except FaultyDocument as fault:
            faults.append(fault)
    missing = [code for code in framework.leaf_points if code not in lines]
    if missing and not faults:
        faults.append(cell_fault(len(rows) + 1, 0, "line_missing", indicator=missing[0]))
    return (None, faults) if faults else (ScoreSheet(lines, framework_hash=framework.content_hash), [])


def _read_line(framework: Framework, row: Row, number: int) -> Line:
    code = cell_text(row, 0)
    leaf = framework.find(code)
    if leaf is None or not leaf.is_leaf:
        raise cell_fault(number, 0, "unknown_leaf", indicator=code)
    if cell_text(row, 2) != format_points(leaf.points) and _points(row, number, 2) != leaf.points:
        raise cell_fault(number, 2, "full_points_changed", indicator=code, wanted=format_points(leaf.points))
    score = cell_text(row, 3)
    left_out = score.lower() in _NOT_APPLICABLE
    if left_out and not leaf.may_be_na:
        raise cell_fault(number, 3, "not_applicable_refused", indicator=code)
    points = _points(row, number, 3) if score and not left_out else None
    if points is not None and points > leaf.points:
        raise cell_fault(number, 3, "out_of_range", number=score, least="0", most=format_points(leaf.points))
    return Line(points, left_out, cell_text(row, 5), cell_text(row, 4), _evidence(row, number))


def _points(row: Row, number: int, column: int) -> int:
    try:
        return parse_points(cell_text(row, column))
    except InvalidPoints as error:
        raise cell_fault(number, column, error.code, number=cell_text(row, column), places=2) from None


def _evidence(row: Row, number: int) -> Evidence | None:
    document, page, quote = (cell_text(row, column) for column in (6, 7, 8))
    if not document:
        if page or quote:
            raise cell_fault(number, 6, "document_missing")
        return None
    whole = page.removesuffix(".0")
    if page and not (whole.isascii() and whole.isdecimal() and 1 <= int(whole) <= 100_000):
        raise cell_fault(number, 7, "not_a_page", number=page)
    return Evidence(document, int(whole) if whole else None, quote)
