"""The solver's own traps: two stock solvers agree with the master, duals have one sign, time limits tell the truth."""

import json
import os
import random
import subprocess
import sys

import numpy as np
import pulp
import pytest

from evalhub.domain.allocation import Evaluator, Quota, Task, build_problem, check, read_instance, solve
from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.gains import Objective
from evalhub.domain.allocation.model import INFINITE, Master
from evalhub.domain.allocation.relaxation import Relaxation
from tests.allocation_cases import random_instance


def stock_solvers():
    path = pulp.apis.coin_api.PULP_CBC_CMD.pulp_cbc_path
    return [pulp.HiGHS(msg=False), pulp.COIN_CMD(path=path, msg=0)]


@pytest.mark.parametrize("seed", range(6))
def test_final_master_solved_by_stock_pulp_on_highs_and_cbc_has_the_same_objective(seed):
    problem = read_instance(random_instance(random.Random(seed), 12, 20, plenty=True))
    relaxation = Relaxation(problem, Control(), Objective(1))
    relaxation.start(np.zeros(len(problem.evaluators)))
    point = relaxation.solve()
    for solver in stock_solvers():
        relaxation.master.lp.solve(solver)
        assert pulp.value(relaxation.master.lp.objective) == pytest.approx(-point.value, abs=1e-5)


def test_master_prices_have_the_sign_of_a_saving():
    master = Master(Control())
    master.add_rows(np.array([-INFINITE, 1.0]), np.array([2.0, INFINITE]))
    entries = np.array([0, 0, 1], dtype=np.int32)
    master.add_columns(np.array([-2.0, 3.0]), np.array([9.0, 9.0]), np.array([0, 1], dtype=np.int32), entries)
    assert master.solve()
    values, prices, cost = master.solution()
    assert values.tolist() == [1.0, 1.0]
    assert prices.tolist() == [2.0, -5.0]
    assert cost == 1.0


def hard_problem():
    chance = random.Random(5)
    evaluators = [
        Evaluator(
            f"E{n:02}", 12, tags=frozenset(chance.sample("abcdef", 2)), groups={"employer": (chance.choice("UVWXYZ"),)}
        )
        for n in range(60)
    ]
    quotas = (*(Quota(tag=tag, minimum=1) for tag in "abc"), Quota(group="employer", maximum=1))
    tasks = [Task(f"T{n:03}", 4, quotas) for n in range(150)]
    scores = {(task.id, one.id): chance.randint(0, 10**6) for task in tasks for one in evaluators}
    return build_problem(evaluators, tasks, scores)


def test_time_limited_solve_is_never_reported_optimal_and_breaks_no_rule():
    problem = hard_problem()
    optimum = solve(problem)
    assert optimum.status in ("proven", "solved")
    statuses = set()
    for limit in (0.05, 0.1, 0.3, 0.6):
        allocation = solve(problem, time_limit_seconds=limit)
        assert check(problem, allocation.assignments) == []
        assert allocation.status == "bounded" or allocation.objective_value == optimum.objective_value
        statuses.add(allocation.status)
    assert "bounded" in statuses


def test_cancelled_solve_keeps_seats_that_break_no_rule():
    problem = hard_problem()
    asked = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 5

    allocation = solve(problem, should_stop=stop)
    assert allocation.status == "bounded"
    assert check(problem, allocation.assignments) == []


def test_few_evaluators_many_tasks_reach_the_optimum_of_the_full_model():
    chance = random.Random(9)
    evaluators = [Evaluator(f"E{n}", 20, tags=frozenset(chance.sample("abcd", 2))) for n in range(15)]
    quotas = (Quota(tag="a", minimum=1, maximum=2), Quota(tag="b", minimum=1, maximum=2), Quota(tag="c", maximum=1))
    tasks = [Task(f"T{n:02}", 3, quotas) for n in range(75)]
    scores = {(task.id, one.id): chance.randint(0, 1000) * 1000 for task in tasks for one in evaluators}
    problem = build_problem(evaluators, tasks, scores)
    allocation = solve(problem)
    assert check(problem, allocation.assignments) == []
    assert allocation.status in ("proven", "solved")
    assert allocation.objective_value <= allocation.bound
    assert allocation.objective_value == allocation.solver_bound or allocation.status == "proven"


PROGRAM = """
import json, random
from evalhub.domain.allocation import read_instance, solve
from tests.allocation_cases import random_instance
print(json.dumps([solve(read_instance(random_instance(random.Random(n), 8, 14))).assignments for n in range(5)]))
"""


def test_hash_seed_of_the_interpreter_changes_nothing():
    answers = set()
    for seed in ("0", "1", "77"):
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        )
        answers.add(ran.stdout)
    assert len(answers) == 1
    assert json.loads(answers.pop())


def test_known_minimal_shortage_is_proved():
    water = frozenset({"water"})
    evaluators = [Evaluator(f"W{n}", 2, tags=water) for n in range(3)] + [Evaluator(f"E{n}", 9) for n in range(5)]
    tasks = [Task(f"T{n}", 2, (Quota(tag="water", minimum=1),)) for n in range(9)]
    allocation = solve(build_problem(evaluators, tasks, {}))
    assert (allocation.empty_seats, allocation.empty_seats_bound) == (3, 3)
    assert allocation.status == "proven"
    assert [entry.because[0]["code"] for entry in allocation.shortfalls] == ["too_few_carriers"] * 3
