"""Life cycles of what a panel does: runs and plans of seats, seats, score sheets, results.

Sources: domain reference of seats and score sheets; 招标投标法实施条例 art 48 (a replaced member's opinion is void).
"""

from evalhub.domain.lifecycle import Lifecycle, move
from evalhub.domain.permissions import AGENCY, APPROVER, EXPERT, OFFICER, Role

EVALUATORS = (EXPERT, *sorted(AGENCY))
DEPARTMENT_ROLES = (Role.DEPARTMENT_CLERK, Role.DEPARTMENT_HEAD)

SEAT_PLAN_LIFECYCLE = Lifecycle(
    "seat_plan",
    "draft",
    (
        move("submit", "draft returned", "submitted", OFFICER),
        move("withdraw", "submitted", "draft", OFFICER),
        move("approve", "submitted", "approved", APPROVER, apart_from=("created_by_id", "submitted_by_id")),
        move("return", "submitted", "returned", APPROVER, apart_from=("created_by_id", "submitted_by_id")),
        move("replace", "draft returned", "replaced", OFFICER),
    ),
)

SEAT_LIFECYCLE = Lifecycle(
    "seat",
    "proposed",
    (
        move("invite", "proposed", "notified", OFFICER),
        move("call_up", "proposed", "notified"),
        move("accept", "notified", "accepted", *EVALUATORS),
        move("decline", "notified accepted", "declined", *EVALUATORS),
        move("lapse", "notified", "no_reply"),
        move("recuse", "proposed notified accepted working", "recused", *EVALUATORS, OFFICER),
        move("suspend", "proposed notified accepted checked_in working", "recused"),
        move("begin", "accepted", "working", *EVALUATORS),
        move("finish", "working", "done"),
        move("withdraw", "accepted working", "withdrawn", *EVALUATORS, OFFICER),
        move("replace", "accepted working", "replaced", OFFICER),
    ),
)

SHEET_LIFECYCLE = Lifecycle(
    "sheet",
    "issued",
    (
        move("save", "issued draft returned reopened", "draft", *EVALUATORS),
        move("submit", "draft", "submitted", *EVALUATORS),
        move("return", "submitted", "returned", OFFICER),
        move("lock", "submitted", "locked", OFFICER),
        move("reopen", "locked aggregated", "reopened", OFFICER),
        move("count", "locked", "aggregated", OFFICER),
    ),
)

RESULT_LIFECYCLE = Lifecycle(
    "result",
    "draft",
    (
        move("open_hearing", "draft", "hearing", OFFICER),
        move("close_hearing", "hearing", "heard", OFFICER),
        move("submit", "heard returned", "submitted", OFFICER),
        move("return", "submitted", "returned", APPROVER, apart_from=("submitted_by_id", "made_by_id")),
        move("sign", "submitted", "signed", APPROVER, apart_from=("submitted_by_id", "made_by_id")),
        move("supersede", "draft hearing heard returned submitted signed", "superseded", OFFICER),
    ),
)
