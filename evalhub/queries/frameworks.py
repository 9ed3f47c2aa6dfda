"""Frameworks and their editions: the list, the tree of one edition with the points of every branch, and choices."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import Actor
from evalhub.domain.scoring.framework import Indicator
from evalhub.models.experts import Field
from evalhub.models.frameworks import Framework, FrameworkEdition
from evalhub.models.plans import Task
from evalhub.queries.people import names_of
from evalhub.queries.scope import visible_editions


@dataclass(frozen=True)
class EditionLine:
    """One edition in the list; `tasks` counts those that use it and that the asker may see."""

    id: str
    framework_id: str
    name: str
    english_name: str | None
    edition: int
    state: str
    leaf_count: int
    content_hash: str
    note: str | None
    created_at: datetime
    published_at: datetime | None
    tasks: int


@dataclass(frozen=True)
class IndicatorLine:
    """One line of a tree: depth from 1, points in hundredths, `closes` whether the children add up to them."""

    code: str
    name: str
    english_name: str
    depth: int
    points: int
    is_leaf: bool
    closes: bool
    kind: str
    core: bool
    may_be_na: bool
    operator: str
    target: str
    unit: str
    evidence: tuple[str, ...]
    rule_type: str


@dataclass(frozen=True)
class EditionView:
    id: str
    framework_id: str
    name: str
    english_name: str | None
    field: str | None
    english_field: str | None
    edition: int
    state: str
    version: int
    content_hash: str
    leaf_count: int
    note: str | None
    full_points: int
    grades: tuple[tuple[str, int], ...]
    lines: tuple[IndicatorLine, ...]
    created_by_id: str
    created_by: str
    created_at: datetime
    published_by: str | None
    published_at: datetime | None
    others: tuple[EditionLine, ...]


def list_editions(session: Session, actor: Actor, framework_id: str | None = None) -> list[EditionLine]:
    """All editions, by framework and newest first."""
    tasks = (
        select(func.count())
        .where(Task.framework_edition_id == FrameworkEdition.id, Task.id.not_in(actor.locked_task_ids))
        .correlate(FrameworkEdition)
        .scalar_subquery()
    )
    query = (
        visible_editions(actor)
        .join(Framework, Framework.id == FrameworkEdition.framework_id)
        .with_only_columns(
            FrameworkEdition.id, FrameworkEdition.framework_id, Framework.name, Framework.english_name,
            FrameworkEdition.edition, FrameworkEdition.state, FrameworkEdition.leaf_count,
            FrameworkEdition.content_hash, FrameworkEdition.note, FrameworkEdition.created_at,
            FrameworkEdition.published_at, tasks.label("tasks"),
        )
        .order_by(Framework.name, Framework.id, FrameworkEdition.edition.desc())
    )  # fmt: skip
    if framework_id is not None:
        query = query.where(FrameworkEdition.framework_id == framework_id)
    return [EditionLine(**row._mapping) for row in session.execute(query)]


def get_edition(session: Session, actor: Actor, edition_id: str) -> EditionView:
    """One edition with its tree."""
    edition = session.scalar(visible_editions(actor).where(FrameworkEdition.id == edition_id))
    if edition is None:
        raise NotFound("framework_edition")
    framework = edition.framework
    field = session.get(Field, framework.field_code) if framework.field_code else None
    names = names_of(session, (edition.created_by_id, edition.published_by_id))
    tree = edition.indicator_tree
    return EditionView(
        id=edition.id,
        framework_id=framework.id,
        name=framework.name,
        english_name=framework.english_name,
        field=field.name if field else None,
        english_field=field.english_name if field else None,
        edition=edition.edition,
        state=edition.state,
        version=edition.version,
        content_hash=edition.content_hash,
        leaf_count=edition.leaf_count,
        note=edition.note,
        full_points=tree.full_points,
        grades=tuple((grade.code, grade.from_points) for grade in tree.grades),
        lines=tuple(line for root in tree.indicators for line in _lines(root, 1)),
        created_by_id=edition.created_by_id,
        created_by=names.get(edition.created_by_id, ""),
        created_at=edition.created_at,
        published_by=names.get(edition.published_by_id or ""),
        published_at=edition.published_at,
        others=tuple(list_editions(session, actor, framework.id)),
    )


def list_edition_choices(session: Session, actor: Actor) -> list[EditionLine]:
    """Editions that a new task may use: published, not retired."""
    return [line for line in list_editions(session, actor) if line.state == "published"]


def _lines(node: Indicator, depth: int) -> list[IndicatorLine]:
    below = [line for child in node.children for line in _lines(child, depth + 1)]
    line = IndicatorLine(
        code=node.code,
        name=node.name.zh,
        english_name=node.name.en,
        depth=depth,
        points=node.points,
        is_leaf=node.is_leaf,
        closes=node.is_leaf or sum(child.points for child in node.children) == node.points,
        kind=node.kind,
        core=node.core,
        may_be_na=node.may_be_na,
        operator=node.operator,
        target=node.target,
        unit=node.unit,
        evidence=node.evidence,
        rule_type=(node.rule or {}).get("type", ""),
    )
    return [line, *below]
