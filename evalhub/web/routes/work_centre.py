"""The work centre: what waits for the person who has signed in, the most pressing first."""

from typing import Any

from evalhub.domain.permissions import SIGNED_IN
from evalhub.queries.todo import Todo, count_todo, list_todo
from evalhub.queries.work_centre import find_year_figures, list_round_lines
from evalhub.web.section import Section
from evalhub.web.todo import Line, line_of
from evalhub.web.visit import Visit

section = Section("work_centre", __name__)
WEEK_DAYS = 7


@section.page("/", permission=SIGNED_IN)
def index(visit: Visit) -> Any:
    todo = list_todo(visit.session, visit.actor, visit.now)
    return visit.render(
        "work_centre/index.html",
        groups=_grouped(visit, todo),
        total=len(todo),
        figures=find_year_figures(visit.session, visit.actor, visit.today.year),
        rounds=list_round_lines(visit.session, visit.actor, visit.today.year),
    )


@section.page("/to-do/count", permission=SIGNED_IN)
def count(visit: Visit) -> Any:
    """The number in the bar, asked for by script after the page is shown."""
    number = count_todo(visit.session, visit.actor, visit.now)
    return visit.render("work_centre/count.html", number=number)


def _grouped(visit: Visit, todo: list[Todo]) -> list[tuple[str, list[Line]]]:
    """Lines by how pressing they are; empty groups are left out."""
    groups: dict[str, list[Line]] = {"overdue": [], "today": [], "week": [], "later": [], "undated": []}
    for one in todo:
        days = one.days_left(visit.today)
        groups[_group(one, days, visit)].append(line_of(one))
    return [(name, lines) for name, lines in groups.items() if lines]


def _group(todo: Todo, days: int | None, visit: Visit) -> str:
    if days is None:
        return "undated"
    if todo.due_at is not None and todo.due_at <= visit.now:
        return "overdue"
    if days == 0:
        return "today"
    return "week" if days < WEEK_DAYS else "later"
