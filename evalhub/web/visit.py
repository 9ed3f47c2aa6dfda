"""One request as a view sees it: who, when, in which language, on which open transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Response, render_template, request, session, url_for
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy.orm import Session

from evalhub.config import Settings
from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import Actor
from evalhub.infra.chance import new_id
from evalhub.infra.clock import office_date
from evalhub.services.change import Tools
from evalhub.web.labels import role_label


class Visitor:
    """The actor as templates may know him: his name and the words of his roles."""

    def __init__(self, actor: Actor) -> None:
        self.display_name = actor.display_name
        self.role_labels = [role_label(role) for role in sorted(actor.roles)]


@dataclass
class Visit:
    """What a view receives instead of the request. `session` is open and read-only, or None between two phases."""

    settings: Settings
    tools: Tools
    now: datetime
    path: str
    request_id: str
    identity: Actor | None = None
    open_session: Session | None = None
    record: Any = None
    text_size: str = "standard"
    previous_sign_in_at: datetime | None = None

    @property
    def session(self) -> Session:
        """The read-only session of this phase."""
        if self.open_session is None:
            raise RuntimeError("no transaction is open in this phase")
        return self.open_session

    @property
    def actor(self) -> Actor:
        """Who acts.

        Raises:
            NotFound: nobody has signed in; a page that serves both asks `is_signed_in` first.
        """
        if self.identity is None:
            raise NotFound("account")
        return self.identity

    @property
    def is_signed_in(self) -> bool:
        return self.identity is not None

    @property
    def today(self) -> date:
        return office_date(self.now)

    @property
    def language(self) -> str:
        return "zh" if str(get_locale()).startswith("zh") else "en"

    def render(self, template: str, **values: Any) -> str:
        return render_template(template, **values)

    def download(self, content: Any, name: str, media_type: str) -> Response:
        """A file to keep, never to open in our origin."""
        response = Response(content, mimetype=media_type)
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response


@dataclass
class Page:
    """The visit as templates see it: words and figures, no roles and no open session."""

    actor: Visitor | None
    language: str
    path: str
    text_size: str
    csrf_token: str
    bureau_name: str
    year: int
    is_demo: bool
    now: datetime
    today: date
    previous_sign_in_at: datetime | None


def page_of(visit: Visit) -> Page:
    return Page(
        actor=Visitor(visit.identity) if visit.identity and not visit.identity.pending else None,
        language=visit.language,
        path=visit.path,
        text_size=session.get("text_size") or visit.text_size,
        csrf_token=generate_csrf(),
        bureau_name=visit.settings.bureau_name,
        year=visit.today.year,
        is_demo=visit.settings.is_demo,
        now=visit.now,
        today=visit.today,
        previous_sign_in_at=visit.previous_sign_in_at,
    )


def mutation_fields(version: int | None = None) -> Markup:
    """The hidden fields that every mutating form carries: token, key used once, version of what it edits."""
    fields = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    fields += Markup('<input type="hidden" name="idempotency_key" value="{}">').format(new_id())
    if version is not None:
        fields += Markup('<input type="hidden" name="version" value="{}">').format(version)
    return fields


def static_url(path: str) -> str:
    """Where a static file is fetched; the page with a hundred icons asks for the same one a hundred times."""
    return _static_url(request.script_root, path)


@lru_cache(maxsize=256)
def _static_url(_script_root: str, path: str) -> str:
    return url_for("static", filename=path)
