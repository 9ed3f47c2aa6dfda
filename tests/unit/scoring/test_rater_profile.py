import pytest

from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.rater_profile import BranchLeaning, branch_leanings

TREE = Framework(
    10000,
    (
        Indicator("A", Name("决策"), 4000, may_be_na=True, head="decision"),
        Indicator("C", Name("产出"), 6000, head="output"),
    ),
)


def panel(task: str, **rows: tuple[int | None, int]) -> Panel:
    sheets = [RaterSheet(rater, {"A": first, "C": second}) for rater, (first, second) in rows.items()]
    return Panel(task, TREE, Method.of_one_source("mean"), tuple(sheets))


def test_leanings_are_means_against_the_others_on_the_same_tasks():
    panels = [
        panel("T1", E1=(2000, 6000), E2=(4000, 3000), E3=(3000, 3000)),
        panel("T2", E1=(2000, 3000), E2=(4000, 3000)),
    ]
    # decision: 0.5 - 0.875 and 0.5 - 1; output: 1 - 0.5 and 0.5 - 0.5
    assert branch_leanings(panels, "E1") == [
        BranchLeaning("decision", 2, pytest.approx(-43.75)),
        BranchLeaning("output", 2, pytest.approx(25.0)),
    ]


def test_branches_that_nobody_else_scored_are_left_out():
    panels = [panel("T1", E1=(2000, 6000), E2=(None, 6000)), panel("T2", E1=(1000, 1000)), panel("T3", E2=(0, 0))]
    assert branch_leanings(panels, "E1") == [BranchLeaning("output", 1, 0.0)]
    assert branch_leanings(panels, "E9") == []
