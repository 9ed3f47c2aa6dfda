"""What a message says, by event, and the page it leads to, by kind of record. Names nobody and shows no score."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from evalhub.domain.permissions import Actor
from evalhub.queries.messages import MessageRow

WORDS = {
    "seat.invited": _l("You are invited to an evaluation. Please answer in time."),
    "seat.declined": _l("A member of a panel declined; the next reserve was called."),
    "seat.lapsed": _l("An invitation ran out without an answer; the next reserve was called."),
    "seat.recused": _l("A member of a panel withdrew because of a conflict; the next reserve was called."),
    "seat.replaced": _l("A member of a panel was replaced."),
    "conflict.detected": _l("A conflict of interest was found; seats concerned are suspended."),
    "conflict.decided": _l("A conflict of interest was ruled on; seats concerned are suspended."),
    "conflict.waiver_asked": _l("A waiver waits for your decision."),
    "conflict.reported": _l("A conflict of interest was told of; seats concerned are suspended."),
    "conflict.waived": _l("A waiver that you asked for was granted."),
    "conflict.waiver_refused": _l("A waiver was refused; seats concerned are suspended."),
    "allocation_policy.proposed": _l("Seed, weights and rules of an allocation wait for you to fix them."),
    "allocation_policy.fixed": _l("Seed, weights and rules of an allocation are fixed. Runs may begin."),
    "allocation_run.begun": _l("A run found a conflict of interest; seats concerned are suspended."),
    "allocation_run.finished": _l("An allocation run has finished."),
    "allocation_run.ended_empty": _l("An allocation run ended without a result."),
    "seat_plan.submitted": _l("A plan of seats waits for your decision."),
    "seat_plan.approved": _l("A plan of seats was approved. The panels can be invited."),
    "seat_plan.returned": _l("A plan of seats was returned to you."),
    "notice.issued": _l("An evaluation notice has come. Please confirm its receipt."),
    "notice.received": _l("The unit has confirmed the receipt of the evaluation notice."),
    "document.handed_in": _l("The unit has handed in a document."),
    "document.asked": _l("A further document is asked for."),
    "document.returned": _l("A document was returned to you with a note."),
    "actuals.filled": _l("The unit has filled in actual values."),
    "actual.returned": _l("An actual value was returned to you with a note."),
    "task.started": _l("The evaluation has begun; sheets are open for scoring."),
    "task.reassigned": _l("A task has changed hands."),
    "plan.submitted": _l("A yearly plan waits for your decision."),
    "plan.approved": _l("A yearly plan was approved."),
    "plan.returned": _l("A yearly plan was returned to you."),
    "round.submitted": _l("A round waits for your decision."),
    "round.approved": _l("A round was approved."),
    "round.returned": _l("A round was returned to you."),
    "report.uploaded": _l("The agency has uploaded a version of its report."),
    "report.returned": _l("The report was returned to you with notes."),
    "report.signed_off": _l("The lead evaluator has signed the report off."),
    "report.accepted": _l("The report was accepted."),
    "panel.closed": _l("A panel has closed; its result is made."),
    "result.corrected": _l("A result was corrected; a new version stands."),
    "hearing.opened": _l("A result was put to you. Please answer its findings."),
    "hearing.answered": _l("The unit has answered the findings."),
    "finding.decided": _l("A dispute of yours was answered."),
    "result.submitted": _l("A result waits for your signature."),
    "result.returned": _l("A result was returned to you."),
    "result.signed": _l("A result was signed."),
}
OTHER = _l("Something that concerns you was done: %(event)s.")

PLACES = {
    "seat": ("seats.show", "seat_id"),
    "round": ("rounds.show", "round_id"),
    "plan": ("plans.show", "plan_id"),
    "seat_plan": ("seat_plans.show", "seat_plan_id"),
    "allocation_run": ("allocation.run", "run_id"),
    "conflict_hit": ("conflicts.hit", "hit_id"),
    "task": ("tasks.show", "task_id"),
    "result": ("results.show", "result_id"),
}


@dataclass(frozen=True)
class Words:
    text: str
    url: str | None


def words_of(message: MessageRow, actor: Actor) -> Words:
    """The sentence, and the page of the record where the reader has one."""
    text = str(WORDS[message.event]) if message.event in WORDS else str(OTHER) % {"event": message.event}
    return Words(text, _url(message, actor))


def _url(message: MessageRow, actor: Actor) -> str | None:
    if not actor.is_bureau:
        return url_for("work_centre.index")
    noun, record_id = message.noun, message.record_id
    if noun not in PLACES and message.task_id:
        noun, record_id = "task", message.task_id
    endpoint, argument = PLACES.get(noun, ("work_centre.index", ""))
    if noun == "seat":
        endpoint, argument, record_id = "seats.panel", "task_id", message.task_id or ""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **({argument: record_id} if argument else {}))
