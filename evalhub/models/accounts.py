"""Accounts, the roles they hold, and the codes that bring them into being."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalhub.domain.permissions import Role
from evalhub.models.base import Base, Flag, Id, Versioned, one_of, sealed


class Account(Versioned, Base):
    """Who may sign in. `epoch` counts: a session of an older epoch is dead."""

    __tablename__ = "accounts"

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="active")
    password_hash: Mapped[str | None]
    password_set_at: Mapped[datetime | None]
    must_change_password: Mapped[Flag]
    totp_secret_sealed: Mapped[bytes | None] = sealed()
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    epoch: Mapped[int] = mapped_column(default=1)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]
    previous_sign_in_at: Mapped[datetime | None]
    language: Mapped[str | None]
    text_size: Mapped[str] = mapped_column(default="standard")
    email: Mapped[str | None]
    expert_id: Mapped[str | None] = mapped_column(ForeignKey("experts.id"))
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    agency_staff_id: Mapped[str | None] = mapped_column(ForeignKey("agency_staff.id"))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    organisation_code: Mapped[str | None]
    created_by_id: Mapped[str | None]
    created_at: Mapped[datetime]
    is_demo: Mapped[Flag]

    roles: Mapped[list["AccountRole"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    __table_args__ = (
        one_of("state", ("invited", "active", "disabled")),
        one_of("text_size", ("standard", "large", "huge")),
        CheckConstraint(
            "(CASE WHEN expert_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN agency_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN department_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="stands_for_one",
        ),
        Index(None, "expert_id"),
        Index(None, "agency_id"),
        Index(None, "department_id"),
    )


class AccountRole(Base):
    """A role granted to an account, by another person than the one who made the account."""

    __tablename__ = "account_roles"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    granted_by_id: Mapped[str]
    granted_at: Mapped[datetime]

    __table_args__ = (one_of("role", Role),)


class PasswordRecord(Base):
    """A password used before, so that the last ones are not used again."""

    __tablename__ = "password_records"

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    password_hash: Mapped[str]
    set_at: Mapped[datetime]

    __table_args__ = (Index(None, "account_id", "set_at"),)


class RecoveryCode(Base):
    """A one-time code that stands in for a lost authenticator; only its digest is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    digest: Mapped[str]
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("account_id", "digest"),)


class ActivationCode(Base):
    """A printed or mailed code by which an admitted expert, agency or department member takes his account."""

    __tablename__ = "activation_codes"

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    issued_by_id: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "account_id"),)
