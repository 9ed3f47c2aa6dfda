"""Commands on allocation files: `evalhub allocate` computes a result, `evalhub verify` judges one."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from evalhub.cli.allocation_words import sentences
from evalhub.domain.allocation import (
    InvalidInstance,
    NothingFound,
    Progress,
    read_instance,
    result_document,
    solve,
    write_result,
)
from evalhub.domain.allocation.verify import Unreadable, verify

FILLED, FAULTY, BAD_INPUT, SHORT, NOTHING = 0, 1, 2, 3, 4


def add_parsers(subparsers: Any) -> None:
    """Add `allocate` and `verify` to a command's subparsers; each sets `run`, which returns the exit status."""
    allocate = subparsers.add_parser("allocate", help="seat evaluators in tasks from an instance file")
    allocate.add_argument("instance", type=Path)
    allocate.add_argument("-o", "--output", type=Path, required=True)
    allocate.add_argument("--time-limit", type=_seconds, metavar="SECONDS")
    allocate.set_defaults(run=run_allocate)
    judge = subparsers.add_parser("verify", help="check a result against its instance")
    judge.add_argument("instance", type=Path)
    judge.add_argument("result", type=Path)
    judge.set_defaults(run=run_verify)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError("seconds must be greater than 0")
    return seconds


def run_allocate(arguments: argparse.Namespace) -> int:
    """Solve an instance file and write the result; the exit status."""
    try:
        problem = read_instance(arguments.instance)
        allocation = solve(problem, time_limit_seconds=arguments.time_limit, on_progress=_progress_bar())
    except (InvalidInstance, OSError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except NothingFound:
        print("nothing found in time", file=sys.stderr)
        return NOTHING
    words = sentences(allocation.shortfalls, _language())
    try:
        write_result(arguments.output, result_document(problem, allocation, words))
    except OSError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return SHORT if allocation.short else FILLED


def run_verify(arguments: argparse.Namespace) -> int:
    """Judge a result file; the exit status."""
    try:
        read_instance(arguments.instance)
        faults, remarks = verify(arguments.instance, arguments.result)
    except (InvalidInstance, Unreadable, OSError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    for line in faults + remarks:
        print(line)
    if not faults:
        print("every rule holds")
    return FAULTY if faults else FILLED


def _language() -> str:
    setting = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if setting.startswith("zh") else "en"


def _progress_bar() -> Any:
    """A reporter that keeps one line on a terminal up to date; None where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def show(progress: Progress) -> None:
        line = f"{progress.phase}  round {progress.turn}  columns {progress.columns}  {progress.seconds:.1f} s"
        print(f"\r{line:<100}", end="", file=sys.stderr, flush=True)

    return show


def main(arguments: list[str] | None = None) -> int:
    """The two commands by themselves: `python -m evalhub.cli.allocation allocate ...`."""
    parser = argparse.ArgumentParser(prog="evalhub")
    add_parsers(parser.add_subparsers(required=True))
    parsed = parser.parse_args(arguments)
    return parsed.run(parsed)


if __name__ == "__main__":
    sys.exit(main())
