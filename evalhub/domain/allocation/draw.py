"""The objective `draw`: random by the public seed alone, among the allocations good enough.

Every pair has a number u from the seed and the instance; the draw is the allocation of greatest sum of u among those
that keep the settled aims and a total of at least (1 - tolerance) x the greatest. Where the certificate proves the
greatest total exactly, the allocations that reach it are those that leave none of its prices unused (complementary
slackness in whole numbers), so the draw needs no row on the total and keeps it to the last millionth.
"""

import hashlib
import hmac
import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evalhub.domain.allocation.certificate import Leaf, bound_of, whole_reduced
from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.full_model import FullModel, Pair
from evalhub.domain.allocation.gains import Objective, seats_total
from evalhub.domain.allocation.model import OPTIMAL, SCALE
from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.rules_rows import RuleRow
from evalhub.domain.allocation.total import Optimum, Outcome, find_optimum

TOTAL = Objective(weight=1)
U_SCALE = 1000 / 2**64
DRAW_GAP = 1e-6
"""Sums of u closer than a thousand-millionth of one u count as equal; none of two allocations ever come so near."""


def lot(problem: Problem, task: int, evaluator: int) -> int:
    """u(t, e): first 8 bytes of HMAC-SHA256(seed, instance hash | task | evaluator), 0 to 2^64 - 1."""
    message = f"{problem.sha256}|{problem.tasks[task].id}|{problem.evaluators[evaluator].id}"
    key = bytes.fromhex(problem.policy.seed)
    return int.from_bytes(hmac.digest(key, message.encode(), hashlib.sha256)[:8], "big")


def solve_draw(problem: Problem, control: Control) -> Outcome:
    """The allocation the seed draws.

    Raises:
        NothingFound: stopped before it began.
    """
    optimum = find_optimum(problem, control, TOTAL)
    outcome = optimum.outcome
    if not outcome.optimal or not outcome.seats:
        return outcome
    control.tell("draw", outcome.rounds, outcome.columns)
    model = _good_enough(problem, optimum)
    costs = {variable: -lot(problem, *pair) * U_SCALE for pair, variable in model.seat.items()}
    found = model.minimise(costs, control, DRAW_GAP)
    return replace(outcome, seats=found.seats or outcome.seats, optimal=found.outcome == OPTIMAL)


def _good_enough(problem: Problem, optimum: Optimum) -> FullModel:
    """A model whose solutions are the allocations the seed may choose from."""
    outcome, leaf = optimum.outcome, optimum.leaf
    assert leaf is not None
    settled = outcome.settled
    best = seats_total(problem, outcome.seats)
    least = math.ceil((1 - problem.policy.tolerance) * best)
    proved = bound_of(problem, leaf, TOTAL, settled.empty, settled.missing)
    room = proved - least * leaf.scale
    pairs, certain = _inside(problem, leaf, room)
    model = FullModel(problem, sorted({*pairs, *outcome.seats}))
    for pair in certain:
        model.seat[pair].lowBound = 1
    for slacks, most in ((model.empty, settled.empty), (model.missing, settled.missing)):
        if slacks:
            model.program.add(list(slacks.values()), "<=", most)
    if room == 0 and not settled.empty and not settled.missing:
        _use_every_price(problem, leaf, model)
    else:
        array = np.array(model.pairs, dtype=np.int32)
        scores = problem.scores.at(array[:, 0], array[:, 1]).tolist()
        terms = {model.seat[pair]: score / SCALE for pair, score in zip(model.pairs, scores, strict=True)}
        model.program.add(terms, ">=", (least - 0.5) / SCALE)
    return model


def _inside(problem: Problem, leaf: Leaf, room: int) -> tuple[list[Pair], list[Pair]]:
    """Pairs some good enough allocation may hold, and those every one of them must hold."""
    pairs: list[Pair] = []
    certain: list[Pair] = []
    for tasks, reduced, closed in whole_reduced(problem, leaf, TOTAL):
        reduced[closed] = -room - 1
        pairs += _pairs(tasks, reduced >= -room)
        certain += _pairs(tasks, reduced > room)
    return pairs, certain


def _pairs(tasks: NDArray[np.int32], mask: NDArray[np.bool_]) -> list[Pair]:
    rows, columns = np.nonzero(mask)
    return list(zip(tasks[rows].tolist(), columns.tolist(), strict=True))


def _use_every_price(problem: Problem, leaf: Leaf, model: FullModel) -> None:
    """Rows with a price hold with equality in every allocation of the greatest total."""
    by_evaluator: dict[int, list[Pair]] = {}
    for pair in model.pairs:
        by_evaluator.setdefault(pair[1], []).append(pair)
    for prices, counts in ((leaf.evaluators, problem.capacity), (-leaf.minimums, problem.minimum)):
        for evaluator in np.flatnonzero(prices).tolist():
            seats = [model.seat[pair] for pair in by_evaluator.get(evaluator, ())]
            model.program.add(seats, "==", int(counts[evaluator]))
    for rule, _ in leaf.rules:
        model.program.add(_counted(problem, rule, model), "==", rule.bound)


def _counted(problem: Problem, rule: RuleRow, model: FullModel) -> list:
    tasks = problem.limits[rule.place].tasks.tolist() if rule.kind == "limit" else [rule.task]
    members = rule.members(problem).tolist()
    return [model.seat[task, one] for task in tasks for one in members if (task, one) in model.seat]
