"""The `evalhub` command: one parser, one module a subject. Refusals are sentences on standard error, exit status 2."""

import argparse
import sys
from collections.abc import Sequence

from evalhub.cli import allocation, backup, demo, house, scoring
from evalhub.config import UnsafeSettings
from evalhub.infra.backup_folder import BackupFault
from evalhub.infra.engine import UnsafeDatabaseLibrary
from evalhub.infra.secrets import UnsafeSecrets

SUBJECTS = (house, backup, demo, allocation, scoring)
BAD_INPUT = 2


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="evalhub", description="Budget-performance evaluation for a finance bureau.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for subject in SUBJECTS:
        subject.add_parsers(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    options = build_parser().parse_args(argv)
    try:
        return options.run(options)
    except (UnsafeSettings, UnsafeSecrets, UnsafeDatabaseLibrary, BackupFault) as refusal:
        print(refusal, file=sys.stderr)
        return BAD_INPUT
