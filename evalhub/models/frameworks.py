"""Indicator frameworks: named, versioned, frozen by their hash once published."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.domain.scoring.framework import Framework as IndicatorTree
from evalhub.domain.scoring.framework_document import from_document
from evalhub.models.base import Base, Id, Versioned, one_of

MOST_TREES_KEPT = 200
_read_trees: dict[str, IndicatorTree] = {}


class Framework(Base):
    __tablename__ = "frameworks"

    id: Mapped[Id]
    name: Mapped[str]
    english_name: Mapped[str | None]
    field_code: Mapped[str | None] = mapped_column(ForeignKey("fields.code"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[str]

    editions: Mapped[list["FrameworkEdition"]] = relationship(order_by="FrameworkEdition.edition")


class FrameworkEdition(Versioned, Base):
    """One edition of a framework. Once published, a trigger refuses any change of its tree."""

    __tablename__ = "framework_editions"

    id: Mapped[Id]
    framework_id: Mapped[str] = mapped_column(ForeignKey("frameworks.id"))
    edition: Mapped[int]
    tree: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    content_hash: Mapped[str]
    leaf_count: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[str]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[str | None]

    framework: Mapped[Framework] = relationship(back_populates="editions", lazy="joined")

    __table_args__ = (
        UniqueConstraint("framework_id", "edition"),
        one_of("state", ("draft", "published", "retired")),
    )

    @property
    def indicator_tree(self) -> IndicatorTree:
        """The tree as the domain knows it. A published one never changes, so each is read from its document once."""
        if self.state == "draft":
            return from_document(self.tree)
        if self.content_hash not in _read_trees:
            if len(_read_trees) >= MOST_TREES_KEPT:
                _read_trees.clear()
            _read_trees[self.content_hash] = from_document(self.tree)
        return _read_trees[self.content_hash]
