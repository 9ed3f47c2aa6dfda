"""Every leaf of the two worked frameworks scored by its own rule from its sample inputs."""

import pytest

from evalhub.domain.rounding import format_points
from evalhub.domain.scoring.aggregate import aggregate_task
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.rules import propose_all
from tests.reference.scoring.examples import EXPECTED, load


@pytest.mark.parametrize(("name", "total"), [("rural_water", 9024), ("city_road", 8265)])
def test_rules_reproduce_every_leaf_subtotal_and_the_total(name, total):
    framework = load(name)
    proposals = propose_all(framework, EXPECTED[name]["samples"])
    for node in framework.walk():
        computed = sum(proposals[leaf.code].points for leaf in node.leaves)
        assert format_points(computed) == EXPECTED[name]["scores"][node.code], node.code
    scores = {code: proposal.points for code, proposal in proposals.items()}
    panel = Panel(name, framework, Method.of_one_source("mean"), (RaterSheet("rules", scores),))
    assert aggregate_task(panel).total == total
