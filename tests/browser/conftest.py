"""A real Chromium on a real server: every page a journey opens must be free of script errors and CSP reports."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import waitress
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
SHOTS = Path(__file__).parent / "shots"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def server_url(app: Flask) -> Iterator[str]:
    """`app` behind waitress on a free port of this machine."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join()


@pytest.fixture
def open_page(chromium: Browser, server_url: str) -> Iterator[OpenPage]:
    """Open a tab with a session of its own: `open_page("/tasks", language="en-US", size=PHONE)`.

    When the test ends, whatever any of its tabs complained about fails it.
    """
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.location['url']}: {message.text}")

    with ExitStack() as open_contexts:

        def open_tab(path: str = "/", *, language: str = "zh-CN", size: dict[str, int] = DESK) -> Page:
            context = chromium.new_context(base_url=server_url, locale=language, viewport=size)
            open_contexts.callback(context.close)
            page = context.new_page()
            page.on("console", note)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(path)
            return page

        yield open_tab
    assert complaints == []


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Check that axe finds nothing serious or critical on a page."""

    def check(page: Page) -> None:
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [
            f"{violation['id']}: {violation['nodes'][0]['html']}"
            for violation in found
            if violation["impact"] in {"serious", "critical"}
        ]
        assert serious == []

    return check


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a picture of the whole page under `tests/browser/shots/`, to be laid beside the design."""
    SHOTS.mkdir(exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    return take
