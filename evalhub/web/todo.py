"""How a thing to do reads and where its button leads: one table by kind."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from evalhub.queries.todo import Todo


@dataclass(frozen=True)
class Face:
    """The sentence, the button's word, and the page: endpoint and the name of its record argument."""

    title: object
    button: object
    endpoint: str
    argument: str


FACES = {
    "plan_to_decide": Face(_l("Decide on the plan"), _l("Decide"), "plans.show", "plan_id"),
    "round_to_decide": Face(_l("Decide on the round"), _l("Decide"), "rounds.show", "round_id"),
    "policy_to_fix": Face(
        _l("Fix seed and weights of the allocation"), _l("Look"), "allocation.round_page", "round_id"
    ),
    "seat_plan_to_decide": Face(_l("Decide on the plan of seats"), _l("Decide"), "seat_plans.show", "seat_plan_id"),
    "waiver_to_decide": Face(_l("Decide on a waiver"), _l("Decide"), "conflicts.show", "task_id"),
    "result_to_sign": Face(_l("Sign the result"), _l("Open"), "results.show", "result_id"),
    "doubt_to_decide": Face(_l("Rule on conflicts found by name"), _l("Handle"), "conflicts.show", "task_id"),
    "run_to_plan": Face(_l("Allocation solved"), _l("See the run"), "allocation.run", "run_id"),
    "panel_to_invite": Face(_l("Invite the panel"), _l("Invite"), "seats.panel", "task_id"),
    "notice_to_issue": Face(_l("Issue the evaluation notice"), _l("Handle"), "tasks.show", "task_id"),
    "papers_to_check": Face(_l("Check documents of the unit"), _l("Check"), "papers.show", "task_id"),
    "panel_to_close": Face(_l("Open the sheets of the panel"), _l("Open"), "sheets.progress", "task_id"),
    "result_to_move": Face(_l("Move the result on"), _l("Open"), "results.show", "result_id"),
    "dispute_to_answer": Face(_l("Answer disputes"), _l("Answer"), "results.show", "result_id"),
    "hearing_to_close": Face(_l("Close the hearing"), _l("Open"), "results.show", "result_id"),
    "report_to_check": Face(_l("Check the agency's report"), _l("Check"), "reports.show", "task_id"),
    "invitation": Face(_l("Answer an invitation"), _l("Answer"), "seats.show", "seat_id"),
    "declaration": Face(_l("Sign the undertaking and declare"), _l("Continue"), "seats.show", "seat_id"),
    "sheet_to_fill": Face(_l("Score"), _l("To the sheet"), "sheets.edit", "sheet_id"),
    "report_to_write": Face(_l("Upload the evaluation report"), _l("Upload"), "reports.show", "task_id"),
    "notice_to_receive": Face(_l("Receive the evaluation notice"), _l("Open"), "evaluations.show", "task_id"),
    "papers_to_hand_in": Face(_l("Hand in documents"), _l("Upload"), "evaluations.show", "task_id"),
    "hearing_to_answer": Face(_l("Answer the findings"), _l("Answer"), "results.hearing", "result_id"),
    "account_without_role": Face(_l("Grant roles to an account"), _l("Grant"), "accounts.show", "account_id"),
}


@dataclass(frozen=True)
class Line:
    """A line of the work centre, ready to print."""

    title: str
    detail: str
    button: str
    url: str
    todo: Todo


def line_of(todo: Todo) -> Line:
    """The printed form of a thing to do."""
    face = FACES[todo.kind]
    title = f"{face.title}{_COLON}{todo.title}" if todo.title else str(face.title)
    return Line(title, _detail(todo), str(face.button), url_for(face.endpoint, **{face.argument: todo.record_id}), todo)


def missing_endpoints() -> list[str]:
    """Endpoints of the table that the application does not have; a test holds this empty."""
    return sorted({face.endpoint for face in FACES.values()} - set(current_app.view_functions))


_COLON = _l(": ")


def _detail(todo: Todo) -> str:
    if todo.kind == "run_to_plan":
        if todo.count == 0:
            return str(_l("every seat is filled"))
        return ngettext("%(num)s seat stays empty", "%(num)s seats stay empty", todo.count)
    return ngettext("%(num)s record", "%(num)s records", todo.count) if todo.count > 1 else ""
