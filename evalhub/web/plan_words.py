"""Words for the keys of plans, rounds, tasks and their papers."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext

from evalhub.infra.clock import office_date
from evalhub.web.labels import role_label

CATEGORY_LABELS = {
    "livelihood": pgettext("category", "Livelihood"),
    "engineering": pgettext("category", "Engineering"),
    "other": pgettext("category", "Other"),
}
TASK_KIND_LABELS = {
    "finance": _l("Finance evaluation"),
    "re_evaluation": _l("Re-evaluation"),
    "department_whole": _l("Whole department"),
    "policy": _l("Policy evaluation"),
    "ex_ante": _l("Ex-ante assessment"),
    "mid_term": _l("Mid-term evaluation"),
}
STATISTIC_LABELS = {
    "mean": _l("Mean"),
    "trimmed": _l("Mean without the highest and the lowest"),
    "median": _l("Median"),
}
STEP_LABELS = {
    "plan": pgettext("round step", "Plan"),
    "allocate": pgettext("round step", "Allocate"),
    "confirm": pgettext("round step", "Confirm"),
    "score": pgettext("round step", "Score"),
    "total": pgettext("round step", "Total"),
    "feed_back": pgettext("round step", "Feed back"),
}
LATE_LABELS = {
    "reply": _l("No reply"),
    "documents": _l("Documents missing"),
    "scoring": _l("Sheets missing"),
    "report": _l("Report missing"),
}
OPERATOR_SIGNS = {"at_least": "≥", "at_most": "≤", "equal": "=", "qualitative": "", "": ""}
GRADE_LABELS = {
    "excellent": pgettext("grade", "Excellent"),
    "good": pgettext("grade", "Good"),
    "fair": pgettext("grade", "Fair"),
    "poor": pgettext("grade", "Poor"),
}
EVENT_LABELS = {
    "round.tasks_added": _l("added the task to the round"),
    "task.edited": _l("changed what the task fixes"),
    "task.dropped": _l("took the task out of the round"),
    "task.reassigned": _l("handed the task to other people"),
    "task.started": _l("let the evaluation begin"),
    "task.suspended": _l("suspended the task"),
    "task.resumed": _l("resumed the task"),
    "task.cancelled": _l("cancelled the task"),
    "bureau_conflict.recorded": _l("recorded a conflict of interest in the bureau"),
    "bureau_conflict.lifting_asked": _l("asked to lift a lock"),
    "bureau_conflict.lifted": _l("lifted a lock"),
    "notice.issued": _l("issued the evaluation notice"),
    "notice.received": _l("received the notice"),
    "document.asked": _l("asked for a further document"),
    "document.handed_in": _l("handed in a document"),
    "document.accepted": _l("ticked a document"),
    "document.returned": _l("returned a document"),
    "document.waived": _l("waived a document"),
    "document.asked_again": _l("asked for a document again"),
    "actuals.filled": _l("filled in actual values"),
    "actuals.accepted": _l("ticked actual values"),
    "actual.returned": _l("returned an actual value"),
    "report.uploaded": _l("uploaded a version of the report"),
    "report.returned": _l("returned the report with notes"),
    "report.note_answered": _l("answered a note"),
    "report.signed_off": _l("signed the report off"),
    "report.accepted": _l("accepted the report"),
    "report.rejected": _l("rejected the report"),
    "seat.invited": _l("invited the panel"),
    "seat.accepted": _l("accepted a seat"),
    "seat.undertaken": _l("signed the undertaking"),
    "seat.declared_none": _l("declared no conflict"),
    "seat.recused": _l("withdrew because of a conflict"),
    "seat.declined": _l("declined a seat"),
    "seat.lapsed": _l("let the time to answer pass"),
    "seat.replaced": _l("replaced a member"),
    "panel.closed": _l("closed the panel"),
    "result.corrected": _l("corrected the result"),
}


def in_language(text: str, english: str | None) -> str:
    """The English name where the reader reads English and there is one, else the Chinese."""
    return english if english and not str(get_locale()).startswith("zh") else text


def wording(labels: str, key: Any) -> str:
    """The word of a key from one of the tables above; an event without a word is shown by its code."""
    table = TABLES[labels]
    return str(table[key]) if key in table or labels != "event" else str(key)


TABLES: dict[str, dict[str, Any]] = {
    "category": CATEGORY_LABELS,
    "kind": TASK_KIND_LABELS,
    "statistic": STATISTIC_LABELS,
    "step": STEP_LABELS,
    "late": LATE_LABELS,
    "operator": OPERATOR_SIGNS,
    "grade": GRADE_LABELS,
    "event": EVENT_LABELS,
}


def deadline_day(instant: datetime) -> date:
    """The last day that still belongs to a deadline kept as the instant after it."""
    return office_date(instant - timedelta(milliseconds=1))


def register(app: Flask) -> None:
    app.jinja_env.globals.update(in_language=in_language, wording=wording)
    app.jinja_env.filters.update(deadline_day=deadline_day, role_word=role_label)
