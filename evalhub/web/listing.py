"""A described list as a page shows it: query row, pills, sorted heads, and the workbook of exactly what is filtered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for
from flask_babel import gettext as _

from evalhub.infra.clock import office_time
from evalhub.infra.spreadsheets import Column as SheetColumn
from evalhub.infra.spreadsheets import write_table
from evalhub.queries.listing import Column, Filter, Listing, ListRequest, Neighbours, Page
from evalhub.web.links import page_link
from evalhub.web.visit import Visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_KINDS = {"number": "number", "money": "money_wan", "date": "date"}
_HEAD_KINDS = {"number": "num", "money": "num", "code": "code"}
_WIDTHS = {"number": 12, "money": 18, "date": 12, "code": 20}

Choices = Mapping[str, Sequence[tuple[str, Any]]]


@dataclass(frozen=True)
class Input:
    """One condition as the query row asks for it: `kind` is text, day or choice."""

    key: str
    label: str
    kind: str
    text: str
    choices: Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class ListView:
    """All that the templates of a list need beside its rows."""

    page: Page[Any]
    inputs: list[Input]
    extra_inputs: list[Input]
    pills: list[tuple[str, str, str]]
    columns: list[dict[str, Any]]
    has_extra: bool
    sorted_by: str
    descending: bool
    order_words: str
    clear_url: str
    link: str
    drops: list[tuple[str, str, int]]

    @property
    def is_filtered(self) -> bool:
        return bool(self.page.request.conditions)

    def linker(self, endpoint: str, argument: str) -> Callable[[str, int], str]:
        """Address of a row's page by its id and place; it carries the list, so that the page knows its neighbours.

        Built once per list and not by `url_for` per row: ids are made of characters that no address escapes.
        """
        head, tail = url_for(endpoint, **{argument: "ROW"}).rsplit("ROW", 1)
        kept = urlencode({name: text for name, text in request.args.items() if name != "at"})
        query, first = f"{kept}&at=" if kept else "at=", self.page.first
        return lambda row_id, index: f"{head}{row_id}{tail}?{query}{first + index}"


def view_list(listing: Listing, page: Page[Any], choices: Choices) -> ListView:
    """The list as its page shows it.

    Args:
        choices: key of a condition -> (value, word), for conditions that are chosen.
    """
    conditions = page.request.conditions
    inputs = [_input(filter_, conditions, choices) for filter_ in listing.filters]
    extra = {filter_.key for filter_ in listing.filters if filter_.is_extra}
    sorted_column = next(column for column in listing.columns if column.key == page.request.sort)
    return ListView(
        page=page,
        inputs=[shown for shown in inputs if shown.key not in extra],
        extra_inputs=[shown for shown in inputs if shown.key in extra],
        pills=_pills(inputs, conditions),
        columns=[_head(column) for column in listing.columns],
        has_extra=bool(extra & conditions.keys()),
        sorted_by=page.request.sort,
        descending=page.request.descending,
        order_words=_order_words(_(sorted_column.label), page.request.descending),
        clear_url=request.path,
        link=request.full_path.rstrip("?"),
        drops=_drops(inputs, page),
    )


def _input(filter_: Filter, conditions: Mapping[str, str], choices: Choices) -> Input:
    offered = choices.get(filter_.key, ())
    kind = "choice" if offered else filter_.kind
    return Input(filter_.key, _(filter_.label), kind, conditions.get(filter_.key, ""), offered)


def _pills(inputs: list[Input], conditions: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [
        (shown.label, _word_of(shown), page_link(**{shown.key: None})) for shown in inputs if shown.key in conditions
    ]


def _word_of(shown: Input) -> str:
    return next((str(word).strip() for value, word in shown.choices if value == shown.text), shown.text)


def _drops(inputs: list[Input], page: Page[Any]) -> list[tuple[str, str, int]]:
    """For a list without hits: which condition to drop, where to, and what that would give."""
    return [
        (_word_of(shown), page_link(**{shown.key: None}), page.without[shown.key])
        for shown in inputs
        if shown.key in page.without
    ]


def _order_words(label: str, descending: bool) -> str:
    return _("By %(column)s, descending", column=label) if descending else _("By %(column)s, ascending", column=label)


def _head(column: Column) -> dict[str, Any]:
    head: dict[str, Any] = {"label": _(column.label), "kind": _HEAD_KINDS.get(column.kind)}
    if column.sort is not None:
        head["sort"] = column.key
    if column.priority > 1:
        head["priority"] = column.priority
    return head


def export_list(
    visit: Visit,
    listing: Listing,
    asked: ListRequest,
    rows: Iterable[Any],
    title: str,
    cells: Mapping[str, Callable[[Any], Any]],
    choices: Choices,
) -> Response:
    """The workbook of all rows that the address's conditions leave, in its order, with a line that says which.

    Args:
        cells: key of a column -> what stands in it, for columns whose cell is not the row's attribute itself.
    """
    columns = [column for column in listing.columns if column.is_exported]
    sheet = [
        SheetColumn(_head_words(column), _SHEET_KINDS.get(column.kind, "text"), _WIDTHS.get(column.kind, 22))
        for column in columns
    ]
    readers = [cells.get(column.key) or _attribute(column.key) for column in columns]
    inputs = [_input(filter_, asked.conditions, choices) for filter_ in listing.filters]
    said = [f"{shown.label}: {_word_of(shown)}" for shown in inputs if shown.key in asked.conditions]
    made = office_time(visit.now).strftime("%Y-%m-%d %H:%M")
    note = "  |  ".join([title, *said, _("exported by %(who)s, %(when)s", who=visit.actor.display_name, when=made)])
    content = write_table(sheet, ([read(row) for read in readers] for row in rows), sheet=title[:31], note=note)
    return visit.download(content, f"{title}-{made[:10]}.xlsx", XLSX)


def _head_words(column: Column) -> str:
    return _("%(label)s (¥10,000)", label=_(column.label)) if column.kind == "money" else _(column.label)


def _attribute(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def neighbour_links(found: Neighbours | None, endpoint: str, argument: str) -> dict[str, Any] | None:
    """What the page header shows of the list that a record was opened from."""
    if found is None:
        return None
    kept = {name: text for name, text in request.args.items() if name != "at"}

    def address(record_id: str | None, at: int) -> str | None:
        return f"{url_for(endpoint, **{argument: record_id})}?{urlencode({**kept, 'at': at})}" if record_id else None

    return {
        "position": found.position,
        "total": found.total,
        "previous_url": address(found.before_id, found.position - 1),
        "next_url": address(found.after_id, found.position + 1),
    }
