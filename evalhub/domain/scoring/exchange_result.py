"""Results as documents of the formats `evalhub.scoring.result/1` and `evalhub.scoring.round.result/1`."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from evalhub.domain.rounding import points_decimal
from evalhub.domain.scoring.aggregate import TaskResult
from evalhub.domain.scoring.agreement import Agreement
from evalhub.domain.scoring.round import RaterInRound, RoundResult
from evalhub.domain.scoring.severity import Severity
from evalhub.domain.scoring.stability import Stability
from evalhub.domain.scoring.totals import Outcome

RESULT_FORMAT = "evalhub.scoring.result/1"
ROUND_RESULT_FORMAT = "evalhub.scoring.round.result/1"

Words = Callable[[str, Mapping[str, Any]], str]
"""A code and its figures -> the sentence in the reader's language."""


def result_document(
    result: TaskResult, words: Words | None = None, severities: Mapping[str, Severity] | None = None
) -> dict[str, Any]:
    """The result of one task as the format lays it down; decimals exact.

    Args:
        severities: of the raters, known from a round only.
        words: adds to each note and each step of the workings its sentence under the key `text`.
    """
    outcome = result.outcome
    return {
        "format": RESULT_FORMAT,
        "task": result.task,
        "status": outcome.status,
        "total": _points(outcome.total),
        "grade": outcome.grade,
        "sources": {
            source: {"total": points_decimal(found.total), "sheets": found.sheets, "statistic": found.used}
            for source, found in outcome.sources.items()
        },
        "indicators": {
            code: {"mean": spread.mean, "sd": spread.sd, "n": spread.n, "lost_share": spread.lost_share}
            for code, spread in result.indicators.items()
        },
        "raters": {
            rater: {
                "total": points_decimal(found.total),
                "grade": found.grade,
                "severity": _severity(severities[rater]) if severities else None,
            }
            for rater, found in result.raters.items()
        },
        "agreement": _agreement(result.agreement),
        "stability": _stability(result.stability),
        "workings": [_worded(step["code"], step, words) for step in result.workings],
        "notes": [_worded(note.code, {"code": note.code, **note.figures}, words) for note in result.notes],
    }


def round_result_document(result: RoundResult, words: Words | None = None) -> dict[str, Any]:
    """One result per task in the order of the round, and each rater's figures over it (points of 100)."""
    severities = {rater: found.severity for rater, found in result.raters.items()}
    return {
        "format": ROUND_RESULT_FORMAT,
        "tasks": [result_document(task, words, severities) for task in result.tasks],
        "raters": {rater: _rater(found, words) for rater, found in result.raters.items()},
        "corrected": {task: rounded(total) for task, total in result.corrected.items()},
    }


def _severity(found: Severity) -> dict[str, Any] | None:
    if found.estimate is None:
        return None
    return {"estimate": rounded(found.estimate), "low": rounded(found.low), "high": rounded(found.high)}


def _rater(found: RaterInRound, words: Words | None) -> dict[str, Any]:
    reason = found.severity.reason
    code = f"severity_{reason}"
    return {
        "sheets": found.sheets,
        "mean_total": points_decimal(found.mean_total),
        "compared": found.compared,
        "mean_deviation": _points(found.mean_deviation),
        "severity": _severity(found.severity),
        "notes": [_worded(code, {"code": code, "sheets": found.sheets}, words)] if reason else [],
    }


def _worded(code: str, figures: Mapping[str, Any], words: Words | None) -> dict[str, Any]:
    return {**figures, "text": words(code, figures)} if words else dict(figures)


def _points(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else points_decimal(hundredths)


def _agreement(found: Agreement) -> dict[str, Any]:
    return {
        "basis": "within_task",
        "source": found.source,
        "krippendorff_alpha": rounded(found.krippendorff_alpha),
        "icc_2_1": rounded(found.icc_2_1),
        "icc_2_k": rounded(found.icc_2_k),
        "kendall_w": rounded(found.kendall_w),
    }


def rounded(figure: float | None) -> Decimal | None:
    """A statistic with four decimals; binary floats end here."""
    return None if figure is None else Decimal(f"{round(figure, 4) + 0.0:.4f}")


def _stability(found: Stability) -> dict[str, Any]:
    return {
        "one_rater_decides": found.one_rater_decides,
        "least_change_to_flip": _points(found.least_change),
        "without": {rater: _total_and_grade(outcome) for rater, outcome in found.without.items()},
    }


def _total_and_grade(outcome: Outcome) -> dict[str, Any]:
    return {"total": _points(outcome.total), "grade": outcome.grade}
