from evalhub.domain.coverage import coverage_of

CATEGORIES = ("livelihood", "engineering", "other")


def test_coverage_adds_up_by_category_and_rounds_half_up():
    picks = [("livelihood", 346), ("engineering", 201), ("other", 71)]

    coverage = coverage_of(picks, CATEGORIES, 1000, 6000)

    assert (coverage.evaluated_fen, coverage.weight, coverage.projects) == (618, 6180, 3)
    assert coverage.category_weights == {"livelihood": 3460, "engineering": 2010, "other": 710}
    assert coverage.missing_fen == 0


def test_coverage_just_under_the_target_is_short_although_its_rounded_share_shows_the_target():
    coverage = coverage_of([("other", 599_999)], CATEGORIES, 1_000_000, 6000)

    assert coverage.weight == 6000
    assert coverage.missing_fen == 1


def test_coverage_without_stated_spending_has_no_share():
    coverage = coverage_of([("other", 5)], CATEGORIES, 0, 6000)

    assert (coverage.weight, coverage.missing_fen) == (0, 0)
