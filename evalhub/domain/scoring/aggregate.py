"""From the sheets of a task to its result: totals, grade, spread, agreement, stability, and their workings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalhub.domain.scoring.agreement import Agreement, task_agreement
from evalhub.domain.scoring.outliers import far_branches, far_totals
from evalhub.domain.scoring.panel import Panel
from evalhub.domain.scoring.spread import Spread, indicator_spreads
from evalhub.domain.scoring.stability import Stability, assess_stability
from evalhub.domain.scoring.totals import Mark, Outcome, marks_of, outcome
from evalhub.domain.scoring.workings import Step, workings


@dataclass(frozen=True)
class Note:
    """Something the reader must know beside the figures: a code and what its sentence shows."""

    code: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class RaterResult:
    """One rater's own total (hundredths) and the grade it would be."""

    source: str
    total: int
    grade: str


@dataclass(frozen=True)
class TaskResult:
    """Everything computed from one panel. `outcome` holds total, grade, sources and status."""

    task: str
    outcome: Outcome
    indicators: Mapping[str, Spread]
    raters: Mapping[str, RaterResult]
    agreement: Agreement
    stability: Stability
    workings: tuple[Step, ...]
    notes: tuple[Note, ...]

    @property
    def total(self) -> int | None:
        return self.outcome.total

    @property
    def grade(self) -> str | None:
        return self.outcome.grade


def aggregate_task(panel: Panel) -> TaskResult:
    """The result of one task, exactly as the file format `evalhub.scoring/1` defines it.

    Args:
        panel: complete sheets within range, at least one per source (`exchange.read_panel` checks a file,
            `sheet.check_complete` a form).
    """
    framework = panel.framework
    marks = marks_of(panel)
    reached = outcome(framework, panel.method, marks)
    main = panel.sheets_of(panel.main_source)
    spreads = indicator_spreads(framework, main)
    agreement = task_agreement(framework, panel.main_source, main)
    stability = assess_stability(framework, panel.method, marks, reached)
    return TaskResult(
        task=panel.task,
        outcome=reached,
        indicators=spreads,
        raters={mark.rater: RaterResult(mark.source, mark.total, framework.grade_of(mark.total)) for mark in marks},
        agreement=agreement,
        stability=stability,
        workings=workings(panel, reached),
        notes=tuple(_notes(panel, marks, reached, spreads, agreement, stability)),
    )


def _notes(
    panel: Panel,
    marks: tuple[Mark, ...],
    reached: Outcome,
    spreads: Mapping[str, Spread],
    agreement: Agreement,
    stability: Stability,
) -> list[Note]:
    notes = _method_notes(panel, reached)
    if len(panel.sources) > 1:
        notes.append(Note("indicators_of_one_source", {"source": panel.main_source}))
    notes += [Note("far_from_median", figures) for figures in far_totals(panel, marks)]
    notes += [Note("far_in_branch", figures) for figures in far_branches(panel)]
    unscored = [code for code, spread in spreads.items() if spread.n == 0]
    if unscored:
        notes.append(Note("indicators_without_score", {"indicators": unscored}))
    single = [code for code, spread in spreads.items() if spread.n == 1]
    if single:
        notes.append(Note("indicators_with_one_score", {"indicators": single}))
    by_reason: dict[str, list[str]] = {}
    for statistic, reason in agreement.reasons.items():
        by_reason.setdefault(reason, []).append(statistic)
    notes += [Note(f"agreement_{reason}", {"statistics": names}) for reason, names in by_reason.items()]
    return notes + _stability_notes(reached, stability)


def _method_notes(panel: Panel, reached: Outcome) -> list[Note]:
    notes = []
    for source, found in reached.sources.items():
        if found.asked != found.used:
            notes.append(Note("trimmed_fell_back_to_mean", {"source": source, "sheets": found.sheets, "needed": 5}))
    for source in reached.short:
        sheets, needed = reached.sources[source].sheets, panel.method.quorum[source]
        notes.append(Note("below_quorum", {"source": source, "sheets": sheets, "quorum": needed}))
    return notes


def _stability_notes(reached: Outcome, stability: Stability) -> list[Note]:
    if reached.grade is None:
        return [Note("no_stability_below_quorum", {})]
    notes = []
    below = [rater for rater, found in stability.without.items() if found.grade is None]
    if below:
        notes.append(Note("without_below_quorum", {"raters": below}))
    if stability.one_rater_decides is None:
        notes.append(Note("no_grade_without_any_rater", {}))
    if stability.least_change is None:
        notes.append(Note("no_single_sheet_flips", {}))
    return notes
