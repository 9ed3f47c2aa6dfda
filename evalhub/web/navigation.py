"""The menu: one table of entries, each with the permission that opens it. Entries an actor cannot use are absent."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from evalhub.domain.permissions import SIGNED_IN, Actor, holds


@dataclass(frozen=True)
class Entry:
    """A place in the menu. `endpoint` is what it opens; its section's pages, and those of `also`, mark it as current."""

    label: object
    endpoint: str
    permission: str
    icon: str = ""
    children: tuple["Entry", ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str
    current: bool
    children: tuple["Link", ...]


ENTRIES: tuple[Entry, ...] = (
    Entry(_l("Work centre"), "work_centre.index", SIGNED_IN, "home"),
    Entry(
        _l("Projects and tasks"),
        "projects.index",
        "projects:list",
        "folder",
        (
            Entry(_l("Project library"), "projects.index", "projects:list"),
            Entry(_l("Departments"), "departments.index", "departments:list"),
            Entry(_l("Yearly plans"), "plans.index", "plans:read"),
            Entry(_l("Rounds"), "rounds.index", "rounds:read", also=("tasks", "papers")),
            Entry(_l("Indicator frameworks"), "frameworks.index", "frameworks:read"),
            Entry(_l("Panel templates"), "panel_templates.index", "panel_templates:read"),
        ),
    ),
    Entry(_l("Evaluations"), "evaluations.index", "documents:own", "folder"),
    Entry(
        _l("Expert pool"),
        "experts.index",
        "experts:list",
        "users",
        (
            Entry(_l("Roster"), "experts.index", "experts:list"),
            Entry(_l("Fields"), "fields.index", "fields:list"),
        ),
    ),
    Entry(
        _l("Agency pool"),
        "agencies.index",
        "agencies:list",
        "building",
        (
            Entry(_l("Roster"), "agencies.index", "agencies:list"),
            Entry(_l("Organisations"), "organisations.index", "organisations:list"),
        ),
    ),
    Entry(
        _l("Conflicts and seats"),
        "conflicts.index",
        "conflicts:read",
        "scale",
        (
            Entry(_l("Conflicts"), "conflicts.index", "conflicts:read"),
            Entry(_l("Allocation"), "allocation.index", "allocation:read", also=("seat_plans",)),
            Entry(_l("Recusal rules"), "conflict_rules.index", "conflict_rules:read"),
        ),
    ),
    Entry(_l("My seats"), "seats.mine", "seats:own", "clipboard-check", also=("sheets",)),
    Entry(_l("Results"), "results.index", "results:read", "chart-bar"),
    Entry(_l("Results of our projects"), "results.own", "results:own", "chart-bar"),
    Entry(_l("Evaluation reports"), "reports.index", "reports:read", "file-text"),
    Entry(_l("Accounts"), "accounts.index", "accounts:list", "users"),
    Entry(_l("Journal"), "journal.index", "journal:read", "list-check"),
)


def navigation_for(actor: Actor | None) -> list[Link]:
    """The menu of one actor, with the current place marked."""
    if actor is None or actor.pending:
        return []
    links = [_link(entry, actor) for entry in ENTRIES]
    return [link for link in links if link is not None]


def _link(entry: Entry, actor: Actor) -> Link | None:
    children = tuple(link for child in entry.children if (link := _link(child, actor)) is not None)
    if not holds(actor, entry.permission):
        return None
    section = (request.endpoint or "").partition(".")[0]
    current = section in (entry.endpoint.partition(".")[0], *entry.also) or any(child.current for child in children)
    return Link(str(entry.label), url_for(entry.endpoint), entry.icon, current, children)
