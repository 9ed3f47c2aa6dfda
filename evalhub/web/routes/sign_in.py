"""Signing in, in one step or two, and out again; choosing the language and the size of the text."""

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from evalhub.domain.permissions import PUBLIC, SIGNED_IN
from evalhub.infra import passwords
from evalhub.infra.clock import office_time
from evalhub.services import journal
from evalhub.services import sign_in as service
from evalhub.services.change import Change
from evalhub.web import identity
from evalhub.web.forms.sign_in import SecondFactorForm, SignInForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("sign_in", __name__)
HALF_OPEN_SECONDS = 300


@section.page("/sign-in", permission=PUBLIC)
def form(visit: Visit, form: SignInForm | None = None) -> Any:
    if visit.is_signed_in:
        return redirect(url_for("work_centre.index"), 303)
    shown = form or SignInForm(data={"username": session.pop("typed_username", "")})
    return visit.render(
        "sign_in/form.html",
        form=shown,
        target=safe_target(request.values.get("next")),
        refusal=session.pop("sign_in_refusal", None),
    )


def _check_password(visit: Visit, form: SignInForm) -> tuple[service.Candidate, bool]:
    house = current_app.extensions["evalhub"]
    with house.database.read() as session_:
        candidate = service.find_candidate(session_, form.username.data)
    return candidate, passwords.matches(candidate.password_hash, form.password.data)


@section.action("/sign-in", permission=PUBLIC, form=SignInForm, page=form, receive=_check_password, is_once=False)
def sign_in(change: Change, form: SignInForm, received: tuple[service.Candidate, bool]) -> SeeOther:
    candidate, fits = received
    outcome = service.sign_in(change, candidate, fits)
    target = safe_target(request.form.get("next"))
    if outcome.kind == "totp":
        return SeeOther("sign_in.second_factor_page", after_commit=partial(_half_open, change, outcome), next=target)
    return _answer(change, outcome, target, form.username.data)


@section.page("/sign-in/second-factor", permission=PUBLIC)
def second_factor_page(visit: Visit, form: SecondFactorForm | None = None) -> Any:
    if not _half_open_account(visit.now.timestamp()):
        return redirect(url_for("sign_in.form"), 303)
    return visit.render(
        "sign_in/second_factor.html",
        form=form or SecondFactorForm(),
        target=safe_target(request.values.get("next")),
        refusal=session.pop("sign_in_refusal", None),
    )


@section.action(
    "/sign-in/second-factor", permission=PUBLIC, form=SecondFactorForm, page=second_factor_page, is_once=False
)
def second_factor(change: Change, form: SecondFactorForm) -> SeeOther:
    account_id = _half_open_account(change.now.timestamp())
    target = safe_target(request.form.get("next"))
    if account_id is None:
        journal.record(change, "session.refused", "account", "unknown", "unknown", reason="second_factor_late")
        return SeeOther("sign_in.form", _("That took too long. Sign in again."), next=target)
    outcome = service.confirm_second_factor(change, account_id, form.code.data)
    return _answer(change, outcome, target, "", again="sign_in.second_factor_page")


@section.action("/sign-out", permission=SIGNED_IN, is_once=False, while_pending=True)
def sign_out(change: Change, form: Any) -> SeeOther:
    journal.record(change, "session.closed", "account", change.actor.account_id, change.actor.display_name)
    return SeeOther("sign_in.form", _("You are signed out."), after_commit=identity.end_session)


@section.page("/language/<code>", permission=PUBLIC)
def language(visit: Visit, code: str) -> Any:
    if code in ("zh", "en"):
        session["language"] = code
    return redirect(safe_target(request.args.get("next")) or url_for("sign_in.form"), 303)


@section.page("/text-size/<size>", permission=PUBLIC)
def text_size(visit: Visit, size: str) -> Any:
    if size in ("standard", "large", "huge"):
        session["text_size"] = size
    return redirect(safe_target(request.args.get("next")) or url_for("sign_in.form"), 303)


def _answer(
    change: Change, outcome: service.Outcome, target: str | None, typed: str, again: str = "sign_in.form"
) -> SeeOther:
    if outcome.kind == "in":
        begin = partial(identity.begin_session, outcome.account_id or "", outcome.epoch, change.now)
        if target:
            return SeeOther("sign_in.onward", after_commit=begin, next=target)
        return SeeOther("work_centre.index", after_commit=begin)
    return SeeOther(again, after_commit=partial(_note_refusal, _words(outcome), typed), next=target)


@section.page("/onward", permission=SIGNED_IN, while_pending=True)
def onward(visit: Visit) -> Any:
    return redirect(safe_target(request.args.get("next")) or url_for("work_centre.index"), 303)


def _words(outcome: service.Outcome) -> str:
    if outcome.kind == "locked" and outcome.locked_until is not None:
        until = office_time(outcome.locked_until).strftime("%H:%M")
        return _("This account is locked until %(until)s.", until=until)
    return ngettext(
        "Wrong account or password. One more mistake locks it for 15 minutes.",
        "Wrong account or password. %(num)s more mistakes lock it for 15 minutes.",
        outcome.tries_left,
    )


def _note_refusal(words: str, typed: str) -> None:
    session["sign_in_refusal"] = words
    session["typed_username"] = typed


def _half_open(change: Change, outcome: service.Outcome) -> None:
    session["half_open"] = [outcome.account_id, int(change.now.timestamp())]


def _half_open_account(moment: float) -> str | None:
    account_id, began = session.get("half_open", (None, 0))
    return account_id if moment - began <= HALF_OPEN_SECONDS else None


def safe_target(target: str | None) -> str | None:
    """A path of this site to go on to, or None: never another host."""
    parts = urlsplit(target or "")
    if not target or parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    return target
