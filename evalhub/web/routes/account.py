"""One's own account: password, second factor, preferences; and taking an account with an activation code."""

from typing import Any

import pyotp
import segno
from flask import current_app, session
from flask_babel import gettext as _
from markupsafe import Markup

from evalhub.domain.permissions import PUBLIC, SIGNED_IN
from evalhub.infra import passwords
from evalhub.models.accounts import Account
from evalhub.services import accounts as service
from evalhub.services.change import Change
from evalhub.web import identity
from evalhub.web.forms.accounts import ActivationForm, CodeForm, PasswordForm, PreferencesForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("account", __name__)


@section.page("/account", permission=SIGNED_IN)
def show(visit: Visit, form: PreferencesForm | None = None) -> Any:
    account = visit.session.get_one(Account, visit.actor.account_id)
    chosen = form or PreferencesForm(data={"language": account.language or "", "text_size": account.text_size})
    return visit.render(
        "account/show.html",
        form=chosen,
        username=account.username,
        last_sign_in_at=account.previous_sign_in_at,
        password_set_at=account.password_set_at,
        has_second_factor=account.totp_confirmed_at is not None,
    )


@section.action("/account", permission=SIGNED_IN, form=PreferencesForm, page=show)
def set_preferences(change: Change, form: PreferencesForm) -> SeeOther:
    service.set_preferences(change, form.language.data or None, form.text_size.data)
    return SeeOther("account.show", _("Saved."), after_commit=lambda: _keep_language(form.language.data))


def _keep_language(language: str) -> None:
    if language:
        session["language"] = language
    else:
        session.pop("language", None)


@section.page("/account/password", permission=SIGNED_IN, while_pending=True)
def password_page(visit: Visit, form: PasswordForm | None = None) -> Any:
    return visit.render(
        "account/password.html", form=form or PasswordForm(), is_forced=visit.actor.pending == "password"
    )


def _check_passwords(visit: Visit, form: PasswordForm) -> dict[str, Any]:
    """Hash and compare with no transaction open; argon2 takes its time."""
    with current_app.extensions["evalhub"].database.read() as session_:
        present, *earlier = service.used_hashes(session_, visit.actor.account_id)
    return {
        "password_hash": passwords.hash_password(form.password.data),
        "fits_present": passwords.matches(present, form.present.data),
        "was_used": any(passwords.matches(used, form.password.data) for used in (present, *earlier)),
    }


@section.action(
    "/account/password", permission=SIGNED_IN, form=PasswordForm, page=password_page, receive=_check_passwords,
    while_pending=True,
)  # fmt: skip
def change_password(change: Change, form: PasswordForm, received: dict[str, Any]) -> SeeOther:
    account = service.change_password(change, form.password.data, **received)
    change.session.flush()
    return SeeOther(
        "work_centre.index",
        _("The password is changed. Other sessions of this account have ended."),
        after_commit=lambda: identity.begin_session(account.id, account.epoch, change.now),
    )


@section.page("/account/second-factor", permission=SIGNED_IN, while_pending=True)
def second_factor_page(visit: Visit, form: CodeForm | None = None) -> Any:
    secret = session.get("totp_secret")
    account = visit.session.get_one(Account, visit.actor.account_id)
    picture = None
    if secret and account.totp_confirmed_at is None:
        address = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name="evalhub")
        picture = Markup(segno.make(address, error="m").svg_inline(scale=4, border=2))  # noqa: S704 - made here
    return visit.render(
        "account/second_factor.html",
        form=form or CodeForm(),
        secret=secret,
        picture=picture,
        is_confirmed=account.totp_confirmed_at is not None,
        is_forced=visit.actor.pending == "totp_setup",
    )


@section.action("/account/second-factor", permission=SIGNED_IN, while_pending=True)
def begin_second_factor(change: Change, form: Any) -> SeeOther:
    secret = service.begin_second_factor(change)
    return SeeOther("account.second_factor_page", after_commit=lambda: session.update(totp_secret=secret))


@section.action(
    "/account/second-factor/confirm", permission=SIGNED_IN, form=CodeForm, page=second_factor_page, while_pending=True
)
def confirm_second_factor(change: Change, form: CodeForm) -> SeeOther:
    codes = service.confirm_second_factor(change, form.code.data)
    account = change.session.get_one(Account, change.actor.account_id)
    change.session.flush()

    def begin() -> None:
        identity.begin_session(account.id, account.epoch, change.now)
        session["recovery_codes"] = codes

    return SeeOther("account.recovery_codes", after_commit=begin)


@section.page("/account/recovery-codes", permission=SIGNED_IN)
def recovery_codes(visit: Visit) -> Any:
    return visit.render("account/recovery_codes.html", codes=session.pop("recovery_codes", []))


@section.page("/activate", permission=PUBLIC)
def activation_page(visit: Visit, form: ActivationForm | None = None) -> Any:
    return visit.render("account/activate.html", form=form or ActivationForm())


@section.action(
    "/activate", permission=PUBLIC, form=ActivationForm, page=activation_page,
    receive=lambda visit, form: passwords.hash_password(form.password.data),
)  # fmt: skip
def activate(change: Change, form: ActivationForm, received: str) -> SeeOther:
    account = service.activate(change, form.code.data, form.password.data, received)
    return SeeOther(
        "sign_in.form", _("The account %(name)s is yours. Sign in with your new password.", name=account.username)
    )
