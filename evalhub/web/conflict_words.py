"""Words for the keys of conflicts: rules, records, facts of the task, certainty, and the sentence of a finding."""

from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_babel import ngettext

from evalhub.domain.conflicts import DOUBT
from evalhub.domain.eligibility import Failure
from evalhub.domain.periods import add_months
from evalhub.queries.conflicts import HitRow
from evalhub.web.pool_words import KIN_RELATIONS, PARTICIPATIONS, Words, failure_words

RULE_WORDS: Words = {
    "R1": _l("Worked for the evaluated unit or its department"),
    "R2": _l("Post, work or share at a body paid by the project"),
    "R3": _l("Kin at the unit, its department or a contractor"),
    "R4": _l("Took part in this project before"),
    "R5": _l("Agency and unit share owner, head or finances"),
    "R6": _l("Agency had paid business with the unit"),
    "R7": _l("Employed by an agency of this task"),
    "R8": _l("Supervises this pool at the bureau"),
    "R9": _l("Took part in the first evaluation"),
    "R10": _l("Own declaration, or request upheld"),
    "R11": _l("Same unit evaluated years running"),
    "R12": _l("One employer or kin on one panel"),
    "R13": _l("Eligibility: state, term, age, undertaking"),
    DOUBT: _l("A doubt that nobody has ruled on"),
    "day_off": _l("Away on a work day of the task"),
    "no_lead": _l("Every lead evaluator must stay away"),
    "no_free_lead": _l("No lead evaluator is free"),
    "unknown": _l("Not in the pool"),
    "state": _l("Suspended, removed or not admitted"),
    "term_not_begun": _l("Term not begun"),
    "term_over": _l("Term over"),
    "age_unknown": _l("Date of birth missing"),
    "over_age": _l("Over the age limit"),
    "undertaking_missing": _l("Undertaking not signed"),
    "licence_missing": _l("No licence"),
    "licence_expired": _l("Licence over"),
    "year_full": _l("Full for the year"),
    "at_once_full": _l("Full at once"),
    "refusals": _l("Too many refusals"),
    "not_eligible": _l("Not eligible on the day of the run"),
    "not_listed": _l("No fit with the task"),
    "at_capacity": _l("As many seats as may be taken"),
    "over_capacity": _l("More seats than may be taken"),
    "over_seats": _l("More members than seats"),
    "over_max": _l("Over a quota of the panel"),
    "below_min": _l("Under a quota of the panel"),
    "apart": _l("Kin on the panel"),
    "over_limit": _l("Over a limit"),
    "duplicate_seat": _l("Already on this panel"),
}
_PROCUREMENT = _l("Regulation on government procurement, article 9")
_ANALOGY = _l("Regulation on government procurement, article 9 (5), by analogy")
_PRACTICE = _l("Practice of the bureau")
RULE_SOURCES: Words = {
    "R1": _PROCUREMENT,
    "R2": _PROCUREMENT,
    "R3": _l("Regulation on government procurement, article 9; Civil Servants Law, article 76"),
    "R4": _ANALOGY,
    "R5": _l("Caijian (2021) no. 4, article 2"),
    "R6": _l("Caiku (2016) no. 198, article 16, by analogy"),
    "R7": _PRACTICE,
    "R8": _l("Caiku (2016) no. 198, article 16 (4)"),
    "R9": _ANALOGY,
    "R10": _PROCUREMENT,
    "R11": _PRACTICE,
    "R12": _PRACTICE,
    "R13": _l("Pool rules of the bureau"),
}
"""Where a rule comes from as long as the bureau has not set it."""
FORCES: Words = {"law": _l("Law"), "policy": _l("Policy")}
EFFECTS: Words = {
    "filter": _l("keeps out"),
    "soft": _l("lowers the fit"),
    "panel": _l("between members of a panel"),
    "eligibility": _l("whatever the task"),
}
KINDS: Words = {"expert": _l("Expert"), "agency": _l("Agency"), "staff": _l("Person of an agency")}
RECORD_KINDS: Words = {
    "employment": _l("Employment"),
    "director": _lp("post", "Director"),
    "supervisor": _lp("post", "Supervisor"),
    "controller": _lp("post", "Controller"),
    "head": _lp("post", "Head"),
    "adviser": _lp("post", "Adviser"),
    "kin": _l("Kin"),
    "self": _l("The agency itself"),
    "parent": _l("Its parent"),
    "holder": _l("Its holder"),
    "invested": _l("Holds a share of"),
    "finances": _l("Shared accounts"),
    "paid_business": _l("Paid business"),
    "participation": _l("Part in the project"),
    "bureau_post": _l("Duty at the bureau"),
    "first_evaluation": _l("First evaluation"),
    "declaration": _l("Declaration"),
    "evaluations": _l("Evaluations of the unit"),
}
FACT_ROLES: Words = {
    "unit": _l("Evaluated unit"),
    "department": _l("Department"),
    "unit_owner": _l("Owner of the unit"),
    "contractor": _l("Contractor or supplier"),
    "contractor_owner": _l("Owner of a contractor"),
    "agency": _l("Agency of the task"),
    "project": _l("Project"),
    "pool": _l("This pool"),
    "first_evaluation": _l("First evaluation"),
    "task": _l("This task"),
    "unit_leader": _l("Leader of the unit"),
    "department_leader": _l("Leader of the department"),
}
CERTAINTIES: Words = {
    "coded": _l("Codes agree"),
    "named": _l("Names alike only"),
    "unclear": _l("Codes agree, the tie is weak"),
    "declared": _l("Declared"),
}
SOURCES: Words = {"self": _l("Own word"), "unit": _l("Request of the unit"), "bureau": _l("Known to the bureau")}
TAB_WORDS: Words = {
    "open": _lp("tab", "To decide"),
    "confirmed": _lp("tab", "Stay out"),
    "dismissed": _lp("tab", "No tie"),
    "asked": _lp("tab", "Asked"),
    "waived": _lp("tab", "Waived"),
}
_OWN_FAILURES = ("no_free_lead", "unknown")


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def months_passed(since: date, until: date) -> int:
    """Whole months from one day to another."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - (add_months(since, months) > until)


def window_months(hit: HitRow) -> int | None:
    """The look-back of a hit in months, as it was applied."""
    first, last = day_of(hit.evidence.get("window_from_on")), day_of(hit.evidence.get("window_until_on"))
    return months_passed(first, last) if first and last else None


def record_detail(record: dict[str, Any]) -> str:
    """What tells this record from others: position, relation, part taken, or who spoke."""
    detail = record.get("detail") or ""
    if record["kind"] == "kin":
        return str(KIN_RELATIONS.get(detail, detail))
    if record["kind"] == "participation":
        return str(PARTICIPATIONS.get(detail, detail))
    if record["kind"] == "declaration":
        return str(SOURCES.get(detail, detail))
    return record.get("title") or ""


def brief_finding(hit: HitRow) -> str:
    """The finding in a few words, for the right of a line: what decides."""
    record, until = hit.evidence["record"], day_of(hit.evidence["record"].get("until_on"))
    if hit.certainty == "named":
        return _("names alike %(share)s", share=f"{hit.evidence['likeness']:.2f}")
    if hit.evidence.get("years"):
        return ngettext("%(num)s year running", "%(num)s years running", hit.evidence["years"])
    last = day_of(hit.evidence.get("window_until_on"))
    if until and last and until < last:
        return _("left %(months)s months ago", months=months_passed(until, last))
    if record["kind"] in ("employment", *("director", "supervisor", "controller", "head")) and not until:
        return _("still there")
    return record_detail(record) or str(RECORD_KINDS[record["kind"]])


def second_line(hit: HitRow) -> str:
    """Record and dates of a hit in one line."""
    record = hit.evidence["record"]
    name = record.get("name") or hit.evidence["fact"].get("name") or str(RECORD_KINDS[record["kind"]])
    days = [day[:7] for day in (record.get("from_on"), record.get("until_on")) if day]
    months = window_months(hit)
    if len(days) == 2:
        name += " " + _("%(first)s to %(last)s", first=days[0], last=days[1])
    elif days and record.get("from_on"):
        name += " " + _("from %(first)s", first=days[0])
    return name + (_("; %(months)s months are asked for", months=months) if months else "")


def conclusion(hit: HitRow) -> str:
    """Why the evaluator may not be seated, as one would say it on the telephone, with both numbers."""
    until, last = day_of(hit.evidence["record"].get("until_on")), day_of(hit.evidence.get("window_until_on"))
    months = window_months(hit)
    if until and last and months and until < last:
        return _(
            "%(rule)s: it ended only %(passed)s months ago, the rule asks for %(months)s.",
            rule=RULE_WORDS[hit.rule], passed=months_passed(until, last), months=months,
        )  # fmt: skip
    return _("%(rule)s: %(finding)s.", rule=RULE_WORDS[hit.rule], finding=second_line(hit))


def free_from(hit: HitRow) -> date | None:
    """The first day on which the record will lie outside the window; None where it always counts or still lasts."""
    until, months = day_of(hit.evidence.get("overlap_until_on")), window_months(hit)
    if not until or not months or not hit.evidence["record"].get("until_on"):
        return None
    return date.fromordinal(add_months(until, months).toordinal() + 1)


def failure_text(failure: Failure) -> str:
    """Why somebody is not eligible, in a few words."""
    return str(RULE_WORDS[failure.code]) if failure.code in _OWN_FAILURES else failure_words(failure)


def register(app: Flask) -> None:
    app.jinja_env.globals.update(
        rule_words=RULE_WORDS, rule_sources=RULE_SOURCES, record_kinds=RECORD_KINDS, fact_roles=FACT_ROLES,
        certainties=CERTAINTIES, conflict_kinds=KINDS, rule_forces=FORCES, rule_effects=EFFECTS, day_of=day_of,
        brief_finding=brief_finding,
        second_line=second_line, window_months=window_months, months_passed=months_passed, record_detail=record_detail,
        failure_text=failure_text, conclusion=conclusion, free_from=free_from,
    )  # fmt: skip
