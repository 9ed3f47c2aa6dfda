"""Sheet saves while a whole 200 MB report trickles in: p50 and p95, with and without it."""

import argparse
import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks._pages_load import Client, SheetSaver
from benchmarks._pages_world import build_world
from benchmarks.pages import served
from evalhub.app import create_app

PIECE = b"x" * 256 * 1024
LIMIT_SECONDS = 1.0


def main(argv: Sequence[str]) -> int:
    """Status 1 where the p95 of a save is over one second."""
    parser = argparse.ArgumentParser(prog="bench upload", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20, help="over which the upload is spread")
    options = parser.parse_args(list(argv))
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder), 64)
        app = create_app(world.settings)
        with served(Path(folder)) as port:
            rater, sheet_id = world.raters[0]
            saver = SheetSaver(Client(port, app, rater), sheet_id)
            alone = save_until(saver, time.monotonic() + 5, threading.Event())
            over = threading.Event()
            uploader = Client(port, app, world.officer)
            upload = threading.Thread(target=trickle, args=(uploader, options.megabytes, options.seconds, over))
            upload.start()
            beside = save_until(saver, time.monotonic() + 600, over)
            upload.join()
        app.extensions["evalhub"].close()
    show("alone", alone)
    return 0 if show(f"beside {options.megabytes} MB", beside) < LIMIT_SECONDS else 1


def save_until(saver: SheetSaver, end: float, over: threading.Event) -> list[float]:
    taken = []
    while time.monotonic() < end and not over.is_set():
        began = time.perf_counter()
        saver.save()
        taken.append(time.perf_counter() - began)
        time.sleep(0.05)
    return taken


def trickle(client: Client, megabytes: int, seconds: float, over: threading.Event) -> None:
    """Send a whole body piece by piece; the answer does not matter, that it comes does."""
    connection: http.client.HTTPConnection = client.connection
    pieces = megabytes * 1024 * 1024 // len(PIECE)
    connection.putrequest("POST", "/intakes/experts/new", skip_host=True)
    size = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(pieces * len(PIECE))}
    for name, value in {**client.headers, **size}.items():
        connection.putheader(name, value)
    connection.endheaders()
    try:
        for _ in range(pieces):
            connection.send(PIECE)
            time.sleep(seconds / pieces)
        connection.getresponse().read()
    finally:
        connection.close()
        over.set()


def show(name: str, taken: list[float]) -> float:
    p95 = statistics.quantiles(taken, n=20)[18]
    print(f"{name:<16}{len(taken):>5} saves   p50 {statistics.median(taken):.3f} s   p95 {p95:.3f} s")
    return p95
