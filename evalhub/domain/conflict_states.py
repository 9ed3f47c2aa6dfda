"""The life cycle of one finding of a conflict: the officer rules, the approver alone may lift a hit of a policy rule."""

from evalhub.domain.lifecycle import Lifecycle, move
from evalhub.domain.permissions import APPROVER, OFFICER

CONFLICT_LIFECYCLE = Lifecycle(
    "conflict_hit",
    "open",
    (
        move("confirm", "open asked confirmed dismissed", "confirmed", OFFICER),
        move("dismiss", "open asked confirmed dismissed", "dismissed", OFFICER),
        move("ask", "open asked", "asked", OFFICER),
        move("ask_waiver", "open asked confirmed", "waiver_asked", OFFICER),
        move("waive", "waiver_asked", "waived", APPROVER, apart_from=("waiver_asked_by_id",)),
        move("refuse_waiver", "waiver_asked", "confirmed", APPROVER, apart_from=("waiver_asked_by_id",)),
    ),
)
"""A verdict may be changed by another one with its own reason; a hit that waits for the approver, or was lifted, not."""
