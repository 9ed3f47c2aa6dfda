"""Setting the house up and running it: `init`, `upgrade`, `serve`, `work`."""

import argparse
import logging
import signal
import sys
import threading
from typing import Any

from evalhub.config import Settings, read_settings
from evalhub.infra.migrations import upgrade
from evalhub.infra.secrets import create_secrets

PRODUCTION_PORT = 8000


def add_parsers(subparsers: Any) -> None:
    init = subparsers.add_parser("init", help="prepare an empty production database and its three administrators")
    init.set_defaults(run=run_init)
    migrate = subparsers.add_parser("upgrade", help="bring the database to the present schema")
    migrate.set_defaults(run=run_upgrade)
    serve = subparsers.add_parser("serve", help="run the web application")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=PRODUCTION_PORT)
    serve.set_defaults(run=run_serve)
    work = subparsers.add_parser("work", help="run background work: allocation, seals, mail, deadlines")
    work.set_defaults(run=run_work)


def run_init(_options: argparse.Namespace) -> int:
    """Make keys, schema and the three administrators; print each one-time password once."""
    from evalhub.app import open_house  # the application is not loaded before the keys exist
    from evalhub.services.founding import found_house

    settings = read_settings()
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.secrets_folder.exists():
        create_secrets(settings.secrets_folder)
    upgrade(settings.database_url)
    for founded in found_house(open_house(settings)):
        print(f"{founded.username}\t{founded.role}\t{founded.one_time_password}")
    return 0


def run_upgrade(_options: argparse.Namespace) -> int:
    upgrade(read_settings().database_url)
    return 0


def run_serve(options: argparse.Namespace) -> int:
    """Serve with waitress until interrupted."""
    import waitress

    from evalhub.app import create_app

    settings = read_settings()
    _log_to_stderr()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: answers under way are finished first
    waitress.serve(
        create_app(settings),
        host=options.host,
        port=options.port,
        threads=settings.web_threads,
        max_request_body_size=settings.upload_limit_bytes + 4 * 1024 * 1024,
        ident=None,
        trusted_proxy="127.0.0.1" if settings.proxy_count else None,
        clear_untrusted_proxy_headers=True,
    )
    return 0


def run_work(_options: argparse.Namespace) -> int:
    """Run background work until interrupted."""
    from evalhub.app import open_house
    from evalhub.work.worker import start_worker

    settings: Settings = read_settings()
    _log_to_stderr()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    finish = start_worker(open_house(settings), stop)
    stop.wait()
    finish()
    return 0


def _log_to_stderr() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
