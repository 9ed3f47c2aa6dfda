"""What every table shares: naming of constraints, column types that mean the same on both engines, versions."""

import enum
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Date, Integer, LargeBinary, MetaData, Text, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, deferred, mapped_column
from sqlalchemy.types import TypeDecorator

from evalhub.infra.chance import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


@compiles(BigInteger, "sqlite")
@compiles(Boolean, "sqlite")
def _sqlite_integer(_type: Any, _compiler: Any, **_options: Any) -> str:
    """A STRICT table knows one integer, 64 bits wide; only under this name may it be a counting primary key."""
    return "INTEGER"


@compiles(Date, "sqlite")
@compiles(JSON, "sqlite")
def _sqlite_text(_type: Any, _compiler: Any, **_options: Any) -> str:
    return "TEXT"


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as milliseconds since 1970: equal and equally sorted on every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        seconds, milliseconds = divmod(value, 1000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000)


class Base(DeclarativeBase):
    """The root of all business tables. On SQLite every table is STRICT: a wrong type is an error, not a surprise."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        str: Text,
        int: BigInteger,
        bytes: LargeBinary,
        datetime: Instant,
        date: Date,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


@event.listens_for(Base.metadata, "before_create")
def _make_strict(metadata: MetaData, _connection: Any, **_options: Any) -> None:
    for table in metadata.tables.values():
        table.dialect_options["sqlite"]["strict"] = True


Id = Annotated[str, mapped_column(Text, primary_key=True, default=new_id)]
Flag = Annotated[bool, mapped_column(default=False)]


class Versioned:
    """A row that people edit: the version counts its changes, and a stale save is refused."""

    version: Mapped[int] = mapped_column(Integer, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def one_of(column: str, values: type[enum.StrEnum] | tuple[str, ...]) -> CheckConstraint:
    """A CHECK that a text column holds one of the given words."""
    words = [str(value) for value in values]
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def sealed() -> MappedColumn[Any]:
    """An encrypted column: never loaded with its row, and an error when touched; `services.unmasking` asks for it."""
    return deferred(mapped_column(LargeBinary, nullable=True), raiseload=True)  # type: ignore[return-value]
