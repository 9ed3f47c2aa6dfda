"""`evalhub aggregate SHEETS.json -o RESULT.json`: the totals of one task or of a round, from a file to a file."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from evalhub.cli.scoring_words import Sentences
from evalhub.domain.document import FaultyDocument, printed_json
from evalhub.domain.scoring.aggregate import aggregate_task
from evalhub.domain.scoring.exchange import read_scoring
from evalhub.domain.scoring.exchange_result import result_document, round_result_document
from evalhub.domain.scoring.panel import Panel
from evalhub.domain.scoring.round import aggregate_round

DONE = 0
BAD_INPUT = 2


def add_parsers(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `aggregate`; the parsed arguments carry `run`, a function of them that returns the exit status."""
    parser = subparsers.add_parser("aggregate", help="compute the totals of score sheets in a file (a task or a round)")
    parser.add_argument("sheets", metavar="SHEETS.json", type=Path)
    parser.add_argument("-o", "--output", metavar="RESULT.json", type=Path, required=True)
    parser.add_argument("--language", choices=("en", "zh"), default=None, help="of the sentences in the result")
    parser.set_defaults(run=run_aggregate)


def run_aggregate(arguments: argparse.Namespace) -> int:
    """Exit status 0, or 2 with the fault on one line of stderr and nothing written."""
    words = Sentences(arguments.language or language_of_user())
    file = arguments.sheets
    try:
        panels = read_scoring(file.read_bytes())
        written = printed_json(_document(panels, words))
        file = arguments.output
        _write_whole(file, written)
    except FaultyDocument as fault:
        print(f"{file}: {fault.path}: {words.fault(fault)}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"{file}: {error.strerror}", file=sys.stderr)
        return BAD_INPUT
    return DONE


def _document(panels: Panel | tuple[Panel, ...], words: Sentences) -> object:
    if isinstance(panels, Panel):
        return result_document(aggregate_task(panels), words)
    return round_result_document(aggregate_round(panels), words)


def language_of_user() -> str:
    """Chinese ("zh") if the environment asks for it, else English ("en")."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh" if os.environ[name].startswith("zh") else "en"
    return "en"


def _write_whole(path: Path, text: str) -> None:
    """Writes beside the target and renames, so that no half-written result can be found under its name."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as target:
            target.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
