"""Words for the keys of the pools: levels, kinds, categories, and why somebody is not available."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from evalhub.domain.eligibility import Failure

Words = Mapping[str, Any]

TITLE_LEVELS: Words = {
    "full": _l("Full senior"),
    "associate": _l("Associate senior"),
    "middle": _l("Middle"),
    "none": _l("No title"),
}
TITLE_GROUPS: Words = {
    "full": _l("Full senior"),
    "associate_up": _l("Associate senior and above"),
    "middle_up": _l("Middle and above"),
    "none": _l("No title"),
}
SERVICE_STATES: Words = {
    "serving": _l("In work"),
    "retired": _l("Retired"),
    "civil_servant": _l("Civil servant"),
}
GENDERS: Words = {"male": _lp("gender", "Male"), "female": _lp("gender", "Female")}
POOL_STATES: Words = {
    "applied": _lp("pool", "Applied"),
    "first_check": _lp("pool", "First check"),
    "supplement": _lp("pool", "More wanted"),
    "second_check": _lp("pool", "Second check"),
    "public_notice": _lp("pool", "Public notice"),
    "active": _lp("pool", "Active"),
    "suspended": _lp("pool", "Suspended"),
    "expiring": _lp("pool", "Expiring"),
    "renewed": _lp("pool", "Renewed"),
    "removed": _lp("pool", "Removed"),
    "blacklisted": _lp("pool", "Blacklisted"),
}
STATE_GROUPS: Words = {"in_service": _l("In the pool (all)"), "applying": _l("Applying (all)"), **POOL_STATES}
POOL_ACTIONS: Words = {
    "begin_check": _l("Begin first check"),
    "ask_more": _l("Ask for more…"),
    "take_up_again": _l("Take up again"),
    "pass_first_check": _l("Pass first check"),
    "pass_second_check": _l("Pass second check"),
    "admit": _l("Admit"),
    "take_over": _l("Take over from the roster…"),
    "suspend": _l("Suspend…"),
    "resume": _l("Resume…"),
    "mark_expiring": _l("Mark as expiring"),
    "renew": _l("Renew the term"),
    "remove": _l("Remove…"),
    "blacklist": _l("Blacklist…"),
    "apply_again": _l("Open a new application"),
}
POST_KINDS: Words = {
    "director": _lp("post", "Director"),
    "supervisor": _lp("post", "Supervisor"),
    "controller": _lp("post", "Controller"),
    "head": _lp("post", "Head"),
    "adviser": _lp("post", "Adviser"),
}
KIN_RELATIONS: Words = {
    "spouse": _l("Spouse"),
    "lineal": _l("Lineal kin"),
    "collateral": _l("Collateral kin within three generations"),
    "in_law": _l("Near in-laws"),
}
NATURES: Words = {
    "consulting": _l("Consulting firm"),
    "accounting": _l("Accounting firm"),
    "appraisal": _l("Appraisal firm"),
    "law": _l("Law firm"),
    "institute": _l("Research institute"),
    "university": _l("University"),
}
ORGANISATION_KINDS: Words = {
    "government": _l("Government body"),
    "institution": _l("Public institution"),
    "enterprise": _l("Enterprise"),
    "agency": _l("Agency"),
    "university": _l("University"),
    "other": _l("Other"),
}
DEPARTMENT_KINDS: Words = {"department": _l("Budget department"), "street_office": _l("Street office")}
CATEGORIES: Words = {"livelihood": _l("Livelihood"), "engineering": _l("Engineering"), "other": _l("Other")}
FUND_KINDS: Words = {
    "general": _l("General public budget"),
    "government_fund": _l("Government funds"),
    "state_capital": _l("State capital budget"),
    "social_insurance": _l("Social insurance funds"),
}
RECURRENCES: Words = {"standing": _l("Standing"), "continuing": _l("Continuing"), "one_off": _l("One-off")}
CONTRACTOR_ROLES: Words = {
    "builder": _lp("contractor", "Builder"),
    "supplier": _lp("contractor", "Supplier"),
    "designer": _lp("contractor", "Designer"),
    "supervisor": _lp("contractor", "Supervision"),
    "service": _lp("contractor", "Service"),
}
PARTICIPATIONS: Words = {
    "study": _l("Feasibility study"),
    "design": _l("Design"),
    "budget": _l("Budgeting"),
    "supervision": _l("Supervision of works"),
    "audit": _l("Audit"),
    "ex_ante": _l("Ex-ante assessment"),
    "goal_setting": _l("Goal setting"),
    "department_evaluation": _l("Department evaluation"),
}
USES: Words = {
    "employments": _l("Employments"),
    "posts": _l("Posts"),
    "kin": _l("Kin"),
    "agencies": _l("Agency"),
    "paid_business": _l("Paid business"),
    "departments": _l("Department"),
    "units": _l("Unit"),
    "contractors": _l("Contracts"),
}
YES_NO: Words = {"yes": _l("Yes"), "no": _l("No")}
SKILLS: Words = {"1": _l("Basic"), "2": _l("Good"), "3": _l("Expert level")}

_FAILURES: Words = {
    "state": _l("State: %(state)s"),
    "term_not_begun": _l("Term begins on %(from_on)s"),
    "term_over": _l("Term ended on %(until_on)s"),
    "age_unknown": _l("Date of birth missing"),
    "over_age": _l("Age %(age)s, limit %(limit)s"),
    "undertaking_missing": _l("Undertaking not signed"),
    "licence_missing": _l("No licence"),
    "licence_expired": _l("Licence ended on %(expires_on)s"),
    "day_off": _l("Away %(from_on)s to %(until_on)s"),
    "year_full": _l("%(count)s of %(limit)s this year"),
    "at_once_full": _l("%(count)s of %(limit)s at once"),
    "refusals": _l("%(count)s refusals this year"),
}


def failure_words(failure: Failure) -> str:
    """Why somebody cannot be seated, in a few words."""
    figures = {name: str(figure) for name, figure in failure.figures.items()}
    if failure.code == "state":
        figures["state"] = str(POOL_STATES[figures["state"]])
    if failure.code == "day_off":
        figures |= {name: figures[name][5:] for name in ("from_on", "until_on")}
    return str(_FAILURES[failure.code]) % figures


def word(words: Words, key: str | None) -> str:
    """The word of a key, a dash for none."""
    return str(words[key]) if key is not None else "—"
