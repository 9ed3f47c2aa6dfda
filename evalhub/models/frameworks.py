"""Indicator frameworks: named, versioned, frozen by their hash once published."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.models.base import Base, Id, Versioned, one_of


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
    tree: Mapped[dict[str, Any]]
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
