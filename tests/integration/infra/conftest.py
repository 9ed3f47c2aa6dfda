"""For upload tests: nothing may be left behind."""

import contextlib
import os
import tempfile

import pytest


def open_files() -> list[str]:
    links = []
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            links.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    return links


@pytest.fixture
def nothing_left(tmp_path, monkeypatch):
    """After each test the temporary directory is empty and no file in it is still open, named or not."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert os.listdir(tmp_path) == []
    assert [link for link in open_files() if link.startswith(str(tmp_path))] == []
