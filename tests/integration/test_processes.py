"""The real commands as real processes: a house is founded, served and worked, and ends when it is told to."""

import os
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

ROLES = ["system_admin", "security_admin", "audit_admin"]


@pytest.fixture
def environment(bare_database_url, tmp_path):
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "EVALHUB_MODE": "production",
        "EVALHUB_INSTANCE": str(tmp_path / "instance"),
        "EVALHUB_DATABASE_URL": bare_database_url,
        "EVALHUB_HOSTS": "127.0.0.1",
        "EVALHUB_BUREAU": "财政局",
    }


def evalhub(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evalhub.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status_of(url: str) -> int:
    """The status once somebody answers, within 30 s."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status
        except urllib.error.URLError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_founded_house_is_served_and_worked_and_ends_on_request(environment, tmp_path):
    founded = evalhub("init", environment=environment)
    port = free_port()
    commands = (["serve", "--port", str(port)], ["work"])
    processes = [
        subprocess.Popen([sys.executable, "-m", "evalhub.cli", *command], env=environment, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        status = status_of(f"http://127.0.0.1:{port}/sign-in")
    finally:
        for process in processes:
            process.terminate()
        ends = [process.wait(timeout=30) for process in processes]

    assert [line.split("\t")[1] for line in founded.stdout.splitlines()] == ROLES
    assert status == 200
    assert ends == [0, 0]
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_house_is_founded_once(environment):
    evalhub("init", environment=environment)

    again = evalhub("init", environment=environment)

    assert again.returncode == 2
    assert again.stdout == ""


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("EVALHUB_HOSTS", "", "EVALHUB_HOSTS"),
        ("FLASK_DEBUG", "1", "FLASK_DEBUG"),
        ("EVALHUB_BUREAU", "", "EVALHUB_BUREAU"),
    ],
)
@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)  # refused before a database is opened
def test_production_refuses_unsafe_settings_by_name(environment, variable, value, named):
    refused = evalhub("serve", environment=environment | {variable: value})

    assert refused.returncode == 2
    assert named in refused.stderr
