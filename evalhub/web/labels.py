"""Words for the keys that domain and models hold: roles and other short vocabularies."""

from flask_babel import lazy_gettext as _l

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
