"""The score sheet by keyboard: scores, reasons, quoted places, saving, and what happens when saving fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK


@pytest.fixture
def kept(app: Flask) -> dict[str, Any]:
    """What the stand-in for the save route received, and what it shall answer."""
    return app.extensions["gallery"]


@pytest.fixture
def sheet(chromium: Browser, server_url: str) -> Iterator[Page]:
    """The sheet in a context of its own: refused saves are expected here, so its console is not watched."""
    context = chromium.new_context(base_url=server_url, viewport=DESK)
    page = context.new_page()
    page.goto("/gallery/en/standard/sheet", wait_until="networkidle")
    yield page
    context.close()


def test_score_typed_and_entered_moves_on_and_is_saved_with_the_next_key(sheet: Page, kept: dict[str, Any]) -> None:
    score = sheet.locator("#points-C31")
    score.fill("7.5")
    score.press("Enter")
    expect(sheet.locator("#points-C32")).to_be_focused()
    expect(score).to_have_value("7.50")
    expect(sheet.locator("[data-saved-words]")).to_have_text("Saved 10:43")
    assert kept["saves"][0]["points.C31"] in ("7.5", "7.50")
    assert sheet.locator('#sheet [name="version"]').input_value() == "7"
    sheet.locator("#points-D11").fill("0")
    expect(sheet.locator('#sheet [name="version"]')).to_have_value("8")
    assert kept["saves"][-1]["idempotency_key"] == "key-1"


def test_totals_follow_what_is_typed(sheet: Page) -> None:
    expect(sheet.locator("[data-total]")).to_have_text("50.70")
    expect(sheet.locator("[data-projected]")).to_have_text("at this rate 87.41, Good")
    sheet.locator("#points-C31").fill("10")
    expect(sheet.locator("[data-total]")).to_have_text("60.70")
    expect(sheet.locator("[data-total-full]")).to_have_text("68.00")
    expect(sheet.locator('[data-branch="C"] [data-sum]')).to_have_text("25.00")


def test_score_above_the_full_points_is_told_at_its_line(sheet: Page) -> None:
    sheet.locator("#points-C21").fill("6.01")
    expect(sheet.locator("#state-C21")).to_have_text("at most 6.00")
    expect(sheet.locator("#points-C21")).to_have_attribute("aria-invalid", "true")


def test_zero_is_a_score_and_delete_empties_it(sheet: Page) -> None:
    score = sheet.locator("#points-C31")
    score.fill("0")
    score.press("Enter")
    expect(score).to_have_value("0.00")
    expect(sheet.locator('[data-branch="C"] [data-settled]')).to_have_text("5")
    score.press("Delete")
    expect(score).to_have_value("")
    expect(sheet.locator('[data-branch="C"] [data-settled]')).to_have_text("4")


def test_quoted_place_lands_in_the_open_line(sheet: Page, kept: dict[str, Any]) -> None:
    sheet.locator("#points-C22").focus()
    sheet.get_by_role("button", name="Next page").click()
    expect(sheet.locator("[data-text] span").first).to_be_attached()
    sheet.keyboard.press("Tab")
    sheet.locator("#points-C22").focus()
    sheet.keyboard.press("q")
    expect(sheet.locator('[name="document.C22"]')).to_have_value("d1")
    expect(sheet.locator('[name="page.C22"]')).to_have_value("2")
    sheet.keyboard.press("r")
    expect(sheet.locator("#reason-C22")).to_be_focused()


def test_incomplete_sheet_lists_what_is_missing_before_it_asks(sheet: Page) -> None:
    sheet.locator("#points-C31").press("Control+Enter")
    missing = sheet.locator("[data-notices] li")
    expect(missing).to_have_count(4)
    expect(missing.first).to_contain_text("reason missing")
    missing.nth(1).locator("a").click()
    expect(sheet.locator("#points-C31")).to_be_focused()


def test_stale_sheet_stops_saving_and_offers_both_versions(sheet: Page, kept: dict[str, Any]) -> None:
    kept["answer"] = 409
    sheet.locator("#points-C31").fill("5")
    expect(sheet.get_by_role("button", name="Compare both")).to_be_visible()
    expect(sheet.locator("[data-saved-words]")).to_have_text("Not saved yet")


def test_unsaved_lines_come_back_after_a_reload(sheet: Page, kept: dict[str, Any]) -> None:
    kept["answer"] = 503
    sheet.locator("#points-C31").fill("5")
    expect(sheet.locator("[data-notices]")).to_contain_text("Offline")
    kept["answer"] = 200
    sheet.on("dialog", lambda dialog: dialog.accept())
    sheet.reload(wait_until="networkidle")
    expect(sheet.locator("#points-C31")).to_have_value("5")
    expect(sheet.locator("[data-saved-words]")).to_have_text("Saved 10:43")
    assert kept["saves"][-1]["points.C31"] == "5"
