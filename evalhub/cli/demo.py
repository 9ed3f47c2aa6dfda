"""`evalhub demo`: the invented district in a database of its own, and what to open first."""

import argparse
import shutil
import sys
from datetime import UTC, datetime
from typing import Any

from evalhub.config import Settings, UnsafeSettings, read_settings
from evalhub.infra.clock import office_date
from evalhub.infra.migrations import upgrade

DEFAULT_STAGE = "scoring"
FIRST_LINKS = (
    ("work centre", "/"),
    ("experts", "/experts"),
    ("projects", "/projects"),
    ("rounds", "/rounds"),
    ("results", "/results"),
)
ACCOUNTS = (
    ("wang.jb", "officer 经办"),
    ("li.sd", "approver 审批"),
    ("zhao.jd", "supervisor 监督"),
    ("zj010", "expert 专家"),
    ("hx.agency", "agency clerk 机构经办"),
    ("hx.lead", "lead evaluator 主评人"),
    ("dept.104", "department 预算部门"),
    ("sysadmin", "system administrator 系统管理员"),
    ("secadmin", "security administrator 安全管理员"),
    ("auditadmin", "audit administrator 审计管理员"),
)


def add_parsers(subparsers: Any) -> None:
    demo = subparsers.add_parser("demo", help="fill a database with the invented district")
    demo.add_argument(
        "--stage",
        choices=("plan", "allocated", "scoring", "results"),
        help="how far its round has come; without, scoring",
    )
    demo.add_argument("--seed", default="2026")
    demo.add_argument("--reset", action="store_true", help="throw an earlier demonstration away first")
    demo.add_argument("--print", action="store_true", dest="print_only", help="only print accounts and links")
    demo.add_argument("--port", type=int, default=8000, help="port in the printed links")
    demo.set_defaults(run=run_demo)


def run_demo(options: argparse.Namespace) -> int:
    """Build the district unless it stands, then print accounts and links.

    Raises:
        UnsafeSettings: not in demo mode, or the database holds real data.
    """
    from evalhub.app import open_house  # loads the application only when it is needed
    from evalhub.demo.district import PASSWORD, build_district
    from evalhub.services.marks import read_purpose

    settings = read_settings()
    if not settings.is_demo:
        raise UnsafeSettings("The demonstration is built with EVALHUB_MODE=demo only.")
    if not options.print_only:
        if options.reset:
            _throw_away(settings)
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        upgrade(settings.database_url)
        house = open_house(settings)
        if read_purpose(house.database) is None:
            build_district(house, options.stage or DEFAULT_STAGE, office_date(datetime.now(UTC)), options.seed)
        elif options.stage:
            print("The demonstration stands already and stays as it is; --reset builds it anew.", file=sys.stderr)
    _print_guide(options.port, PASSWORD)
    return 0


def _throw_away(settings: Settings) -> None:
    """Remove an earlier demonstration; never a database that is marked otherwise."""
    from evalhub.infra.engine import Database, open_engine
    from evalhub.services.marks import read_purpose

    path = settings.instance / "evalhub.sqlite"
    if not path.exists():
        return
    engine = open_engine(settings.database_url)
    purpose = read_purpose(Database(engine))
    engine.dispose()
    if purpose not in ("demo", None):
        raise UnsafeSettings("This database holds real data. It is not thrown away.")
    for leftover in settings.instance.glob("*.sqlite*"):
        leftover.unlink()
    shutil.rmtree(settings.files_folder, ignore_errors=True)


def _print_guide(port: int, password: str) -> None:
    print(f"\nAccounts (password {password}):")
    for username, role in ACCOUNTS:
        print(f"  {username:<12} {role}")
    print("\nOpen first:")
    for label, path in FIRST_LINKS:
        print(f"  {label:<12} http://127.0.0.1:{port}{path}")
