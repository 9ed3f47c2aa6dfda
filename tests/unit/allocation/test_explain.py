"""Why somebody does not sit, and what a rule costs."""

from evalhub.domain.allocation import Evaluator, Quota, Task, build_problem, solve, why_not
from evalhub.domain.allocation.explain import price_of_rules

SENIOR = frozenset({"senior"})
EVALUATORS = [
    Evaluator("E1", 1, tags=SENIOR),
    Evaluator("E2", 1),
    Evaluator("E3", 1),
    Evaluator("E4", 0),
    Evaluator("E5", 1),
]
TASKS = [Task("T1", 2, (Quota(tag="senior", minimum=1),)), Task("T2", 1)]
SCORES = {
    ("T1", "E1"): 600_000,
    ("T1", "E2"): 900_000,
    ("T1", "E3"): 800_000,
    ("T1", "E5"): 950_000,
    ("T2", "E5"): 900_000,
    ("T2", "E3"): 100_000,
}


def solved():
    problem = build_problem(
        EVALUATORS, TASKS, SCORES, default=None, conflicts=[("T1", "E5", "R4"), ("T1", "E5", "R1"), ("T2", "E2", "R7")]
    )
    return problem, solve(problem)


def test_why_not_states_every_case():
    problem, allocation = solved()
    assert allocation.assignments == (("T1", "E1"), ("T1", "E2"), ("T2", "E5"))
    assert why_not(problem, allocation, "T1", "E1").state == "seated"
    barred = why_not(problem, allocation, "T1", "E5")
    assert (barred.state, barred.barred_by[0].figures) == ("barred", {"rules": ["R1", "R4"]})
    assert [fault.code for fault in why_not(problem, allocation, "T1", "E4").barred_by] == [
        "not_listed",
        "over_capacity",
    ]
    outranked = why_not(problem, allocation, "T1", "E3")
    assert (outranked.state, outranked.best_swap) == ("outranked", {"leaves": "E2", "change": -100_000, "rules": ()})
    assert outranked.price is not None
    assert 0 <= outranked.price <= 100_000


def test_why_not_blocked_names_the_rule_of_the_panel():
    evaluators = [*EVALUATORS[:3], Evaluator("E6", 1)]
    tasks = [Task("T1", 1, (Quota(tag="senior", minimum=1),))]
    problem = build_problem(evaluators, tasks, {("T1", "E1"): 100_000, ("T1", "E6"): 900_000})
    blocked = why_not(problem, solve(problem), "T1", "E6")
    assert blocked.state == "blocked"
    assert [fault.code for fault in blocked.best_swap["rules"]] == ["below_min"]
    assert blocked.best_swap["change"] == 800_000


def test_price_of_rules_compares_with_and_without():
    problem, allocation = solved()
    price = price_of_rules(problem, allocation, ["R1", "R4"])
    assert (price.total, price.total_without) == (2_400_000, 2_400_000)
    price = price_of_rules(problem, allocation, ["R7"])
    assert (price.empty_seats, price.empty_seats_without) == (0, 0)
