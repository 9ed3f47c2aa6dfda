"""Typed settings from the environment. Production starts only where it is safe: no secret has a default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MODES = ("production", "demo", "test")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class UnsafeSettings(RuntimeError):
    """The settings would start an application that must not be started; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """All that varies between two installations. Times in the unit of their name."""

    mode: str
    instance: Path
    database_url: str
    access_url: str
    trusted_hosts: tuple[str, ...]
    bureau_name: str
    anchors_path: Path
    proxy_count: int = 0
    idle_minutes: int = 30
    session_hours: int = 8
    upload_limit_bytes: int = 200 * 1024 * 1024
    smtp_url: str | None = None
    mail_from: str = "evalhub@localhost"
    web_threads: int = 16

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"

    @property
    def secrets_folder(self) -> Path:
        return self.instance / "secrets"

    @property
    def files_folder(self) -> Path:
        return self.instance / "files"

    @property
    def outbox_folder(self) -> Path:
        return self.instance / "outbox"

    @property
    def queue_path(self) -> Path:
        return self.instance / "queue.sqlite"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `EVALHUB_*` variables.

    Raises:
        UnsafeSettings: a variable is missing or would make production unsafe.
    """
    given = os.environ if environment is None else environment
    mode = given.get("EVALHUB_MODE", "production")
    if mode not in MODES:
        raise UnsafeSettings(f"EVALHUB_MODE is '{mode}'; it must be one of {', '.join(MODES)}.")
    instance = Path(given.get("EVALHUB_INSTANCE", "instance")).resolve()
    database_url = given.get("EVALHUB_DATABASE_URL", f"sqlite:///{instance / 'evalhub.sqlite'}")
    settings = Settings(
        mode=mode,
        instance=instance,
        database_url=_with_driver(database_url),
        access_url=_access_url(database_url),
        trusted_hosts=_hosts(given, mode),
        bureau_name=given.get("EVALHUB_BUREAU", ""),
        anchors_path=Path(given.get("EVALHUB_ANCHORS", instance / "anchors.jsonl")).resolve(),
        proxy_count=int(given.get("EVALHUB_PROXIES", "0")),
        smtp_url=given.get("EVALHUB_SMTP_URL"),
        mail_from=given.get("EVALHUB_MAIL_FROM", "evalhub@localhost"),
    )
    _refuse_unsafe(settings, given)
    return settings


def _with_driver(url: str) -> str:
    """The address with the driver that the requirements install."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _access_url(url: str) -> str:
    """The access log has a file of its own on SQLite, and a connection of its own on PostgreSQL."""
    return url.replace(".sqlite", ".access.sqlite") if url.startswith("sqlite") else _with_driver(url)


def _hosts(given: Mapping[str, str], mode: str) -> tuple[str, ...]:
    named = tuple(host for host in given.get("EVALHUB_HOSTS", "").split(",") if host)
    return named or (LOOPBACK if mode != "production" else ())


def _refuse_unsafe(settings: Settings, given: Mapping[str, str]) -> None:
    if not settings.is_production:
        return
    if not settings.trusted_hosts:
        raise UnsafeSettings("EVALHUB_HOSTS is empty: name the host names under which this site is reached.")
    if given.get("FLASK_DEBUG", "0") not in ("", "0") or given.get("EVALHUB_DEBUG", "0") not in ("", "0"):
        raise UnsafeSettings("Debug is on: production does not start with FLASK_DEBUG or EVALHUB_DEBUG set.")
    if not settings.bureau_name:
        raise UnsafeSettings("EVALHUB_BUREAU is empty: name the bureau whose site this is.")
