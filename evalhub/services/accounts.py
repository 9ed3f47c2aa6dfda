"""Accounts: made by one administrator, given their roles by another; passwords, second factor, activation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evalhub.domain.accounts import (
    ACTIVATION_DAYS,
    PASSWORDS_REMEMBERED,
    RECOVERY_CODES,
    grants_clash,
    password_faults,
)
from evalhub.domain.errors import InvalidInput, InvalidMove, NotFound, Refused, Stale
from evalhub.domain.permissions import BUREAU, Role
from evalhub.infra import passwords
from evalhub.models.accounts import Account, AccountRole, ActivationCode, PasswordRecord, RecoveryCode
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.sign_in import matching_step, read_secret


@dataclass(frozen=True)
class Outsider:
    """What an account stands for outside the bureau: at most one of the three."""

    expert_id: str | None = None
    agency_id: str | None = None
    agency_staff_id: str | None = None
    department_id: str | None = None


NOBODY = Outsider()


def new_account(
    change: Change, username: str, display_name: str, *, outsider: Outsider = NOBODY, email: str | None = None
) -> Account:
    """A row of an account without roles or password; used by the services that bring accounts into being.

    Raises:
        InvalidInput: the name is taken.
    """
    name = username.strip().lower()
    if change.session.scalar(select(Account.id).where(Account.username == name)):
        raise InvalidInput(fields={"username": "account.name_taken"})
    account = Account(
        username=name,
        display_name=display_name.strip(),
        email=email,
        expert_id=outsider.expert_id,
        agency_id=outsider.agency_id,
        agency_staff_id=outsider.agency_staff_id,
        department_id=outsider.department_id,
        state="invited",
        created_by_id=change.actor.account_id,
        created_at=change.now,
    )
    change.session.add(account)
    change.session.flush()
    return account


def create_bureau_account(change: Change, username: str, display_name: str, email: str | None) -> tuple[Account, str]:
    """The system administrator makes an account; it has no role until the security administrator grants one.

    Returns:
        The account and its activation code, which is shown once and kept as a digest.
    """
    account = new_account(change, username, display_name, email=email)
    code = issue_code(change, account)
    journal.record(change, "account.created", "account", account.id, account.username)
    return account, code


def issue_code(change: Change, account: Account) -> str:
    """A new activation code; earlier unused ones of the account stop working."""
    unused = select(ActivationCode).where(ActivationCode.account_id == account.id, ActivationCode.used_at.is_(None))
    for earlier in change.session.scalars(unused):
        earlier.expires_at = change.now
    code = passwords.new_code()
    change.session.add(
        ActivationCode(
            account_id=account.id,
            digest=passwords.code_digest(code),
            issued_by_id=change.actor.account_id,
            issued_at=change.now,
            expires_at=change.now + timedelta(days=ACTIVATION_DAYS),
        )
    )
    return code


def renew_activation(change: Change, account_id: str) -> tuple[Account, str]:
    """A new code for somebody who lost his, or forgot his password; the account is closed until it is used."""
    account = _get(change.session, account_id)
    if account.state == "disabled":
        raise InvalidMove("account.disabled")
    code = issue_code(change, account)
    account.state = "invited"
    account.epoch += 1
    journal.record(change, "account.code_renewed", "account", account.id, account.username)
    return account, code


def grant_roles(change: Change, account_id: str, roles: Sequence[Role], version: int) -> Account:
    """The security administrator sets the roles of an account; whoever made the account does not.

    Raises:
        Refused: he would grant to himself, or made the account.
        InvalidInput: the roles may not meet in one account, or do not fit what it stands for.
    """
    account = _get(change.session, account_id)
    if account.id == change.actor.account_id:
        raise Refused("account.own_role")
    if account.created_by_id == change.actor.account_id:
        raise Refused("same_person")
    if account.version != version:
        raise Stale(noun="account", record_id=account.id)
    fault = grants_clash(roles) or _misfit(account, roles)
    if fault:
        raise InvalidInput(fields={"roles": fault})
    before = sorted(granted.role for granted in account.roles)
    wanted = {str(role) for role in roles}
    account.roles = [granted for granted in account.roles if granted.role in wanted]
    for role in sorted(wanted - set(before)):
        account.roles.append(AccountRole(role=role, granted_by_id=change.actor.account_id, granted_at=change.now))
    account.epoch += 1
    detail = {"before": before, "after": sorted(wanted)}
    journal.record(change, "account.roles_granted", "account", account.id, account.username, detail=detail)
    return account


def _misfit(account: Account, roles: Sequence[Role]) -> str | None:
    stands_outside = account.expert_id or account.agency_id or account.department_id
    return "roles.bureau_apart" if stands_outside and set(roles) & BUREAU else None


def give_role(change: Change, account: Account, role: Role) -> None:
    """A role that follows from an approved admission, in the name of whoever approved it."""
    account.roles.append(AccountRole(role=str(role), granted_by_id=change.actor.account_id, granted_at=change.now))


def disable(change: Change, account_id: str, reason: str) -> Account:
    """Close an account; all its sessions end with the next request."""
    account = _get(change.session, account_id)
    if account.id == change.actor.account_id:
        raise Refused("same_person")
    account.state = "disabled"
    account.epoch += 1
    journal.record(change, "account.disabled", "account", account.id, account.username, reason=reason)
    return account


def activate(change: Change, code: str, password: str, password_hash: str) -> Account:
    """Take an account with its code and set the first password.

    Args:
        password_hash: of `password`, made outside the transaction.

    Raises:
        InvalidInput: the code is unknown, used or expired, or the password is too weak.
    """
    found = change.session.scalar(
        select(ActivationCode).where(
            ActivationCode.digest == passwords.code_digest(code),
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > change.now,
        )
    )
    if found is None:
        raise InvalidInput(fields={"code": "activation.unknown"})
    account = change.session.get_one(Account, found.account_id)
    _check_password(account, password)
    found.used_at = change.now
    account.state = "active"
    _set_password(change, account, password_hash)
    journal.record(change, "account.activated", "account", account.id, account.username)
    return account


def used_hashes(session: Session, account_id: str) -> list[str]:
    """Digests of the last passwords, the present one first, for a check outside the transaction."""
    account = _get(session, account_id)
    earlier = select(PasswordRecord.password_hash).where(PasswordRecord.account_id == account_id)
    recent = session.scalars(earlier.order_by(PasswordRecord.set_at.desc()).limit(PASSWORDS_REMEMBERED))
    return [account.password_hash or "", *recent]


def change_password(
    change: Change, password: str, password_hash: str, *, fits_present: bool, was_used: bool
) -> Account:
    """Set one's own new password; every other session of the account ends.

    Raises:
        InvalidInput: the present password is wrong, or the new one is weak or was used before.
    """
    account = _get(change.session, change.actor.account_id)
    if not fits_present:
        raise InvalidInput(fields={"present": "password.wrong"})
    if was_used:
        raise InvalidInput(fields={"password": "password.used_before"})
    _check_password(account, password)
    _set_password(change, account, password_hash)
    journal.record(change, "account.password_changed", "account", account.id, account.username)
    return account


def _check_password(account: Account, password: str) -> None:
    faults = password_faults(password, account.username)
    if faults:
        raise InvalidInput(fields={"password": faults[0]})


def _set_password(change: Change, account: Account, password_hash: str) -> None:
    if account.password_hash:
        change.session.add(
            PasswordRecord(account_id=account.id, password_hash=account.password_hash, set_at=change.now)
        )
    account.password_hash = password_hash
    account.password_set_at = change.now
    account.must_change_password = False
    account.failed_sign_ins = 0
    account.locked_until = None
    account.epoch += 1


def begin_second_factor(change: Change) -> str:
    """A new authenticator secret for oneself, not in force until confirmed."""
    account = _get(change.session, change.actor.account_id)
    if account.totp_confirmed_at is not None:
        raise InvalidMove("second_factor.in_force")
    secret = pyotp.random_base32()
    account.totp_secret_sealed = change.tools.vault.seal_field(
        secret, place="accounts.totp_secret", record_id=account.id
    )
    journal.record(change, "account.second_factor_begun", "account", account.id, account.username)
    return secret


def confirm_second_factor(change: Change, code: str) -> list[str]:
    """Put the authenticator in force once it has shown a right code.

    Returns:
        The recovery codes, shown once.

    Raises:
        InvalidInput: the code is not the authenticator's.
    """
    account = _get(change.session, change.actor.account_id)
    step = matching_step(read_secret(change, account), code, change.now)
    if step is None:
        raise InvalidInput(fields={"code": "code.wrong"})
    account.totp_last_step = step
    account.totp_confirmed_at = change.now
    account.epoch += 1
    change.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [passwords.new_code(2) for _ in range(RECOVERY_CODES)]
    for shown in codes:
        change.session.add(RecoveryCode(account_id=account.id, digest=passwords.code_digest(shown)))
    journal.record(change, "account.second_factor_confirmed", "account", account.id, account.username)
    return codes


def reset_second_factor(change: Change, account_id: str, reason: str) -> Account:
    """The security administrator takes away a lost authenticator; its owner sets up a new one at the next sign-in."""
    account = _get(change.session, account_id)
    if account.id == change.actor.account_id:
        raise Refused("same_person")
    account.totp_confirmed_at = None
    account.totp_secret_sealed = None
    account.epoch += 1
    journal.record(change, "account.second_factor_reset", "account", account.id, account.username, reason=reason)
    return account


def set_preferences(change: Change, language: str | None, text_size: str) -> Account:
    """One's own language and size of text."""
    account = _get(change.session, change.actor.account_id)
    account.language = language
    account.text_size = text_size
    journal.record(change, "account.preferences_set", "account", account.id, account.username)
    return account


def _get(session: Session, account_id: str) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("account")
    return account
