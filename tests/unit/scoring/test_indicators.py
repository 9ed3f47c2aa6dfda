import pytest

from evalhub.domain.scoring.indicators import indicator_figures
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from tests.unit.scoring.panels import make_framework

TREE = make_framework([1000, 1000, 2000], na=True)


def panel(task: int, *rows: tuple[int | None, int, int]) -> Panel:
    sheets = [RaterSheet(f"E{i}", dict(zip(("L1", "L2", "L3"), row, strict=True))) for i, row in enumerate(rows)]
    return Panel(f"T{task}", TREE, Method.of_one_source("mean"), tuple(sheets))


def rising(agree: bool = True) -> list[Panel]:
    """Six tasks that get better: L1 follows, L2 is always full, L3 runs with L1 or, without agreement, by rater alone."""
    found = []
    for task in range(6):
        level = 400 + 100 * task
        rows = [(level, 1000, 2 * level if agree else 400), (level, 1000, 2 * level if agree else 1800)]
        found.append(panel(task, *rows))
    return found


def test_an_indicator_that_rises_with_the_rest_discriminates():
    figures = indicator_figures(rising())
    assert figures["L1"].discrimination == pytest.approx(1.0)
    assert figures["L1"].alpha == pytest.approx(1.0)
    assert figures["L1"].remarks == ()
    assert (figures["L1"].tasks, figures["L1"].sheets, figures["L1"].left_out) == (6, 12, 0)
    assert figures["L1"].lost_share == pytest.approx(0.35)


def test_an_indicator_that_everybody_fills_says_nothing():
    figures = indicator_figures(rising())["L2"]
    assert (figures.full_share, figures.zero_share, figures.lost_share) == (1.0, 0.0, 0.0)
    assert (figures.discrimination, figures.alpha) == (None, None)
    assert figures.remarks == ("crowded_at_full",)


def test_an_indicator_on_which_raters_part_is_named():
    figures = indicator_figures(rising(agree=False))["L3"]
    assert figures.alpha < 0
    assert "raters_disagree" in figures.remarks


def test_an_indicator_against_the_rest_is_weak():
    panels = [panel(task, (1000 - 100 * task, 500 + 50 * task, 400 + 250 * task)) for task in range(6)]
    assert "weak_discrimination" in indicator_figures(panels)["L1"].remarks
    assert indicator_figures(panels)["L1"].discrimination == pytest.approx(-1.0)


def test_sheets_on_which_it_does_not_apply_are_counted_apart():
    figures = indicator_figures([panel(0, (None, 500, 500), (0, 500, 500)), panel(1, (None, 500, 500))])["L1"]
    assert (figures.tasks, figures.sheets, figures.left_out) == (1, 1, 2)
    assert (figures.lost_share, figures.zero_share) == (1.0, 1.0)
    assert figures.remarks == ("crowded_at_zero",)


def test_fewer_than_five_tasks_bear_no_correlation():
    figures = indicator_figures(rising()[:4])["L1"]
    assert (figures.discrimination, figures.alpha) == (None, None)


def test_panels_of_different_frameworks_are_refused():
    other = Panel("X", make_framework([4000]), Method.of_one_source("mean"), (RaterSheet("E0", {"L1": 4000}),))
    with pytest.raises(ValueError, match="different frameworks"):
        indicator_figures([*rising(), other])
    assert indicator_figures([]) == {}
