"""The gallery in place of the seeded application."""

from pathlib import Path

import pytest
from flask import Flask

from tests.browser.components.gallery import gallery_app

BUILT = Path(__file__).resolve().parents[3] / "static" / "dist" / "app.css"


@pytest.fixture(scope="session")
def gallery_site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    assert BUILT.exists(), "build the front end first: cd frontend && npm ci --ignore-scripts && node build.mjs"
    return gallery_app(tmp_path_factory.mktemp("gallery"))


@pytest.fixture
def app(gallery_site: Flask) -> Flask:
    gallery_site.extensions["gallery"].update(saves=[], answer=200)
    return gallery_site
