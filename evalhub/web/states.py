"""How each state of each noun looks: one family, one word. Pages ask `state_look` alone."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_pgettext as pgettext
from flask_babel.speaklater import LazyString


class Family(StrEnum):
    """The eight families of state badges and the one exception; the value names the css class and the icon."""

    ID = "ID"
    DO = "DO"
    WT = "WT"
    OK = "OK"
    RT = "RT"
    NO = "NO"
    SL = "SL"
    AR = "AR"
    OVERDUE = "OVERDUE"


ICONS = {
    Family.ID: "circle-dashed",
    Family.DO: "circle-half-2",
    Family.WT: "dots-circle-horizontal",
    Family.OK: "circle-check",
    Family.RT: "arrow-back-up",
    Family.NO: "ban",
    Family.SL: "lock",
    Family.AR: "archive",
    Family.OVERDUE: "alert-triangle",
}


@dataclass(frozen=True)
class StateLook:
    """Family and translated word of one state."""

    family: Family
    label: LazyString

    @property
    def icon(self) -> str:
        return ICONS[self.family]


ID, DO, WT, OK, RT, NO, SL, AR, OVERDUE = Family

STATE_LOOKS: dict[tuple[str, str], StateLook] = {
    ("goal", "draft"): StateLook(DO, pgettext("goal", "Filling in")),
    ("goal", "submitted"): StateLook(WT, pgettext("goal", "Submitted")),
    ("goal", "returned"): StateLook(RT, pgettext("goal", "Returned")),
    ("goal", "dept_checked"): StateLook(WT, pgettext("goal", "Checked by department")),
    ("goal", "fin_checked"): StateLook(WT, pgettext("goal", "Checked by finance")),
    ("goal", "approved"): StateLook(OK, pgettext("goal", "Approved")),
    ("goal", "adjusting"): StateLook(DO, pgettext("goal", "Adjusting")),
    ("goal", "closed"): StateLook(AR, pgettext("goal", "Closed")),
    ("monitoring", "planned"): StateLook(ID, pgettext("monitoring", "Planned")),
    ("monitoring", "collecting"): StateLook(DO, pgettext("monitoring", "Filling in")),
    ("monitoring", "submitted"): StateLook(WT, pgettext("monitoring", "Submitted")),
    ("monitoring", "reviewed"): StateLook(OK, pgettext("monitoring", "Reviewed")),
    ("monitoring", "returned"): StateLook(RT, pgettext("monitoring", "Returned")),
    ("monitoring", "normal"): StateLook(OK, pgettext("monitoring", "On track")),
    ("monitoring", "deviating"): StateLook(RT, pgettext("monitoring", "Off track")),
    ("monitoring", "correcting"): StateLook(DO, pgettext("monitoring", "Correcting")),
    ("monitoring", "suspended"): StateLook(NO, pgettext("monitoring", "Paused")),
    ("monitoring", "stopped"): StateLook(NO, pgettext("monitoring", "Stopped")),
    ("monitoring", "summarised"): StateLook(AR, pgettext("monitoring", "Summarised")),
    ("task", "candidate"): StateLook(ID, pgettext("task", "Candidate")),
    ("task", "planned"): StateLook(ID, pgettext("task", "Planned")),
    ("task", "resourcing"): StateLook(DO, pgettext("task", "Being staffed")),
    ("task", "assigned"): StateLook(WT, pgettext("task", "Assigned")),
    ("task", "accepted"): StateLook(OK, pgettext("task", "Confirmed")),
    ("task", "notified"): StateLook(WT, pgettext("task", "Unit notified")),
    ("task", "preparing"): StateLook(DO, pgettext("task", "Documents due")),
    ("task", "plan_approved"): StateLook(OK, pgettext("task", "Work plan approved")),
    ("task", "executing"): StateLook(DO, pgettext("task", "Under way")),
    ("task", "scored"): StateLook(SL, pgettext("task", "Scored")),
    ("task", "draft_report"): StateLook(DO, pgettext("task", "Drafting report")),
    ("task", "consulting"): StateLook(WT, pgettext("task", "Out for comment")),
    ("task", "expert_review"): StateLook(DO, pgettext("task", "Expert review")),
    ("task", "revising"): StateLook(RT, pgettext("task", "Revising")),
    ("task", "final"): StateLook(OK, pgettext("task", "Final report")),
    ("task", "approved"): StateLook(OK, pgettext("task", "Approved")),
    ("task", "fed_back"): StateLook(WT, pgettext("task", "Fed back")),
    ("task", "applying"): StateLook(DO, pgettext("task", "In use")),
    ("task", "archived"): StateLook(AR, pgettext("task", "Archived")),
    ("task", "suspended"): StateLook(NO, pgettext("task", "Suspended")),
    ("task", "cancelled"): StateLook(NO, pgettext("task", "Cancelled")),
    ("task", "redo"): StateLook(RT, pgettext("task", "To redo")),
    ("seat", "proposed"): StateLook(ID, pgettext("seat", "Proposed")),
    ("seat", "notified"): StateLook(WT, pgettext("seat", "Invited")),
    ("seat", "accepted"): StateLook(OK, pgettext("seat", "Accepted")),
    ("seat", "declined"): StateLook(NO, pgettext("seat", "Declined")),
    ("seat", "no_reply"): StateLook(NO, pgettext("seat", "No reply")),
    ("seat", "recused"): StateLook(NO, pgettext("seat", "Recused")),
    ("seat", "checked_in"): StateLook(OK, pgettext("seat", "Checked in")),
    ("seat", "working"): StateLook(DO, pgettext("seat", "Working")),
    ("seat", "done"): StateLook(OK, pgettext("seat", "Done")),
    ("seat", "appraised"): StateLook(OK, pgettext("seat", "Appraised")),
    ("seat", "paid"): StateLook(AR, pgettext("seat", "Paid")),
    ("seat", "absent"): StateLook(NO, pgettext("seat", "Absent")),
    ("seat", "replaced"): StateLook(AR, pgettext("seat", "Replaced")),
    ("seat", "withdrawn"): StateLook(NO, pgettext("seat", "Withdrew")),
    ("sheet", "issued"): StateLook(ID, pgettext("sheet", "Issued")),
    ("sheet", "draft"): StateLook(DO, pgettext("sheet", "In progress")),
    ("sheet", "submitted"): StateLook(OK, pgettext("sheet", "Submitted")),
    ("sheet", "returned"): StateLook(RT, pgettext("sheet", "Returned")),
    ("sheet", "locked"): StateLook(SL, pgettext("sheet", "Locked")),
    ("sheet", "reopened"): StateLook(RT, pgettext("sheet", "Reopened")),
    ("sheet", "aggregated"): StateLook(AR, pgettext("sheet", "Counted")),
    ("report", "not_due"): StateLook(ID, pgettext("report", "Not due")),
    ("report", "uploaded"): StateLook(WT, pgettext("report", "Uploaded")),
    ("report", "form_checked"): StateLook(DO, pgettext("report", "Form check")),
    ("report", "consulting"): StateLook(WT, pgettext("report", "Out for comment")),
    ("report", "reviewing"): StateLook(DO, pgettext("report", "In review")),
    ("report", "revise"): StateLook(RT, pgettext("report", "To revise")),
    ("report", "signed_off"): StateLook(WT, pgettext("report", "Signed off")),
    ("report", "accepted"): StateLook(OK, pgettext("report", "Accepted")),
    ("report", "rejected"): StateLook(NO, pgettext("report", "Rejected")),
    ("report", "published"): StateLook(OK, pgettext("report", "Published")),
    ("report", "archived"): StateLook(AR, pgettext("report", "Archived")),
    ("rectification", "issued"): StateLook(ID, pgettext("rectification", "Issued")),
    ("rectification", "received"): StateLook(DO, pgettext("rectification", "Received")),
    ("rectification", "planned"): StateLook(WT, pgettext("rectification", "Measures filed")),
    ("rectification", "doing"): StateLook(DO, pgettext("rectification", "Under way")),
    ("rectification", "reported"): StateLook(WT, pgettext("rectification", "Result filed")),
    ("rectification", "closed"): StateLook(AR, pgettext("rectification", "Closed")),
    ("rectification", "returned"): StateLook(RT, pgettext("rectification", "Not accepted")),
    ("rectification", "overdue"): StateLook(OVERDUE, pgettext("rectification", "Overdue")),
    ("linkage", "proposed"): StateLook(ID, pgettext("linkage", "Proposed")),
    ("linkage", "line_opinion"): StateLook(WT, pgettext("linkage", "Section's opinion")),
    ("linkage", "decided"): StateLook(OK, pgettext("linkage", "Decided")),
    ("linkage", "executed"): StateLook(OK, pgettext("linkage", "Executed")),
    ("linkage", "verified"): StateLook(AR, pgettext("linkage", "Verified")),
    ("disclosure", "to_publish"): StateLook(ID, pgettext("disclosure", "To publish")),
    ("disclosure", "secrecy_checked"): StateLook(WT, pgettext("disclosure", "Secrecy checked")),
    ("disclosure", "approved"): StateLook(OK, pgettext("disclosure", "Approved")),
    ("disclosure", "published"): StateLook(OK, pgettext("disclosure", "Published")),
    ("disclosure", "withdrawn"): StateLook(NO, pgettext("disclosure", "Withdrawn")),
    ("accountability", "lead"): StateLook(ID, pgettext("accountability", "Lead")),
    ("accountability", "verified"): StateLook(DO, pgettext("accountability", "Verified")),
    ("accountability", "proposed"): StateLook(WT, pgettext("accountability", "Proposed")),
    ("accountability", "approved"): StateLook(OK, pgettext("accountability", "Approved")),
    ("accountability", "executed"): StateLook(OK, pgettext("accountability", "Executed")),
    ("accountability", "transferred"): StateLook(SL, pgettext("accountability", "Handed over")),
    ("accountability", "closed"): StateLook(AR, pgettext("accountability", "Closed")),
    ("pool", "applied"): StateLook(WT, pgettext("pool", "Applied")),
    ("pool", "first_check"): StateLook(DO, pgettext("pool", "First check")),
    ("pool", "supplement"): StateLook(RT, pgettext("pool", "More wanted")),
    ("pool", "second_check"): StateLook(DO, pgettext("pool", "Second check")),
    ("pool", "public_notice"): StateLook(WT, pgettext("pool", "Public notice")),
    ("pool", "active"): StateLook(OK, pgettext("pool", "Active")),
    ("pool", "suspended"): StateLook(NO, pgettext("pool", "Suspended")),
    ("pool", "expiring"): StateLook(RT, pgettext("pool", "Expiring")),
    ("pool", "renewed"): StateLook(OK, pgettext("pool", "Renewed")),
    ("pool", "removed"): StateLook(AR, pgettext("pool", "Removed")),
    ("pool", "blacklisted"): StateLook(NO, pgettext("pool", "Blacklisted")),
    ("run", "queued"): StateLook(ID, pgettext("run", "Queued")),
    ("run", "running"): StateLook(DO, pgettext("run", "Solving")),
    ("run", "done"): StateLook(OK, pgettext("run", "Solved")),
    ("run", "cancelled"): StateLook(AR, pgettext("run", "Cancelled")),
    ("run", "failed"): StateLook(NO, pgettext("run", "Failed")),
    ("allocation", "draft"): StateLook(ID, pgettext("allocation", "Draft")),
    ("allocation", "submitted"): StateLook(WT, pgettext("allocation", "Submitted")),
    ("allocation", "returned"): StateLook(RT, pgettext("allocation", "Returned")),
    ("allocation", "approved"): StateLook(OK, pgettext("allocation", "Approved")),
    ("allocation", "replaced"): StateLook(AR, pgettext("allocation", "Replaced")),
    ("plan", "draft"): StateLook(DO, pgettext("plan", "In preparation")),
    ("plan", "submitted"): StateLook(WT, pgettext("plan", "Submitted")),
    ("plan", "returned"): StateLook(RT, pgettext("plan", "Returned")),
    ("plan", "approved"): StateLook(OK, pgettext("plan", "Approved")),
    ("round", "draft"): StateLook(DO, pgettext("round", "In preparation")),
    ("round", "submitted"): StateLook(WT, pgettext("round", "Submitted")),
    ("round", "returned"): StateLook(RT, pgettext("round", "Returned")),
    ("round", "approved"): StateLook(OK, pgettext("round", "Approved")),
    ("round", "closed"): StateLook(AR, pgettext("round", "Archived")),
    ("result", "draft"): StateLook(ID, pgettext("result", "Draft")),
    ("result", "hearing"): StateLook(WT, pgettext("result", "Out for comment")),
    ("result", "heard"): StateLook(DO, pgettext("result", "Replies in")),
    ("result", "submitted"): StateLook(WT, pgettext("result", "Submitted")),
    ("result", "returned"): StateLook(RT, pgettext("result", "Returned")),
    ("result", "signed"): StateLook(OK, pgettext("result", "Signed")),
    ("result", "superseded"): StateLook(AR, pgettext("result", "Superseded")),
    ("finding", "accepted"): StateLook(OK, pgettext("finding", "Accepted")),
    ("finding", "disputed"): StateLook(RT, pgettext("finding", "Disputed")),
    ("finding", "unanswered"): StateLook(ID, pgettext("finding", "Not answered")),
    ("finding", "kept"): StateLook(NO, pgettext("finding", "Kept")),
    ("finding", "changed"): StateLook(OK, pgettext("finding", "Changed")),
    ("finding", "withdrawn"): StateLook(AR, pgettext("finding", "Withdrawn")),
    ("conflict", "open"): StateLook(ID, pgettext("conflict", "To decide")),
    ("conflict", "asked"): StateLook(WT, pgettext("conflict", "Asked")),
    ("conflict", "confirmed"): StateLook(NO, pgettext("conflict", "Must stay out")),
    ("conflict", "dismissed"): StateLook(OK, pgettext("conflict", "No conflict")),
    ("conflict", "waiver_asked"): StateLook(WT, pgettext("conflict", "Waiver asked")),
    ("conflict", "waived"): StateLook(OK, pgettext("conflict", "Waived")),
    ("document", "wanted"): StateLook(ID, pgettext("document", "Wanted")),
    ("document", "handed_in"): StateLook(WT, pgettext("document", "Handed in")),
    ("document", "accepted"): StateLook(OK, pgettext("document", "Accepted")),
    ("document", "returned"): StateLook(RT, pgettext("document", "Returned")),
    ("document", "not_applicable"): StateLook(AR, pgettext("document", "Not applicable")),
    ("actual", "wanted"): StateLook(ID, pgettext("actual", "To fill in")),
    ("actual", "filled"): StateLook(WT, pgettext("actual", "Filled in")),
    ("actual", "accepted"): StateLook(OK, pgettext("actual", "Checked")),
    ("actual", "returned"): StateLook(RT, pgettext("actual", "Returned")),
    ("framework", "draft"): StateLook(DO, pgettext("framework", "Being drafted")),
    ("framework", "published"): StateLook(OK, pgettext("framework", "Published")),
    ("framework", "retired"): StateLook(AR, pgettext("framework", "Retired")),
    ("account", "invited"): StateLook(WT, pgettext("account", "Not yet activated")),
    ("account", "active"): StateLook(OK, pgettext("account", "Active")),
    ("account", "disabled"): StateLook(NO, pgettext("account", "Disabled")),
    ("job", "queued"): StateLook(ID, pgettext("job", "Queued")),
    ("job", "running"): StateLook(DO, pgettext("job", "Running")),
    ("job", "done"): StateLook(OK, pgettext("job", "Done")),
    ("job", "cancelled"): StateLook(AR, pgettext("job", "Cancelled")),
    ("job", "failed"): StateLook(NO, pgettext("job", "Failed")),
    ("message", "queued"): StateLook(ID, pgettext("message", "To send")),
    ("message", "sent"): StateLook(OK, pgettext("message", "Sent")),
    ("message", "failed"): StateLook(NO, pgettext("message", "Not delivered")),
}  # fmt: skip


def state_look(noun: str, state: str) -> StateLook:
    """The look of a state.

    Raises:
        KeyError: no row for it: a state without a word must not reach a page.
    """
    return STATE_LOOKS[noun, state]
