"""Words for the keys of allocation: kinds of runs, how far a result is proved, terms of fit, why seats stay empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from evalhub.domain.conflicts import RULES
from evalhub.domain.panels import FINANCE_TAG, SENIOR_TAG
from evalhub.queries.allocation import Person
from evalhub.web.conflict_words import RULE_WORDS
from evalhub.web.pool_words import Words

RUN_KINDS: Words = {"experts": _l("Experts for panels"), "agencies": _l("Agencies for tasks")}
OBJECTIVES: Words = {
    "total": _l("Greatest sum of fit"),
    "fair": _l("Best fit of the worst-off task, then the sum"),
}
TERM_WORDS: Words = {
    "field": _l("Field"),
    "licence": _l("Licence"),
    "past_work": _l("Past work"),
    "rotation": _l("Rotation"),
}
PHASES: Words = {
    "seats": _l("filling seats"),
    "minimum": _l("keeping the least loads"),
    "total": _l("raising the sum of fit"),
    "worst": _l("raising the worst-off task"),
    "settling": _l("settling the empty seats"),
    "draw": _l("drawing"),
}
REASONS: Words = {
    "by_hand": _l("Named by hand: %(detail)s"),
    "in_conflict": _l("In conflict meanwhile: %(detail)s"),
    "not_eligible": _l("Not eligible meanwhile: %(detail)s"),
    "policy_changed": _l("Seed, weights or rules were fixed anew"),
    "records_changed": _l("Records of the pool or the tasks changed; the best plan moved"),
    "solver_choice": _l("Another of several equally good plans"),
}
STATUS_WORDS: Words = {
    "proven": _l("proved that no better plan exists (gap 0.00%%)"),
    "solved": _l("the solver found no better plan; the proof leaves a gap of %(gap)s"),
    "bounded": _l("stopped early: the best found so far, at most %(gap)s below the best possible"),
}
KEPT_OUT: Words = {
    "seated": _l("Already on this panel"),
    "in_conflict": _l("Must stay out (%(rules)s)"),
    "not_listed": _l("No fit with the task"),
    "at_limit": _l("Barred by a limit"),
    "apart": _l("Kin on the panel"),
    "over_max": _l("Over a quota of the panel"),
    "at_capacity": _l("As many seats as they may take"),
    "in_exchange": _l("Their seat would empty another"),
}
RUN_ERRORS: Words = {
    "cancelled": _l("Cancelled before anything was found."),
    "nothing_found": _l("Nothing was found in the time given."),
}
CATEGORIES: Words = {
    "livelihood": _lp("category", "Livelihood"),
    "engineering": _lp("category", "Engineering"),
    "other": _lp("category", "Other"),
}


@dataclass(frozen=True)
class CountDown:
    """Why seats stay empty: everybody who might sit, then each reason with how many it takes and how many are left."""

    title: str
    total: int
    steps: tuple[tuple[str, int, int], ...]
    note: str


def tag_words(tag: str, fields: Mapping[str, tuple[str, str]]) -> str:
    """What a tag of the format stands for: a field, finance, or seniors."""
    if tag == SENIOR_TAG:
        return _("seniors")
    if tag == FINANCE_TAG:
        return _("finance")
    names = fields.get(tag.removeprefix("field:"))
    return names[0 if str(get_locale()).startswith("zh") else 1] or names[0] if names else tag


def count_down(reason: Mapping[str, Any], fields: Mapping[str, tuple[str, str]]) -> CountDown:
    """A counted reason of a shortfall, line by line down to those who are left."""
    total = left = reason.get("carriers", reason.get("evaluators", 0))
    steps = []
    rules = _(", ").join(code if code in RULES else str(RULE_WORDS[code]) for code in reason.get("rules", ()))
    for code, words in KEPT_OUT.items():
        if reason.get(code):
            left -= reason[code]
            steps.append((str(words) % {"rules": rules}, reason[code], left))
    if "tag" in reason:
        title = _("%(total)s with %(tag)s, one reason after another", total=total, tag=tag_words(reason["tag"], fields))
    else:
        title = _("%(total)s evaluators, one reason after another", total=total)
    outsiders = reason.get("not_a_carrier", 0)
    note = ngettext("%(num)s other is free but not of this kind.", "%(num)s others are free but not of this kind.",
                    outsiders) if outsiders else ""  # fmt: skip
    return CountDown(title, total, tuple(steps), note)


def remedy(entry: Mapping[str, Any], people: Mapping[str, Person], fields: Mapping[str, tuple[str, str]]) -> str:
    """What would surely fill a seat, in words."""
    tag = tag_words(entry["tag"], fields) if "tag" in entry else ""
    if entry["code"] == "raise_capacity":
        person = people.get(entry["evaluator"])
        who = f"{person.name} {person.code}" if person else "—"
        return _("Let %(who)s take %(to)s seats instead of %(from_)s", who=who, to=entry["to"], from_=entry["from"])
    if entry["code"] == "lower_minimum":
        return _("Ask for %(to)s instead of %(from_)s of %(tag)s", to=entry["to"], from_=entry["from"], tag=tag)
    if tag:
        return _("Admit %(count)s more of %(tag)s", count=entry["count"], tag=tag)
    return _("Admit %(count)s more", count=entry["count"])


def status_words(result: Mapping[str, Any]) -> str:
    """How far the result is proved, in words and per cent."""
    gap = result.get("gap")
    shown = _("not known") if gap is None else f"{gap:.2%}"
    return str(STATUS_WORDS[result["status"]]) % {"gap": shown}


def difference_words(reason: str, detail: str) -> str:
    return str(REASONS[reason]) % {"detail": detail} if "%(" in str(REASONS[reason]) else str(REASONS[reason])


def share(units: int) -> str:
    """Millionths with four decimals, as a formula shows them."""
    return f"{units / 1_000_000:.4f}"


def register(app: Flask) -> None:
    app.jinja_env.globals.update(
        run_kinds=RUN_KINDS, objectives=OBJECTIVES, term_words=TERM_WORDS, phases=PHASES, tag_words=tag_words,
        count_down=count_down, remedy=remedy, status_words=status_words, difference_words=difference_words,
        run_errors=RUN_ERRORS, allocation_categories=CATEGORIES,
    )  # fmt: skip
    app.jinja_env.filters["share4"] = share
