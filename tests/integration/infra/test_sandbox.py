"""The limited child: it answers, or it is stopped; it never reaches anything."""

import concurrent.futures
import contextlib
import ctypes
import io
import os
import socket
import sqlite3
import tempfile
import time
from pathlib import Path

import pytest

from evalhub.infra.sandbox import Limits, SandboxFailed, run_limited

TASKS = "tests.integration.infra.sandbox_tasks"


def run(name, limits=Limits(), **options):  # noqa: B008 - frozen
    return run_limited(f"{TASKS}:{name}", io.BytesIO(b"content"), options, limits=limits)


def failure_of(name, limits=Limits(), **options) -> str:  # noqa: B008 - frozen
    with pytest.raises(SandboxFailed) as raised:
        run(name, limits, **options)
    return raised.value.cause


def our_belongings() -> tuple[int, set[str]]:
    """Number of open descriptors and ids of child processes of the test."""
    children = {child for path in Path("/proc/self/task").glob("*/children") for child in path.read_text().split()}
    return len(os.listdir("/proc/self/fd")), children


def test_child_reads_the_file_and_answers():
    assert run("echo", number=1, text="汉") == {"read": "content", "options": {"number": 1, "text": "汉"}}


def test_child_reads_from_the_beginning_and_leaves_our_place():
    with tempfile.TemporaryFile() as file:
        file.write(b"0123456789")
        file.seek(4)

        assert run_limited(f"{TASKS}:echo", file)["read"] == "0123456789"
        assert file.tell() == 4


def test_child_over_processor_time_is_stopped():
    began = time.monotonic()

    assert failure_of("burn_time", Limits(cpu_seconds=1)) == "time"
    assert time.monotonic() - began < 5


def test_child_that_waits_is_stopped():
    began = time.monotonic()

    assert failure_of("sleep", Limits(wall_seconds=0.8)) == "time"
    assert time.monotonic() - began < 3


def test_child_over_memory_is_stopped():
    assert failure_of("take_memory") == "memory"


def test_child_with_too_long_an_answer_is_stopped():
    assert failure_of("talk_much") == "answer"


@pytest.mark.parametrize("name", ["end_process", "raise_error", "no_such_function"])
def test_child_that_breaks_is_a_crash(name):
    assert failure_of(name) == "crash"


@pytest.mark.parametrize("name", ["start_process", "fork", "start_thread", "write_into_source"])
def test_child_can_neither_start_anything_nor_write(name):
    assert failure_of(name) == "crash"


def test_child_opens_no_file_by_name(tmp_path):
    (tmp_path / "secret").write_text("key")

    assert failure_of("open_path", path=str(tmp_path / "secret")) == "crash"


def has_landlock() -> bool:
    return ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) >= 1


@pytest.mark.skipif(not has_landlock(), reason="this kernel has no Landlock")
def test_child_opens_no_file_through_compiled_code_either():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "open_to_all.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.executescript("create table secrets (secret); insert into secrets values ('key')")

        assert failure_of("open_by_compiled_code", path=str(path)) == "crash"


def test_child_reaches_no_listening_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert failure_of("connect", port=server.getsockname()[1]) == "crash"


def test_child_knows_nothing_of_its_surroundings():
    told = run("who")

    assert told["environment"] == ["LANG"] or told["environment"] == ["LANG", "LC_CTYPE"]
    assert told["cwd"] == "/"
    if os.geteuid() == 0:
        assert (told["uid"], told["groups"]) == (65534, [])


def test_child_leaves_neither_process_nor_descriptor_behind():
    before = our_belongings()
    for name in ("burn_time", "sleep", "talk_much"):
        failure_of(name, Limits(cpu_seconds=1, wall_seconds=0.5))

    assert our_belongings() == before


def test_children_beyond_two_wait_for_a_place_and_give_up_in_time():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        busy = [pool.submit(failure_of, "sleep", Limits(wall_seconds=2.0)) for _ in range(2)]
        time.sleep(0.3)

        assert failure_of("echo", Limits(wall_seconds=0.5)) == "busy"
        assert run("echo", Limits(wall_seconds=10))["read"] == "content"
        assert [one.result() for one in busy] == ["time", "time"]
