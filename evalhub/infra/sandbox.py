"""Runs one named function on one hostile file in a child process that has little time, little memory and no network.

The child gets the file as an open, read-only descriptor and answers with JSON of bounded size. It writes nothing, knows
no path, and is killed when its time is over: whatever a parser does to itself, this process only sees `SandboxFailed`.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]
_CHILD = Path(__file__).with_name("sandbox_child.py")
_PIPE_BLOCK = 64 * 1024
_CHILDREN_AT_ONCE = threading.BoundedSemaphore(2)  # a burst of uploads must not take the whole machine


@dataclass(frozen=True)
class Limits:
    """What a child may use; `answer_bytes` bounds its JSON, `wall_seconds` includes waiting for a free place."""

    cpu_seconds: int = 10
    memory_bytes: int = 512 * 1024 * 1024
    wall_seconds: float = 30.0
    answer_bytes: int = 1024 * 1024


DEFAULT_LIMITS = Limits()
# over its processor time the kernel sends SIGXCPU, then SIGKILL; compiled parsers abort where memory is refused
_DEATHS = {-signal.SIGXCPU: "time", -signal.SIGKILL: "time", -signal.SIGABRT: "memory"}


class SandboxFailed(Exception):
    """The child gave no answer. `cause`: "time", "memory", "answer", "busy" or "crash"."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause = cause


def run_limited(
    function: str, source: BinaryIO, options: Mapping[str, Any] | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> Any:
    """Call `function(file, **options)` in a limited child and return its answer.

    Args:
        function: "package.module:name"; a constant of the caller, never text from outside.
        source: the file; what has no descriptor (BytesIO) is copied to an unnamed temporary file first.
        options: JSON values.

    Raises:
        SandboxFailed: no answer within the limits, or the function raised.
    """
    deadline = time.monotonic() + limits.wall_seconds
    if not _CHILDREN_AT_ONCE.acquire(timeout=limits.wall_seconds):
        raise SandboxFailed("busy")
    try:
        with _readable_descriptor(source) as descriptor:
            reply, status = _run(function, descriptor, options or {}, limits, deadline)
    finally:
        _CHILDREN_AT_ONCE.release()
    return _answer(reply, status)


def _run(
    function: str, descriptor: int, options: Mapping[str, Any], limits: Limits, deadline: float
) -> tuple[bytes, int]:
    order = json.dumps({"function": function, "options": options, "limits": asdict(limits)})
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and file, no shell
        [sys.executable, "-I", str(_CHILD), str(_PACKAGE_PARENT), order],
        stdin=descriptor,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LANG": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        return _read_reply(process, limits.answer_bytes, deadline), process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise SandboxFailed("time") from None
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _read_reply(process: "subprocess.Popen[bytes]", most: int, deadline: float) -> bytes:
    if process.stdout is None:
        raise SandboxFailed("crash")
    reply = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise SandboxFailed("time")
            block = os.read(process.stdout.fileno(), _PIPE_BLOCK)
            if not block:
                return bytes(reply)
            reply += block
            if len(reply) > most:
                raise SandboxFailed("answer")


def _answer(reply: bytes, status: int) -> Any:
    try:
        said = json.loads(reply)
    except ValueError:
        raise SandboxFailed(_DEATHS.get(status, "crash"), f"status {status}") from None
    if "failed" in said:
        raise SandboxFailed("memory" if said["failed"] == "MemoryError" else "crash", said["failed"])
    return said["answer"]


@contextlib.contextmanager
def _readable_descriptor(source: BinaryIO) -> Iterator[int]:
    """A read-only descriptor of the file with an offset of its own, at the beginning."""
    with contextlib.ExitStack() as stack:
        try:
            source.flush()
            original = source.fileno()
        except OSError:
            copy = stack.enter_context(tempfile.TemporaryFile())
            source.seek(0)
            while block := source.read(_PIPE_BLOCK):
                copy.write(block)
            copy.flush()
            original = copy.fileno()
        descriptor = os.open(f"/proc/self/fd/{original}", os.O_RDONLY | os.O_CLOEXEC)
        stack.callback(os.close, descriptor)
        yield descriptor
