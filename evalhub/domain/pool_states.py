"""The life of an expert or an agency in its pool, from the application to the removal, and who may take each step.

Who entered a person never decides on the admission: the second check, the admission and the taking over of an existing
roster are steps of somebody else. Source: domain reference on pools, after 财库〔2016〕198号 and 财监〔2021〕4号.
"""

from evalhub.domain.lifecycle import Lifecycle, Move, move
from evalhub.domain.permissions import APPROVER, OFFICER

_MAKER = ("submitted_by_id",)
_IN_SERVICE = "active expiring renewed"

_MOVES: tuple[Move, ...] = (
    move("begin_check", "applied", "first_check", OFFICER),
    move("ask_more", "first_check second_check", "supplement", OFFICER, APPROVER),
    move("take_up_again", "supplement", "first_check", OFFICER),
    move("pass_first_check", "first_check", "second_check", OFFICER),
    move("pass_second_check", "second_check", "public_notice", OFFICER, APPROVER, apart_from=_MAKER),
    move("admit", "public_notice", "active", APPROVER, apart_from=_MAKER),
    move("take_over", "applied", "active", APPROVER, apart_from=_MAKER),
    move("suspend", _IN_SERVICE, "suspended", OFFICER, APPROVER),
    move("resume", "suspended", "active", APPROVER),
    move("mark_expiring", "active renewed", "expiring", OFFICER),
    move("renew", "active expiring renewed", "renewed", APPROVER),
    move(
        "remove",
        f"applied first_check supplement second_check public_notice {_IN_SERVICE} suspended",
        "removed",
        APPROVER,
    ),
    move("blacklist", f"{_IN_SERVICE} suspended removed", "blacklisted", APPROVER),
    move("apply_again", "removed", "applied", OFFICER),
)

EXPERT_LIFECYCLE = Lifecycle("expert", "applied", _MOVES)
AGENCY_LIFECYCLE = Lifecycle("agency", "applied", _MOVES)

IN_SERVICE_STATES = frozenset(_IN_SERVICE.split())
"""States in which a seat may be given."""

NEEDS_REASON = frozenset({"ask_more", "take_over", "suspend", "resume", "remove", "blacklist"})
"""Steps that are refused without a typed reason."""

ADMITTING = frozenset({"admit", "take_over"})
"""Steps that make a term begin."""
