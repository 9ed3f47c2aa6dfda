"""Pages against a bare Flask page on the same server: list, task, sheet, sheet save, growth, queries and bytes."""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from benchmarks._pages_load import Client, SheetSaver, in_turns
from benchmarks._pages_world import World, build_world, environment
from evalhub.app import create_app

PAGE_LIMIT, SAVE_LIMIT, GROWTH_LIMIT = 12.0, 8.0, 1.5
LIST = "/experts?title=associate_up&sort=name"
MANY = 16


def main(argv: Sequence[str]) -> int:
    """Print p50 and p95 with their ratios; status 1 where a ratio is over its limit."""
    parser = argparse.ArgumentParser(prog="bench pages", description=__doc__)
    parser.add_argument("--experts", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=100, help="requests of one client for each figure")
    parser.add_argument("--growth", type=int, nargs=2, default=(500, 50_000), metavar=("SMALL", "LARGE"))
    parser.add_argument("--no-growth", action="store_true")
    options = parser.parse_args(list(argv))
    held = []
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder), options.experts)
        app = create_app(world.settings)
        print(f"{options.experts} experts, SQLite, one waitress of {world.settings.web_threads} threads\n")
        show_weights(app, world)
        with served(Path(folder)) as port:
            held += measure_pages(app, world, port, options.rounds)
            held += measure_saves(app, world, port, options.rounds)
        app.extensions["evalhub"].close()
    if not options.no_growth:
        held.append(measure_growth(options.growth, options.rounds))
    return 0 if all(held) else 1


def pages_of(world: World) -> dict[str, tuple[str, str]]:
    """What is measured: name -> (account, path)."""
    rater, sheet_id = world.raters[0]
    return {
        "list, filtered": (world.officer, LIST),
        "one task": (world.officer, f"/tasks/{world.task_id}"),
        "sheet": (rater, f"/sheets/{sheet_id}"),
    }


@contextmanager
def served(folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks._pages_server", str(port)]
    server = subprocess.Popen(command, env={**os.environ, **environment(folder)}, stderr=subprocess.DEVNULL)
    try:
        wait_until_open(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_until_open(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not open its port within a minute")


def measure_pages(app: Flask, world: World, port: int, rounds: int) -> list[bool]:
    print(f"{'page':<22}{'clients':>8}{'p50 ms':>10}{'p95 ms':>10}{'p50 x':>8}{'p95 x':>8}   (at most {PAGE_LIMIT:g}x)")
    held = []
    for clients in (1, MANY):
        works = {"bare page": [getting(app, port, None, "/bare/list") for _ in range(clients)]}
        for name, (user, path) in pages_of(world).items():
            works[name] = [getting(app, port, user, path) for _ in range(clients)]
        found = in_turns(works, rounds if clients == 1 else rounds // 3)
        held += [show(name, clients, figures, found["bare page"], PAGE_LIMIT) for name, figures in found.items()]
    return held


def getting(app: Flask, port: int, user: str | None, path: str) -> Callable[[], bytes]:
    client = Client(port, app, user)
    return lambda: client.get(path)


def measure_saves(app: Flask, world: World, port: int, rounds: int) -> list[bool]:
    print(
        f"\n{'save':<22}{'clients':>8}{'p50 ms':>10}{'p95 ms':>10}{'p50 x':>8}{'p95 x':>8}   (at most {SAVE_LIMIT:g}x)"
    )
    held = []
    for clients in sorted({1, len(world.raters[:MANY])}):
        bare_clients = [Client(port, app) for _ in range(clients)]
        savers = [SheetSaver(Client(port, app, rater), sheet_id) for rater, sheet_id in world.raters[:clients]]
        works = {
            "bare insert, commit": [partial(client.post, "/bare/save", {"a": "x"}) for client in bare_clients],
            "sheet save": [saver.save for saver in savers],
        }
        found = in_turns(works, rounds)
        held += [show(name, clients, each, found["bare insert, commit"], SAVE_LIMIT) for name, each in found.items()]
    return held


def show(name: str, clients: int, found: tuple[float, float], bare: tuple[float, float], limit: float) -> bool:
    ratios = [figure / floor for figure, floor in zip(found, bare, strict=True)]
    verdict = "" if max(ratios) <= limit else "  over"
    print(
        f"{name:<22}{clients:>8}{found[0]:>10.1f}{found[1]:>10.1f}{ratios[0]:>8.1f}{ratios[1]:>8.1f}{verdict}",
        flush=True,
    )
    return not verdict


def measure_growth(sizes: Sequence[int], rounds: int) -> bool:
    with ExitStack() as stack:
        works = {}
        for size in sizes:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            world = build_world(folder, size)
            app = create_app(world.settings)
            stack.callback(app.extensions["evalhub"].close)
            port = stack.enter_context(served(folder))
            works[str(size)] = [getting(app, port, world.officer, LIST)]
        medians = [median for median, _ in in_turns(works, rounds).values()]
    ratio = medians[1] / medians[0]
    verdict = "" if ratio <= GROWTH_LIMIT else "  over"
    print(
        f"\ngrowth of the list from {sizes[0]} to {sizes[1]} experts: {medians[0]:.1f} -> {medians[1]:.1f} ms, "
        f"{ratio:.2f}x (at most {GROWTH_LIMIT:g}x){verdict}"
    )
    return not verdict


def show_weights(app: Flask, world: World) -> None:
    """What one opening of each page asks of the database, and how much goes out."""
    counts = {"queries": 0, "rows": 0}
    engine = app.extensions["evalhub"].database.engine

    def count_query(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counts["queries"] += not statement.startswith(("BEGIN", "PRAGMA"))

    def count_row(_cursor: Any, row: Any) -> Any:
        counts["rows"] += 1
        return row

    def install(connection: Any, *_rest: Any) -> None:
        connection.row_factory = count_row

    event.listen(engine, "before_cursor_execute", count_query)
    event.listen(engine, "checkout", install)
    print(f"{'page':<22}{'queries':>8}{'rows':>8}{'KB':>8}")
    for name, (user, path) in pages_of(world).items():
        client = app.test_client()
        with client.session_transaction() as session:
            now = int(time.time())
            session.update({"_user_id": user, "began": now, "seen": now, "language": "zh"})
        counts.update(queries=0, rows=0)
        content = client.get(path).data
        print(f"{name:<22}{counts['queries']:>8}{counts['rows']:>8}{len(content) / 1024:>8.1f}")
    print()
    event.remove(engine, "before_cursor_execute", count_query)
    event.remove(engine, "checkout", install)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
