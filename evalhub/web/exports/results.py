"""Results as files: a round's list as XLSX, one result as a DOCX for A4."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from evalhub.infra.letters import Annex, Grid, Letter, Text, write_letter
from evalhub.infra.spreadsheets import Column, write_table
from evalhub.queries.results import ResultRow, ResultView
from evalhub.web.filters import moment, points
from evalhub.web.labels import grade_label
from evalhub.web.states import state_look


def round_workbook(rows: Sequence[ResultRow], today: date) -> bytes:
    """Exactly the rows of the list."""
    columns = [
        Column(_("Task"), width=14),
        Column(_("Project"), width=30),
        Column(_("Department"), width=26),
        Column(_("Round"), width=18),
        Column(_("Budget (¥10,000)"), "money_wan", 16),
        Column(_("Total"), "points", 10),
        Column(_("Grade"), width=10),
        Column(_("One rater decides"), width=12),
        Column(_("State"), width=12),
        Column(_("Version"), "number", 8),
    ]
    lines = [
        (
            row.task_code, row.project, row.department, row.round_name, row.adjusted_fen, row.total_points,
            grade_label(row.grade) if row.grade else "", _("yes") if row.one_rater_decides else "",
            str(state_look("result", row.state).label), row.number,
        )
        for row in rows
    ]  # fmt: skip
    return write_table(columns, lines, sheet=_("Results"), note=_("Results as of %(day)s", day=today))


def result_letter(result: ResultView, bureau: str, today: date) -> bytes:
    """One result: conclusion, totals, findings with replies and decisions, and the arithmetic as an annex."""
    is_signed = result.state == "signed"
    return write_letter(
        Letter(
            title=_("Result of the evaluation of %(project)s", project=result.project),
            addressee=result.unit,
            blocks=[*_conclusion(result), *_findings(result)],
            signed_by=bureau,
            dated=f"{today.year}年{today.month}月{today.day}日",
            signatures=(_("Approved by"), _("Date")),
            annexes=(Annex(_("How this came about"), _workings(result)),),
            foot=f"{bureau}　{result.task_code} v{result.number}　{result.content_hash[7:23]}",
            is_draft=not is_signed,
        )
    )


def _conclusion(result: ResultView) -> list[Text | Grid]:
    grade = grade_label(result.grade) if result.grade else _("none: below quorum")
    sources = [
        [_("Experts") if source == "experts" else _("Agency"), str(found["sheets"]), str(found["total"])]
        for source, found in result.outcome["sources"].items()
    ]
    return [
        Text(_("1. Result"), "head"),
        Text(_("Total %(total)s points, grade %(grade)s.", total=points(result.total_points), grade=grade)),
        Grid([_("Source"), _("Sheets"), _("Total")], sources, (2, 1, 1), ("left", "right", "right")),
    ]


def _findings(result: ResultView) -> list[Text | Grid]:
    if not result.findings:
        return []
    rows = [
        [
            str(finding.position),
            finding.title,
            finding.text,
            " ".join(filter(None, (_reply(finding.reply), finding.reply_text, finding.decision_text))),
        ]
        for finding in result.findings
    ]
    head = [_("No."), _("Indicator"), _("Finding"), _("Reply and decision")]
    return [Text(_("2. Findings"), "head"), Grid(head, rows, (1, 3, 6, 5))]


def _reply(reply: str | None) -> str:
    return {"accepted": _("Accepted."), "disputed": _("Disputed.")}.get(reply or "", "")


def _workings(result: ResultView) -> list[Text | Grid]:
    blocks: list[Text | Grid] = [
        Text(
            _("Input %(hash)s, computed %(at)s.", hash=result.input_hash[7:23], at=moment(result.hearing_opened_at)),
            "flush",
        )
    ]
    for step in result.outcome["workings"]:
        if step["code"] == "sheet_total":
            blocks.append(Text(_("Sheet %(rater)s: %(total)s", rater=step["rater"], total=step["total"]), "flush"))
        elif step["code"] == "source_total":
            terms = " + ".join(str(term["total"]) for term in step["terms"])
            blocks.append(
                Text(
                    f"{step['source']} ({step['statistic']}): ({terms}) ÷ {step['divisor']} = {step['total']}", "flush"
                )
            )
        elif step["code"] == "final_total":
            terms = " + ".join(f"{term['weight']} × {term['total']}" for term in step["terms"])
            blocks.append(Text(f"{terms} = {step['total']}", "flush"))
    return blocks
