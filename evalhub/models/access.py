"""The access log: refusals, downloads, exports, unmaskings; apart from the business tables and transactions."""

from datetime import datetime

from sqlalchemy import Index, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from evalhub.models.base import NAMING, Base


class AccessBase(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = Base.type_annotation_map


class AccessEntry(AccessBase):
    __tablename__ = "access_entries"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    account_id: Mapped[str | None]
    kind: Mapped[str]
    endpoint: Mapped[str]
    record_id: Mapped[str | None]
    status: Mapped[int]
    address: Mapped[str | None]
    reason: Mapped[str | None]
    request_id: Mapped[str]

    __table_args__ = (Index(None, "account_id", "at"), Index(None, "kind", "at"))
