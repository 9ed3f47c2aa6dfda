"""Signing in: password, second factor, lock-out. The outcome of a failed try is kept although the user is refused."""

from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.accounts import FAILURES_BEFORE_LOCK, lock_after_failure
from evalhub.infra import passwords
from evalhub.models.accounts import Account, RecoveryCode
from evalhub.services import journal
from evalhub.services.change import Change

STEP_SECONDS = 30


@dataclass(frozen=True)
class Candidate:
    """What the first phase read of an account, so that the password is checked with no transaction open."""

    account_id: str | None
    password_hash: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of a try: `in`, `totp` (second factor wanted), `wrong`, `locked`."""

    kind: str
    account_id: str | None = None
    epoch: int = 0
    tries_left: int = 0
    locked_until: datetime | None = None


def find_candidate(session: Session, username: str) -> Candidate:
    """The account that a name might be; a demonstration or disabled one is looked up just the same."""
    account = session.scalar(select(Account).where(Account.username == username.strip().lower()))
    if account is None or account.state != "active":
        return Candidate(None, None)
    return Candidate(account.id, account.password_hash)


def sign_in(change: Change, candidate: Candidate, password_fits: bool) -> Outcome:
    """Decide on a try with a password and keep its traces.

    Args:
        candidate: as read before the password was checked.
        password_fits: the check's answer, made outside the transaction.
    """
    account = change.session.get(Account, candidate.account_id) if candidate.account_id else None
    if account is None:
        journal.record(change, "session.refused", "account", "unknown", "unknown")
        return Outcome("wrong", tries_left=FAILURES_BEFORE_LOCK - 1)
    if account.locked_until and account.locked_until > change.now:
        journal.record(change, "session.refused", "account", account.id, account.username, reason="locked")
        return Outcome("locked", locked_until=account.locked_until)
    if not password_fits or account.password_hash != candidate.password_hash:
        return _fail(change, account)
    if account.totp_confirmed_at is not None:
        journal.record(change, "session.half_opened", "account", account.id, account.username)
        return Outcome("totp", account.id, account.epoch)
    return _open(change, account)


def confirm_second_factor(change: Change, account_id: str, typed: str) -> Outcome:
    """The second step, for an account whose password has just been right: a TOTP or a recovery code."""
    account = change.session.get_one(Account, account_id)
    if account.locked_until and account.locked_until > change.now:
        journal.record(change, "session.refused", "account", account.id, account.username, reason="locked")
        return Outcome("locked", locked_until=account.locked_until)
    if not _second_factor_fits(change, account, typed):
        return _fail(change, account)
    return _open(change, account)


def _open(change: Change, account: Account) -> Outcome:
    account.failed_sign_ins = 0
    account.locked_until = None
    account.previous_sign_in_at, account.last_sign_in_at = account.last_sign_in_at, change.now
    journal.record(change, "session.opened", "account", account.id, account.username)
    return Outcome("in", account.id, account.epoch)


def _fail(change: Change, account: Account) -> Outcome:
    account.failed_sign_ins += 1
    account.locked_until = lock_after_failure(account.failed_sign_ins, change.now)
    if account.locked_until is not None:
        account.failed_sign_ins = 0
    journal.record(change, "session.refused", "account", account.id, account.username)
    if account.locked_until is not None:
        return Outcome("locked", locked_until=account.locked_until)
    return Outcome("wrong", tries_left=FAILURES_BEFORE_LOCK - account.failed_sign_ins)


def _second_factor_fits(change: Change, account: Account, typed: str) -> bool:
    """A TOTP of this or the step before, each step once; or a recovery code, once."""
    plain = typed.replace(" ", "").replace("-", "")
    if plain.isdigit() and len(plain) == 6:
        step = matching_step(read_secret(change, account), plain, change.now)
        if step is None or step <= account.totp_last_step:
            return False
        account.totp_last_step = step
        return True
    digest = passwords.code_digest(typed)
    code = change.session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.account_id == account.id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None)
        )
    )
    if code is None:
        return False
    code.used_at = change.now
    return True


def read_secret(change: Change, account: Account) -> str:
    """The authenticator's secret of an account, opened for one check."""
    query = select(Account).where(Account.id == account.id).options(undefer(Account.totp_secret_sealed))
    loaded = change.session.scalars(query.execution_options(populate_existing=True)).one()
    return change.tools.vault.open_field(loaded.totp_secret_sealed, place="accounts.totp_secret", record_id=account.id)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step that a code belongs to: this one or the one before (RFC 6238)."""
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    for step in (current, current - 1):
        if pyotp.utils.strings_equal(generator.generate_otp(step), code):
            return step
    return None
