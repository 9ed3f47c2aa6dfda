"""What an account must do before it may do anything else, and what a password must be."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from evalhub.domain.permissions import ADMINISTRATORS, BUREAU, Role

PASSWORD_LENGTH = 10
PASSWORD_KINDS = 3
PASSWORD_DAYS = 90
PASSWORDS_REMEMBERED = 5
FAILURES_BEFORE_LOCK = 5
LOCK_MINUTES = 15
ACTIVATION_DAYS = 14
RECOVERY_CODES = 10


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Bureau and administrators sign in with a second factor (GB/T 22239-2019, 8.1.4.1)."""
    return bool((BUREAU | ADMINISTRATORS) & set(roles))


def pending_step(
    *,
    roles: frozenset[Role],
    must_change_password: bool,
    password_set_at: datetime | None,
    has_second_factor: bool,
    is_demo: bool,
    now: datetime,
) -> str | None:
    """The step that stands before everything else: `password`, `totp_setup`, or None.

    A demonstration account is not asked for a second factor: it answers on the loopback address only.
    """
    expired = password_set_at is not None and now - password_set_at > timedelta(days=PASSWORD_DAYS)
    if must_change_password or (expired and not is_demo):
        return "password"
    if needs_second_factor(roles) and not has_second_factor and not is_demo:
        return "totp_setup"
    return None


def password_faults(password: str, username: str) -> list[str]:
    """What is wrong with a new password, by code; an empty list where nothing is.

    Source: GB/T 22239-2019 level 3 as customarily graded: length, three of four kinds of characters.
    """
    kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
    faults = []
    if len(password) < PASSWORD_LENGTH:
        faults.append("password.short")
    if sum(any(kind(sign) for sign in password) for kind in kinds) < PASSWORD_KINDS:
        faults.append("password.few_kinds")
    if username and username.lower() in password.lower():
        faults.append("password.holds_name")
    if len(password) > 128:
        faults.append("password.long")
    return faults


def lock_after_failure(failures: int, now: datetime) -> datetime | None:
    """Until when an account is locked after its nth failure in a row."""
    return now + timedelta(minutes=LOCK_MINUTES) if failures >= FAILURES_BEFORE_LOCK else None


def grants_clash(roles: Iterable[Role]) -> str | None:
    """Why these roles may not meet in one account, or None.

    No account holds two of the three administrator roles, nor one of them with any other; a supervisor neither
    handles nor approves; whoever stands for an outside body holds no bureau role.
    """
    held = set(roles)
    if held & ADMINISTRATORS and len(held) > 1:
        return "roles.administrator_alone"
    if Role.SUPERVISOR in held and len(held) > 1:
        return "roles.supervisor_alone"
    if held & BUREAU and held - BUREAU:
        return "roles.bureau_apart"
    return None
