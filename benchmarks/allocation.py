"""The allocation engine against naive PuLP, HiGHS on arrays, OR-tools and its own loop without PuLP."""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks._allocation_measures import measure

SIZES = ("real", "district", "county", "city", "province", "nation")
REAL = ("preflib1", "sigir_query", "aamas2016", "midl")
ROWS: dict[str, list[tuple[str, bool, float]]] = {
    "district": [("engine", True, 1.5), ("fair", True, 1.5), ("explain", True, 1.5)],
    "county": [("engine", True, 1.5), ("HiGHS full model", True, 1.5)],
    "city": [
        ("engine", False, 1.5), ("same loop on highspy", False, 1.5), ("OR-tools flow", False, 1.5),
        ("HiGHS arrays", False, 1.5), ("naive PuLP", False, 1.5), ("engine", True, 1.5), ("engine", True, 1.05),
    ],
    "province": [
        ("engine", False, 1.5), ("same loop on highspy", False, 1.5), ("OR-tools flow", False, 1.5),
        ("engine", True, 1.5), ("engine", True, 1.05), ("repair", True, 1.5),
    ],
    "nation": [("engine", True, 1.5)],
}  # fmt: skip
SHOWN = (
    "seconds",
    "cpu",
    "megabytes",
    "gap_seconds",
    "first_gap",
    "status",
    "total",
    "gap",
    "worst",
    "worst_bound",
    "empty",
)


def main(argv: list[str]) -> int:
    """Print the table; each figure is the median of `--runs` processes."""
    parser = argparse.ArgumentParser(prog="allocation")
    parser.add_argument("--size", action="append", choices=SIZES, help="repeatable; by default all but the nation")
    parser.add_argument("--data", type=Path, help="folder of the real files (.npz), for --size real")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", help="the one measurement of this name")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.one:
        what, size, quotas, capacity = json.loads(options.one)
        print(json.dumps(measure(what, size, quotas, capacity, options.data)))
        return 0
    print("instance | what | " + " | ".join(SHOWN))
    for size in options.size or [size for size in SIZES if size != "nation"]:
        for what, name, quotas, capacity in _rows(size):
            if options.only in (None, what):
                _print_row(what, name, quotas, capacity, options)
    return 0


def _rows(size: str) -> list[tuple[str, str, bool, float]]:
    if size == "real":
        rows = [("engine", name, False, 1.0) for name in REAL]
        return [
            *rows,
            ("draw", "aamas2016", False, 1.0),
            ("fair", "aamas2016", False, 1.0),
            ("fair", "midl", False, 1.0),
        ]
    return [(what, size, quotas, capacity) for what, quotas, capacity in ROWS[size]]


def _print_row(what: str, name: str, quotas: bool, capacity: float, options: argparse.Namespace) -> None:
    if name in REAL and options.data is None:
        print(f"{name} | {what} | skipped: give --data")
        return
    runs = [_run(what, name, quotas, capacity, options.data if name in REAL else None) for _ in range(options.runs)]
    title = name if name in REAL else f"{name}{' with quotas' if quotas else ''} {capacity}x"
    if None in runs:
        print(f"{title} | {what} | failed")
        return
    print(
        f"{title} | {what} | " + " | ".join(_shown([run.get(column) for run in runs]) for column in SHOWN), flush=True
    )


def _run(what: str, name: str, quotas: bool, capacity: float, data: Path | None) -> Any:
    command = [sys.executable, "-m", "benchmarks", "allocation", "--one", json.dumps([what, name, quotas, capacity])]
    if data is not None:
        command += ["--data", str(data)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        print(ran.stderr[-500:], file=sys.stderr)
        return None
    return json.loads(ran.stdout.splitlines()[-1])


def _shown(values: list[Any]) -> str:
    if all(isinstance(value, int | float) for value in values):
        middle = statistics.median(values)
        return f"{middle:.2e}" if 0 < abs(middle) < 1e-3 else f"{middle:,.6f}".rstrip("0").rstrip(".")
    return "" if values[0] is None else str(values[0])
