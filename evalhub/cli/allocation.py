"""Commands on allocation files: `evalhub allocate` computes a result, `evalhub verify` judges one."""

import argparse
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

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

MICRO, WIDTH = 1_000_000, 110
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
    """Solve an instance file and write the result; the exit status. Ctrl-C keeps the best found as `bounded`."""
    try:
        problem = read_instance(arguments.instance)
        with _stop_on_interrupt() as stop:
            allocation = solve(
                problem,
                time_limit_seconds=arguments.time_limit,
                should_stop=stop.is_set,
                on_progress=progress_line(sys.stderr),
            )
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


@contextlib.contextmanager
def _stop_on_interrupt() -> Iterator[threading.Event]:
    """The first Ctrl-C asks the run to end with what it has; a second one ends the command."""
    stop = threading.Event()

    def ask(_signal: int, _frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


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


def progress_line(stream: TextIO) -> Callable[[Progress], None] | None:
    """A reporter that keeps one line of a terminal up to date; None where nobody watches."""
    if not stream.isatty():
        return None

    def show(progress: Progress) -> None:
        parts = [progress.phase]
        if progress.turn:
            parts.append(f"round {progress.turn}")
        if progress.columns:
            parts.append(f"{progress.columns:,} columns")
        if progress.bound is not None:
            parts.append(f"bound {progress.bound / MICRO:,.6f}")
        if progress.best is not None and progress.bound is not None:
            gap = (progress.bound - progress.best) / max(MICRO, abs(progress.bound))
            parts.append(f"best {progress.best / MICRO:,.6f}  gap {gap:.2e}")
        line = "  ".join([*parts, f"{progress.seconds:.1f} s"])
        stream.write(f"\r{line[:WIDTH]:<{WIDTH}}")
        stream.flush()

    return show


def main(arguments: list[str] | None = None) -> int:
    """The two commands by themselves: `python -m evalhub.cli.allocation allocate ...`."""
    parser = argparse.ArgumentParser(prog="evalhub")
    add_parsers(parser.add_subparsers(required=True))
    parsed = parser.parse_args(arguments)
    return parsed.run(parsed)


if __name__ == "__main__":
    sys.exit(main())
