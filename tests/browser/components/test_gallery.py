"""Every component in a real Chromium: three sizes, two languages, no CSP report, nothing serious for axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, PHONE, OpenPage

SCALED = {"width": 1093, "height": 614}
SIZES = {"desktop": DESK, "scaled": SCALED, "phone": PHONE}
PAGES = ("gallery", "sheet", "sheet-locked")
ENGLISH = "/gallery/en/standard/gallery"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_page_at_a_size_gives_no_report_and_nothing_serious(
    name: str,
    size: str,
    language: str,
    open_page: OpenPage,
    assert_accessible: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
) -> None:
    page = open_page(f"/gallery/{language}/standard/{name}", size=SIZES[size])
    page.wait_for_load_state("networkidle")
    shoot(page, f"{name}-{size}-{language}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", ["large", "huge"])
def test_page_with_larger_text_keeps_one_scroll_direction(size: str, open_page: OpenPage) -> None:
    page = open_page(f"/gallery/en/{size}/gallery")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == (
        18 if size == "large" else 20
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_page_without_script_shows_forms_and_hides_what_needs_script(chromium: Browser, server_url: str) -> None:
    context = chromium.new_context(base_url=server_url, java_script_enabled=False)
    page = context.new_page()
    page.goto(ENGLISH)
    assert page.locator("#upload-sample button.eh-no-script-only").is_visible()
    assert not page.locator("[data-bulk-all]").is_visible()
    page.goto("/gallery/en/standard/sheet")
    assert page.locator("#reason-C21").is_visible()
    assert page.get_by_role("button", name="Submit sheet").is_visible()
    context.close()


def test_ticked_rows_are_counted_with_what_differs(open_page: OpenPage) -> None:
    page = open_page(ENGLISH)
    page.get_by_label("Select all rows of this page").check()
    assert page.locator("[data-bulk-count]").inner_text() == "3 chosen"
    assert page.locator("[data-bulk-differs]").inner_text() == "1 of them not available today"
    page.get_by_role("button", name="Clear selection").click()
    assert page.locator("tr.is-selected").count() == 0


def test_dialog_traps_nothing_on_escape_and_gives_focus_back(open_page: OpenPage) -> None:
    page = open_page(ENGLISH)
    opener = page.locator('[data-dialog-open="sample-dialog"]')
    opener.click()
    assert page.locator("#sample-dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#sample-dialog").is_visible()
    assert opener.evaluate("node => node === document.activeElement")


def test_single_keys_can_be_switched_off(open_page: OpenPage) -> None:
    page = open_page(ENGLISH)
    page.locator("#page-title").focus()
    page.keyboard.press("?")
    page.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    page.locator("#page-title").focus()
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()
