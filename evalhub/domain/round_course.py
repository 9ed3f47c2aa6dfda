"""Where a round stands: six steps, each done when every task that is not stopped has passed it."""

from collections.abc import Iterable

STEPS = ("plan", "allocate", "confirm", "score", "total", "feed_back")

_ORDER = (
    "candidate", "planned", "redo", "resourcing", "assigned", "accepted", "notified", "preparing", "plan_approved",
    "executing", "scored", "draft_report", "consulting", "expert_review", "revising", "final", "approved", "fed_back",
    "applying", "archived",
)  # fmt: skip
_PASSED = {
    "allocate": "assigned",
    "confirm": "accepted",
    "score": "scored",
    "total": "approved",
    "feed_back": "fed_back",
}
EVALUATED_FROM = "scored"


def has_passed(state: str, step: str) -> bool:
    """Whether a task in this state has the step behind it."""
    return state in _ORDER and _ORDER.index(state) >= _ORDER.index(_PASSED[step])


def current_step(is_approved: bool, states: Iterable[str]) -> int:
    """Index in STEPS of the first step that is not done; their number when all are.

    Args:
        states: of the round's tasks; suspended ones hold the round, cancelled ones do not count.
    """
    if not is_approved:
        return 0
    counted = [state for state in states if state != "cancelled"]
    for index, step in enumerate(STEPS[1:], start=1):
        if not counted or not all(has_passed(state, step) for state in counted):
            return index
    return len(STEPS)
