"""Words for the keys that domain and models hold: roles and other short vocabularies."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext_lazy

ROLE_LABELS = {
    "officer": _l("Officer"),
    "approver": _l("Approver"),
    "supervisor": _l("Supervisor"),
    "expert": _l("Expert"),
    "agency_clerk": _l("Agency clerk"),
    "lead_evaluator": _l("Lead evaluator"),
    "agency_head": _l("Head of agency"),
    "department_clerk": _l("Department clerk"),
    "department_head": _l("Head of department"),
    "system_admin": _l("System administrator"),
    "security_admin": _l("Security administrator"),
    "audit_admin": _l("Audit administrator"),
}


def role_label(role: str) -> str:
    return str(ROLE_LABELS[role])


SEAT_ACTIONS = {
    "invited": _l("Invited"),
    "accepted": _l("Accepted"),
    "undertaken": _l("Undertaking signed"),
    "declared_none": _l("Declared no conflict"),
    "declared_conflict": _l("Withdrew because of a conflict"),
    "declined": _l("Declined"),
    "no_reply": _l("No answer in time"),
    "replaced": _l("Replaced by the bureau"),
    "suspended": _l("Suspended: conflict found"),
    "passed_over": _l("Passed over"),
    "no_reserve_left": _l("No reserve left"),
    "next_called": _l("Next reserve called"),
    "lead_withdrawn": _l("Lead evaluator withdrawn: conflict found"),
}


def seat_action(action: str) -> str:
    return str(SEAT_ACTIONS[action])


GRADE_LABELS = {
    "excellent": pgettext_lazy("grade", "Excellent"),
    "good": pgettext_lazy("grade", "Good"),
    "fair": pgettext_lazy("grade", "Fair"),
    "poor": pgettext_lazy("grade", "Poor"),
}


def grade_label(grade: str) -> str:
    return str(GRADE_LABELS[grade])
