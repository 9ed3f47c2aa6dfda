"""The only place where the parts meet: settings, database, keys, files, queue and the web become one application."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, g, request, session
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from werkzeug.middleware.proxy_fix import ProxyFix

from evalhub.config import Settings, UnsafeSettings, read_settings
from evalhub.domain.permissions import refusal
from evalhub.infra import clock
from evalhub.infra.crypto import Vault
from evalhub.infra.engine import Database, engine_options, install_rules, open_engine
from evalhub.infra.queue import Queue, open_queue
from evalhub.infra.secrets import Secrets, load_secrets
from evalhub.infra.share import share
from evalhub.infra.storage import local_storage
from evalhub.models.access import AccessBase
from evalhub.models.base import Base
from evalhub.services.change import Tools
from evalhub.services.marks import refuse_foreign_database
from evalhub.web import allocation_words, conflict_words, drawings, filters, links, plan_words, translating
from evalhub.web.counts import counts_for
from evalhub.web.errors import register_errors
from evalhub.web.identity import SignedIn
from evalhub.web.navigation import navigation_for
from evalhub.web.routes import SECTIONS
from evalhub.web.section import Section, begin_visit
from evalhub.web.visit import mutation_fields, page_of, static_url

log = logging.getLogger(__name__)
PACKAGE = Path(__file__).resolve().parent
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; worker-src 'self'"
)


@dataclass
class House:
    """What one process has open; the same for the web, the worker and the commands."""

    settings: Settings
    database: Database
    access: Database
    tools: Tools
    secrets: Secrets

    def now(self) -> datetime:
        return clock.now()

    @cached_property
    def queue(self) -> Queue:
        """The bell of background work, opened when it is first rung or listened to."""
        return open_queue(self.settings.database_url, self.settings.queue_path, self.secrets.journal)

    def wake(self, job_ids: list[str]) -> None:
        """Tell the worker of committed jobs; one it does not hear of is found by its sweeper two seconds later."""
        try:
            for job_id in job_ids:
                self.queue.enqueue(job_id)
        except Exception:
            log.exception("the queue is not to be reached; the jobs wait for the sweeper")

    def close(self) -> None:
        """Close the databases and the queue, where it was opened."""
        if "queue" in self.__dict__:
            self.queue.close()
        self.database.engine.dispose()
        self.access.engine.dispose()


def open_house(settings: Settings, database: Database | None = None) -> House:
    """Open keys, files and databases.

    Raises:
        UnsafeSettings: the database is a demonstration and the settings are not, or the other way round.
        UnsafeSecrets: a key is missing, default or readable by others.
    """
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets = load_secrets(settings.secrets_folder, create=not settings.is_production, strict=settings.is_production)
    database = database or Database(open_engine(settings.database_url))
    access_database = Database(open_engine(settings.access_url))
    AccessBase.metadata.create_all(access_database.engine)
    refuse_foreign_database(database, settings)
    tools = Tools(Vault(secrets), local_storage(settings.files_folder))
    return House(settings, database, access_database, tools, secrets)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application.

    Raises:
        UnsafeSettings: it must not be started as it is configured; the message says why.
    """
    settings = settings or read_settings()
    app = Flask(
        "evalhub",
        root_path=str(PACKAGE),
        template_folder=str(share("templates")),
        static_folder=str(share("static")),
    )
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=settings.upload_limit_bytes + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME="__Host-evalhub" if settings.is_production else "evalhub",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(PACKAGE / "translations"),
        BABEL_DEFAULT_LOCALE="en",
        TESTING=settings.mode == "test",
        TEMPLATES_AUTO_RELOAD=False,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    database = SQLAlchemy(metadata=Base.metadata)
    database.init_app(app)
    with app.app_context():
        house = open_house(settings, Database(install_rules(database.engine)))
    app.secret_key = house.secrets.session
    app.config["SECRET_KEY_FALLBACKS"] = list(house.secrets.session_fallbacks)
    app.extensions["evalhub"] = house
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    Babel(app, locale_selector=_choose_locale)
    login = LoginManager(app)
    login.session_protection = None
    login.user_loader(SignedIn.read)
    for section in SECTIONS:
        app.register_blueprint(section)
    register_errors(app)
    _teach_templates(app)
    app.after_request(_set_headers)
    refuse_gaps(app)
    return app


def _choose_locale() -> str:
    """The reader's own choice, else his browser's, else Chinese."""
    chosen = session.get("language")
    if chosen in ("zh", "en"):
        return "zh_Hans_CN" if chosen == "zh" else "en"
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "en", "en-US", "en-GB"], "zh")
    return "en" if best.startswith("en") else "zh_Hans_CN"


def _teach_templates(app: Flask) -> None:
    """The names that every template knows."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    filters.register(app)
    links.register(app)
    drawings.register(app)
    translating.register(app)
    plan_words.register(app)
    conflict_words.register(app)
    allocation_words.register(app)
    app.jinja_env.globals.update(mutation_fields=mutation_fields, static_url=static_url)

    @app.context_processor
    def page_values() -> dict[str, Any]:
        visit = begin_visit()
        identity = visit.identity

        def can(permission: str, record: Any = None) -> bool:
            return refusal(identity, permission, record) is None

        return {
            "visit": page_of(visit),
            "navigation": navigation_for(identity),
            "counts": counts_for(visit),
            "can": can,
        }


def _set_headers(response: Any) -> Any:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if "visit" in g and g.visit.settings.is_production:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def refuse_gaps(app: Flask) -> None:
    """Every endpoint but the static files belongs to a section that states its permission.

    Raises:
        UnsafeSettings: an endpoint has no policy.
    """
    known = {
        f"{name}.{endpoint}"
        for name, section in app.blueprints.items()
        if isinstance(section, Section)
        for endpoint in section.policies
    }
    gaps = {rule.endpoint for rule in app.url_map.iter_rules()} - known - {"static"}
    if gaps:
        raise UnsafeSettings(f"These endpoints state no permission: {', '.join(sorted(gaps))}.")
