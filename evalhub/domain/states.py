"""The life cycles of all nouns, as tables: who may take which step from where. Only services apply them.

Sources: domain reference of evaluation tasks and reports, after 财预〔2020〕10号 (order of the steps of an evaluation).
"""

from evalhub.domain.lifecycle import Lifecycle, Move, move
from evalhub.domain.permissions import AGENCY, APPROVER, DEPARTMENT, EXPERT, OFFICER, Role

LEAD_EVALUATOR = Role.LEAD_EVALUATOR
_MAKERS = ("created_by_id", "submitted_by_id")

PLAN_LIFECYCLE = Lifecycle(
    "plan",
    "draft",
    (
        move("submit", "draft returned", "submitted", OFFICER),
        move("withdraw", "submitted", "draft", OFFICER),
        move("approve", "submitted", "approved", APPROVER, apart_from=_MAKERS),
        move("return", "submitted", "returned", APPROVER, apart_from=_MAKERS),
    ),
)

ROUND_LIFECYCLE = Lifecycle(
    "round",
    "draft",
    (
        move("submit", "draft returned", "submitted", OFFICER),
        move("withdraw", "submitted", "draft", OFFICER),
        move("approve", "submitted", "approved", APPROVER, apart_from=_MAKERS),
        move("return", "submitted", "returned", APPROVER, apart_from=_MAKERS),
        move("close", "approved", "closed", APPROVER, apart_from=("created_by_id",)),
    ),
)

FRAMEWORK_EDITION_LIFECYCLE = Lifecycle(
    "framework_edition",
    "draft",
    (
        move("publish", "draft", "published", APPROVER, apart_from=("created_by_id",)),
        move("retire", "published", "retired", APPROVER),
    ),
)

TASK_UNDER_WAY = (
    "planned", "resourcing", "assigned", "accepted", "notified", "preparing", "plan_approved", "executing", "scored",
    "draft_report", "consulting", "expert_review", "revising", "final",
)  # fmt: skip
"""States of a task from which it can still be stopped."""

_TASK_STEPS = (
    move("plan", "candidate", "planned", OFFICER, APPROVER),
    move("staff", "planned redo", "resourcing", APPROVER),
    move("assign", "resourcing", "assigned", APPROVER, apart_from=("officer_id",)),
    move("restaff", "assigned accepted", "resourcing", OFFICER, APPROVER),
    move("accept", "assigned", "accepted", OFFICER, EXPERT, *sorted(AGENCY)),
    move("notify", "accepted", "notified", OFFICER),
    move("receive", "notified", "preparing", *sorted(DEPARTMENT)),
    move("approve_plan", "preparing", "plan_approved", OFFICER, APPROVER),
    # A round is approved with framework, method and dates of each task: where no separate work plan is drawn up,
    # the evaluation starts as soon as the documents are in.
    move("start", "preparing plan_approved", "executing", OFFICER),
    move("close_panel", "executing", "scored", OFFICER),
    move("draft_report", "scored", "draft_report", *sorted(AGENCY)),
    move("consult", "scored draft_report", "consulting", OFFICER),
    move("review", "consulting", "expert_review", OFFICER),
    move("revise", "consulting expert_review", "revising", OFFICER),
    move("finish", "consulting expert_review revising", "final", OFFICER),
    move("rework", "final", "consulting", APPROVER, apart_from=("officer_id",)),
    move("approve", "final", "approved", APPROVER, apart_from=("officer_id",)),
    move("correct", "approved fed_back", "consulting", OFFICER),
    move("feed_back", "approved", "fed_back", OFFICER),
    move("apply", "fed_back", "applying", OFFICER),
    move("archive", "applying", "archived", OFFICER),
    move("suspend", " ".join(TASK_UNDER_WAY), "suspended", APPROVER, apart_from=("officer_id",)),
    move("cancel", f"candidate {' '.join(TASK_UNDER_WAY)} suspended", "cancelled", APPROVER,
         apart_from=("officer_id",)),
    move("redo", "scored draft_report consulting expert_review revising final approved", "redo", APPROVER,
         apart_from=("officer_id",)),
)  # fmt: skip


def _resumptions() -> tuple[Move, ...]:
    """A suspended task goes back to the state it stood in: one step per such state."""
    return tuple(
        move(f"resume_{state}", "suspended", state, APPROVER, apart_from=("officer_id",)) for state in TASK_UNDER_WAY
    )


TASK_LIFECYCLE = Lifecycle("task", "planned", _TASK_STEPS + _resumptions())

DOCUMENT_ITEM_LIFECYCLE = Lifecycle(
    "document_item",
    "wanted",
    (
        move("hand_in", "wanted handed_in returned", "handed_in", *sorted(DEPARTMENT)),
        move("accept", "handed_in", "accepted", OFFICER),
        move("return", "handed_in accepted", "returned", OFFICER),
        move("waive", "wanted returned", "not_applicable", OFFICER),
        move("ask_again", "not_applicable", "wanted", OFFICER),
    ),
)

INDICATOR_ACTUAL_LIFECYCLE = Lifecycle(
    "indicator_actual",
    "filled",
    (
        move("fill", "filled returned", "filled", *sorted(DEPARTMENT)),
        move("accept", "filled", "accepted", OFFICER),
        move("return", "filled accepted", "returned", OFFICER),
    ),
)

REPORT_LIFECYCLE = Lifecycle(
    "report",
    "not_due",
    (
        move("upload", "not_due uploaded form_checked revise", "uploaded", *sorted(AGENCY)),
        move("check_form", "uploaded", "form_checked", OFFICER),
        move("consult", "form_checked", "consulting", OFFICER),
        move("review", "form_checked consulting", "reviewing", OFFICER),
        move("return", "uploaded form_checked consulting reviewing signed_off", "revise", OFFICER),
        move("sign_off", "uploaded form_checked reviewing", "signed_off", LEAD_EVALUATOR),
        move("accept", "signed_off", "accepted", OFFICER, apart_from=("signed_off_by_id",)),
        move("reject", "uploaded form_checked reviewing signed_off", "rejected", APPROVER),
    ),
)
