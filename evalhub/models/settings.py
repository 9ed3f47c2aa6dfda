"""Numbers of law and policy as this bureau has set them, each with its source; a change is a new row."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalhub.models.base import Base, Id


class Setting(Base):
    __tablename__ = "settings"

    id: Mapped[Id]
    name: Mapped[str]
    edition: Mapped[int]
    content: Mapped[dict[str, Any]]
    source: Mapped[str]
    set_by_id: Mapped[str]
    set_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("name", "edition"),)


class DatabaseMark(Base):
    """What this database is: a demonstration never starts in production."""

    __tablename__ = "database_marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str]
