"""Who may not be seated as rulings stand now: the one reading of kept hits that runs, plans and reserves share."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from evalhub.domain import conflicts as rules
from evalhub.models.conflicts import ConflictHit, ConflictRule

Triple = tuple[str, str, str]


def rule_book(session: Session) -> rules.RuleBook:
    """The rules as this bureau has set them."""
    windows, off = {}, []
    for row in session.scalars(select(ConflictRule)):
        if not row.is_on:
            off.append(row.code)
        elif row.window_months != rules.RULES[row.code].window_months:
            windows[row.code] = row.window_months
    return rules.set_rules(windows, off)


def rules_in_force(session: Session) -> dict[str, int | None]:
    """Rule code -> look-back in months (None: without end) of every rule that is on: what a policy fixes."""
    return {code: rule.window_months for code, rule in sorted(rule_book(session).rules.items())}


def blocked_pairs(session: Session, task_ids: Iterable[str]) -> list[Triple]:
    """(task id, evaluator id, rule code or `doubt`) of every expert and agency that may not be seated."""
    return _triples(session, _current(task_ids).where(ConflictHit.staff_id.is_(None)))


def team_blocked(session: Session, task_ids: Iterable[str]) -> list[Triple]:
    """(task id, staff id, rule code or `doubt`) of every person of an agency who may not be on its team."""
    return _triples(session, _current(task_ids).where(ConflictHit.staff_id.is_not(None)))


def blocking_code(hit: Any, book: rules.RuleBook) -> str | None:
    """Why this hit keeps its evaluator out: its rule, `doubt` while nobody has ruled on a doubt, or None.

    Args:
        hit: row with `rule`, `state`, `certainty` and `is_current`.
    """
    if not hit.is_current or hit.rule not in book.rules or rules.RULES[hit.rule].effect == "soft":
        return None
    if hit.state in ("dismissed", "waived"):
        return None
    if hit.certainty in (rules.NAMED, rules.UNCLEAR) and hit.state != "confirmed":
        return rules.DOUBT
    return hit.rule


def years_running(session: Session, task_ids: Iterable[str]) -> dict[tuple[str, str], int]:
    """(task id, evaluator id) -> years running at the unit, of every current hit of R11 that nobody lifted."""
    hits = session.scalars(_current(task_ids).where(ConflictHit.rule == "R11"))
    return {
        (hit.task_id, hit.expert_id or hit.agency_id or ""): int(hit.evidence.get("years") or 0)
        for hit in hits
        if hit.state not in ("dismissed", "waived")
    }


def _current(task_ids: Iterable[str]) -> Select[ConflictHit]:
    return select(ConflictHit).where(ConflictHit.task_id.in_(list(task_ids)), ConflictHit.is_current)


def _triples(session: Session, query: Select[ConflictHit]) -> list[Triple]:
    book = rule_book(session)
    found = set()
    for hit in session.scalars(query):
        code = blocking_code(hit, book)
        if code is not None:
            found.add((hit.task_id, hit.staff_id or hit.expert_id or hit.agency_id or "", code))
    return sorted(found)
