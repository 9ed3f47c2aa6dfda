"""A filled self-evaluation table: every line by its rule, 91.80 in all."""

from evalhub.domain.document import canonical_json
from evalhub.domain.rounding import format_points
from evalhub.domain.scoring.adjustments import EXAMPLE_EXECUTION_CAPS, capped_by_execution
from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.library_leaves import BANDS
from evalhub.domain.scoring.rules import propose_all

LINES = [
    ("execution", 1000, {"type": "ratio_higher", "target": "100"}, {"actual": "93"}, "9.30"),
    ("pipe", 2000, {"type": "ratio_higher", "target": "120"}, {"actual": "117.6"}, "19.60"),
    ("passed", 1000, {"type": "ratio_higher", "target": "100"}, {"actual": "100"}, "10.00"),
    ("on_time", 1000, {"type": "ratio_higher", "target": "100"}, {"actual": "92"}, "9.20"),
    ("unit_cost", 1000, {"type": "ratio_lower", "target": "15.5"}, {"actual": "15.1"}, "10.00"),
    ("piped_supply", 1500, {"type": "ratio_higher", "target": "6"}, {"actual": "5.4"}, "13.50"),
    ("upkeep", 1500, BANDS, {"band": "part", "share": "0.7"}, "10.50"),
    ("satisfaction", 1000, {"type": "survey", "full_at": "90"}, {"rate": "87.3"}, "9.70"),
]


def test_the_self_evaluation_table_is_reproduced_to_the_cent():
    leaves = [Indicator(code, Name(code), points, rule_text=canonical_json(rule)) for code, points, rule, _, _ in LINES]
    framework = Framework(10000, tuple(leaves))
    proposals = propose_all(framework, {code: inputs for code, _, _, inputs, _ in LINES})
    assert [format_points(proposals[code].points) for code, *_ in LINES] == [expected for *_, expected in LINES]
    total = sum(proposal.points for proposal in proposals.values())
    assert (format_points(total), framework.grade_of(total)) == ("91.80", "excellent")


def test_an_execution_rate_of_93_percent_is_under_no_cap():
    found = capped_by_execution(9180, 169_260_000_00, 182_000_000_00, EXAMPLE_EXECUTION_CAPS)
    assert (found.after, found.rule) == (9180, None)
