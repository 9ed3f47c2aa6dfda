"""What is said when a verdict, a policy, a run or a plan of seats is refused."""

from flask_babel import lazy_gettext as _l

ALLOCATION_SENTENCES = {
    "reason.length": _l("%(least)s to %(most)s characters, please."),
    "conflict.nobody_of_code": _l("Nobody in the pool has this code."),
    "allocation.rules_changed": _l(
        "A recusal rule has been set otherwise since this policy was fixed. Propose and fix the policy again."
    ),
}
