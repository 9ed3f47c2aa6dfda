"""Who a request comes from: the signed-in session, its time limits, its token. The one place that reads the cookie."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import abort, redirect, request, session, url_for
from flask_login import UserMixin, login_user, logout_user
from flask_wtf.csrf import validate_csrf
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from evalhub.domain.permissions import Actor
from evalhub.infra import clock
from evalhub.infra.chance import new_id
from evalhub.models.accounts import Account
from evalhub.queries.accounts import actor_of
from evalhub.web.visit import Visit

PENDING_ENDPOINTS = {"password": "account.password_page", "totp_setup": "account.second_factor_page"}
SEEN_EVERY_SECONDS = 60


class SignedIn(UserMixin):
    """What Flask-Login keeps of an account: its id bound to the epoch in which it signed in."""

    def __init__(self, account_id: str, epoch: int) -> None:
        self.account_id = account_id
        self.epoch = epoch

    def get_id(self) -> str:
        return f"{self.account_id}:{self.epoch}"

    @classmethod
    def read(cls, text: str) -> "SignedIn | None":
        account_id, _, epoch = text.rpartition(":")
        return cls(account_id, int(epoch)) if account_id and epoch.isdigit() else None


def new_visit(house: Any) -> Visit:
    return Visit(settings=house.settings, tools=house.tools, now=clock.now(), path=request.path, request_id=new_id())


def identify(visit: Visit, session_: Session) -> None:
    """Set who the visit is from, as the database has it now; an ended session leaves nobody."""
    visit.identity = None
    signed = SignedIn.read(session.get("_user_id", ""))
    if signed is None or _has_ended(visit):
        return
    account = session_.get(Account, signed.account_id, options=[joinedload(Account.roles)])
    if account is None or account.epoch != signed.epoch or account.state != "active":
        return
    if account.is_demo and not is_loopback(request.remote_addr):
        return
    visit.identity = actor_of(session_, account, visit.now)
    visit.text_size = account.text_size
    visit.previous_sign_in_at = account.previous_sign_in_at


def _has_ended(visit: Visit) -> bool:
    """Idle too long, or signed in too long ago; otherwise the session is noted as seen, once a minute."""
    began, seen = session.get("began", 0), session.get("seen", 0)
    moment = visit.now.timestamp()
    if moment - seen > visit.settings.idle_minutes * 60 or moment - began > visit.settings.session_hours * 3600:
        session.clear()
        return True
    if moment - seen > SEEN_EVERY_SECONDS:
        session["seen"] = int(moment)
    return False


def is_loopback(address: str | None) -> bool:
    return address in ("127.0.0.1", "::1")


def begin_session(account_id: str, epoch: int, now: datetime) -> None:
    """A new session with nothing carried over from before signing in."""
    language = session.get("language")
    session.clear()
    login_user(SignedIn(account_id, epoch))
    session["began"] = session["seen"] = int(now.timestamp())
    if language:
        session["language"] = language


def end_session() -> None:
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language


def session_ends_at(visit: Visit) -> datetime:
    return datetime.fromtimestamp(session.get("seen", 0), UTC) + timedelta(minutes=visit.settings.idle_minutes)


def check_token() -> None:
    """The form was made by us for this session; otherwise 400 before the body is looked at further."""
    try:
        validate_csrf(request.headers.get("X-CSRF-Token") or request.form.get("csrf_token"))
    except ValidationError:
        abort(400, "csrf")


def to_sign_in() -> Response:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.form", next=target), 303)


def to_pending_step(actor: Actor) -> Response:
    return redirect(url_for(PENDING_ENDPOINTS[actor.pending or "password"]), 303)
