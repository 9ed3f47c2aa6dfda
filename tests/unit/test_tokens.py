"""The contrast of every pair of colours that the interface uses, recomputed from tokens.css (WCAG 2.x)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", (CSS / "tokens.css").read_text("utf-8")))


def luminance(token: str) -> float:
    channels = [int(TOKENS[token][at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TABLE = [
    ("ink-1", "bg-surface", 16.10), ("ink-1", "bg-page", 14.73),
    ("ink-2", "bg-surface", 8.00), ("ink-2", "bg-head", 7.11), ("ink-2", "mute-tint", 6.99),
    ("ink-3", "bg-surface", 5.46), ("ink-3", "bg-page", 5.00), ("ink-3", "bg-head", 4.85), ("ink-3", "act-tint", 4.76),
    ("bg-bar", "on-act", 14.97), ("bar-soft", "bg-bar", 8.70),
    ("line-3", "bg-surface", 3.49), ("line-3", "bg-page", 3.19),
    ("act", "bg-surface", 8.16), ("act-h", "bg-surface", 10.82), ("act", "act-tint", 7.10),
    ("focus", "bg-surface", 5.69), ("focus-inv", "bg-bar", 14.97),
    ("ok", "bg-surface", 6.56), ("ok", "ok-tint", 5.77), ("warn", "bg-surface", 6.61), ("warn", "warn-tint", 5.95),
    ("bad", "bg-surface", 6.68), ("bad", "bad-tint", 5.82), ("seal", "bg-surface", 7.90), ("seal", "seal-tint", 6.89),
    ("c1", "bg-surface", 8.16), ("c2", "bg-surface", 4.54), ("c3", "bg-surface", 4.21), ("c4", "bg-surface", 5.93),
    ("c5", "bg-surface", 5.94), ("c6", "bg-surface", 3.62), ("on-act", "hot", 5.20),
]  # fmt: skip
MARKS = {"line-3", "c3", "c6"}


@pytest.mark.parametrize(("one", "other", "ratio"), TABLE)
def test_contrast_of_a_pair_is_the_stated_one_and_enough(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.011)
    assert contrast(one, other) >= (3.0 if one in MARKS else 4.5)


@pytest.mark.parametrize("text", ["warn", "ink-2", "ink-1"])
def test_contrast_of_text_on_marked_words_is_enough(text: str) -> None:
    assert contrast(text, "warn-mark") >= 4.5


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_style_sheet_takes_its_colours_from_the_tokens(sheet: Path) -> None:
    if sheet.name == "tokens.css":
        return
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.S)
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(", re.sub(r"url\([^)]*\)", "", text)) == []
    unknown = set(re.findall(r"var\(--([\w-]+)", text)) - set(
        re.findall(r"--([\w-]+):", (CSS / "tokens.css").read_text("utf-8"))
    )
    assert unknown == set()


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_style_sheet_orders_layers_only_by_the_six_named_ones(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    assert re.findall(r"z-index: (?!var\(--z-|calc\(var\(--z-|1\b|2\b)[^;]*", text) == []
