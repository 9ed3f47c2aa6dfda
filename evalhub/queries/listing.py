"""What all lists share: which columns and conditions there are, reading them from an address, one page, one count.

A list is described once (`Listing`). The address of a page is the whole of its question: conditions, order, page and
size stand in it, so a saved link is the address, and an export runs the same select without a page. Conditions are laid
on a select that the scope has already narrowed, and only on columns that the asker may read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, func, literal, select
from sqlalchemy.orm import Session

PAGE_SIZES = (20, 50, 100)
DEFAULT_SIZE = 20
GREATEST_PAGE = 100_000
COUNT_LIMIT = 5_000
"""Rows are counted up to this many, so that the cost of a page does not grow with the table; more are told as more."""
EXPORT_BATCH = 500

Shown = TypeVar("Shown")
Condition = Callable[[str], ColumnElement[bool] | None]


def N_(message: str) -> str:  # noqa: N802
    """Marks a message id for the catalogues; the web layer translates it."""
    return message


@dataclass(frozen=True)
class Column:
    """One column of a list and of its export.

    Args:
        key: attribute of the list's frozen rows; also its name in the address.
        label: message id of the head.
        kind: `text`, `code`, `number`, `money` (fen), `date`, `badge` or `verdict`.
        priority: 1 always shown; 3 leaves first on a narrow screen.
        sort: what it sorts by; None where it does not.
        is_exported: whether the export holds it.
    """

    key: str
    label: str
    kind: str = "text"
    priority: int = 1
    sort: Any = None
    is_exported: bool = True


@dataclass(frozen=True)
class Filter:
    """One condition that an address may hold.

    Args:
        key: its name in the address.
        label: message id.
        kind: `text`, `choice`, `day` or `code`: how the query row asks for it.
        condition: text -> SQL condition, or None where the text is none of its values and so asks for nothing.
        choices: the values of a `choice`.
        default: what holds where the address is silent; such a condition is no pill.
        is_extra: whether it waits behind "more conditions".
    """

    key: str
    label: str
    kind: str
    condition: Condition
    choices: tuple[str, ...] = ()
    default: str = ""
    is_extra: bool = False


@dataclass(frozen=True)
class ListRequest:
    """What an address asks of a list. `conditions` are in effect; defaults are among them only where they hold."""

    conditions: Mapping[str, str]
    sort: str
    descending: bool
    page: int = 1
    size: int = DEFAULT_SIZE


@dataclass(frozen=True)
class Page(Generic[Shown]):
    """One page of rows, the number of all rows, and, where there are none, what dropping one condition would give.

    Args:
        total: exact up to `COUNT_LIMIT`; `is_more` where there are more than that.
    """

    rows: tuple[Shown, ...]
    total: int
    request: ListRequest
    without: Mapping[str, int] = field(default_factory=dict)
    is_more: bool = False

    @property
    def number(self) -> int:
        return self.request.page

    @property
    def size(self) -> int:
        return self.request.size

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.request.size))

    @property
    def first(self) -> int:
        """Position of the first row, counted from 1."""
        return (self.request.page - 1) * self.request.size + 1


@dataclass(frozen=True)
class Listing:
    """Description of one list.

    Args:
        noun: message catalogue and file name of the export.
        tie: column that makes every order total.
        sort: key of the column sorted by where the address is silent.
    """

    noun: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    sort: str
    tie: Any
    descending: bool = False
    size: int = DEFAULT_SIZE

    def read(self, args: Mapping[str, str]) -> ListRequest:
        """The request an address makes; what it does not understand falls back to the defaults."""
        sort, descending = args.get("sort", ""), args.get("order") == "desc"
        if sort not in {column.key for column in self.columns if column.sort is not None}:
            sort, descending = self.sort, self.descending
        size = _whole(args.get("size"), self.size)
        return ListRequest(
            conditions=self._conditions(args),
            sort=sort,
            descending=descending,
            page=min(max(1, _whole(args.get("page"), 1)), GREATEST_PAGE),
            size=size if size in PAGE_SIZES else self.size,
        )

    def _conditions(self, args: Mapping[str, str]) -> dict[str, str]:
        found = {}
        for filter_ in self.filters:
            text = args.get(filter_.key, filter_.default).strip()[:100]
            if text and (not filter_.choices or text in filter_.choices):
                found[filter_.key] = text
        return found

    def narrow(self, query: Select[Any], request: ListRequest, leave_out: str | None = None) -> Select[Any]:
        """The select with the request's conditions laid on it."""
        for filter_ in self.filters:
            text = request.conditions.get(filter_.key)
            if text is None or filter_.key == leave_out:
                continue
            condition = filter_.condition(text)
            if condition is not None:
                query = query.where(condition)
        return query

    def order(self, query: Select[Any], request: ListRequest) -> Select[Any]:
        """Sorted by the asked column, ties by the code, both in the same direction so that one index serves them."""
        column = next(column for column in self.columns if column.key == request.sort)
        keys = column.sort if isinstance(column.sort, tuple) else (column.sort,)
        keys = keys if keys[-1] is self.tie else (*keys, self.tie)
        return query.order_by(*(key.desc() if request.descending else key.asc() for key in keys))


def count_rows(session: Session, query: Select[Any], at_most: int = COUNT_LIMIT + 1) -> int:
    """How many rows a select has, counted up to a limit over the narrowest select: an index alone may answer it."""
    narrow = query.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(at_most)
    return session.scalar(select(func.count()).select_from(narrow.subquery())) or 0


def fetch_page(
    session: Session,
    listing: Listing,
    scoped: Select[Any],
    columns: tuple[Any, ...],
    request: ListRequest,
    make_rows: Callable[[list[Row[Any]]], list[Shown]],
) -> Page[Shown]:
    """One page: one count, one select of the named columns, and whatever `make_rows` looks up for the rows at hand.

    Args:
        scoped: select of the entity, narrowed to what the actor may see.
        columns: the SQL columns that the rows need.
        make_rows: records of one page -> the list's frozen rows, with a fixed number of queries.
    """
    narrowed = listing.narrow(scoped, request)
    counted = count_rows(session, narrowed)
    total = min(counted, COUNT_LIMIT)
    if total == 0:
        return Page((), 0, replace(request, page=1), _count_without(session, listing, scoped, request))
    page = min(request.page, -(-total // request.size))
    query = listing.order(narrowed, request).with_only_columns(*columns, maintain_column_froms=True)
    found = session.execute(query.limit(request.size).offset((page - 1) * request.size)).all()
    return Page(tuple(make_rows(list(found))), total, replace(request, page=page), is_more=counted > COUNT_LIMIT)


def fetch_all(
    session: Session,
    listing: Listing,
    scoped: Select[Any],
    columns: tuple[Any, ...],
    request: ListRequest,
    make_rows: Callable[[list[Row[Any]]], list[Shown]],
) -> Iterator[Shown]:
    """Every row that the request's conditions leave, in its order: the same select as a page, without one."""
    query = listing.order(listing.narrow(scoped, request), request)
    query = query.with_only_columns(*columns, maintain_column_froms=True)
    for batch in session.execute(query).partitions(EXPORT_BATCH):
        yield from make_rows(list(batch))


@dataclass(frozen=True)
class Neighbours:
    """Where a record stands in the list it was opened from."""

    position: int
    total: int
    before_id: str | None
    after_id: str | None


def find_neighbours(
    session: Session, listing: Listing, scoped: Select[Any], id_column: Any, record_id: str, args: Mapping[str, str]
) -> Neighbours | None:
    """The records before and after one in a list, by the position `at` that its link carried; None where it moved."""
    position = _whole(args.get("at"), 0)
    if not 1 <= position <= GREATEST_PAGE * max(PAGE_SIZES):
        return None
    request = listing.read(args)
    narrowed = listing.narrow(scoped, request)
    query = listing.order(narrowed, request).with_only_columns(id_column, maintain_column_froms=True)
    start = max(0, position - 2)
    found = list(session.scalars(query.limit(position - start + 1).offset(start)))
    here = position - 1 - start
    if here >= len(found) or found[here] != record_id:
        return None
    return Neighbours(
        position=position,
        total=min(count_rows(session, narrowed), COUNT_LIMIT),
        before_id=found[here - 1] if here else None,
        after_id=found[here + 1] if here + 1 < len(found) else None,
    )


def _count_without(session: Session, listing: Listing, scoped: Select[Any], request: ListRequest) -> dict[str, int]:
    if len(request.conditions) < 2:
        return {}
    counts = {
        key: count_rows(session, listing.narrow(scoped, request, leave_out=key))
        for key in request.conditions
        if next(filter_ for filter_ in listing.filters if filter_.key == key).kind != "day"
    }
    return {key: count for key, count in counts.items() if count}


def any_of(column: Any, text: str) -> ColumnElement[bool]:
    """A column that contains the text as it stands: no character of it is a wildcard."""
    return column.contains(text, autoescape=True)


def equal_to(column: Any) -> Condition:
    """A condition that a column has exactly the asked value."""
    return lambda text: column == text


def among(column: Any, groups: Mapping[str, tuple[str, ...]]) -> Condition:
    """A condition whose values stand for one or several values of a column."""
    return lambda text: column.in_(groups[text]) if text in groups else None


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else default
