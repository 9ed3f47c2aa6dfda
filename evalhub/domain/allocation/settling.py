"""The two aims above the objective: the fewest empty seats and the fewest missing minimums, with a proof of each.

Only short instances come here. A relaxation that counts nothing but the aim gives a lower bound in whole numbers; seats
that reach it settle the aim, else the full model decides among all pairs where they are few enough.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from evalhub.domain.allocation.certificate import bound_of, leaf_document, leaf_of
from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.full_model import FullModel, open_pairs
from evalhub.domain.allocation.gains import Objective, Seats
from evalhub.domain.allocation.model import OPTIMAL
from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.relaxation import Relaxation
from evalhub.domain.allocation.rounding import MOST_PAIRS, round_point

COUNTED = Objective(weight=0)
KEYS = ("empty_seats", "minimum")


@dataclass(frozen=True)
class Settled:
    """Counts of the higher aims: what `seats` reach, what is proved (`bounds`), and whether the solver claims both."""

    seats: Seats
    empty: int
    missing: int
    bounds: tuple[int, int]
    optimal: bool
    certificate: Mapping[str, Any] = field(default_factory=dict)

    @property
    def proven(self) -> bool:
        """Whether both counts equal their bounds."""
        return (self.empty, self.missing) == self.bounds


def empty_seats(problem: Problem, seats: Seats) -> int:
    """Seats nobody sits in."""
    return int(problem.seats.sum()) - len(seats)


def missing_minimums(problem: Problem, seats: Seats) -> int:
    """Seats the evaluators lack to their minimums, in all."""
    loads = np.bincount([evaluator for _, evaluator in seats], minlength=len(problem.evaluators))
    return int(np.maximum(problem.minimum - loads, 0).sum())


def counts_of(problem: Problem, seats: Seats) -> tuple[int, int]:
    """(empty seats, missing minimums)."""
    return empty_seats(problem, seats), missing_minimums(problem, seats)


def settle(problem: Problem, control: Control, known: tuple[Any, Any], best: Seats) -> Settled:
    """Settle both aims.

    Args:
        known: pairs (tasks, evaluators) worth starting from.
        best: seats at hand that break no rule.
    """
    settled = Settled(best, *counts_of(problem, best), (0, 0), optimal=True)
    for kind, key in enumerate(KEYS):
        if settled.optimal and (settled.empty, settled.missing)[kind]:
            control.tell(key)
            settled = _settle_one(problem, control, known, settled, kind)
    return settled


def _settle_one(problem: Problem, control: Control, known: tuple[Any, Any], settled: Settled, kind: int) -> Settled:
    relaxation = Relaxation(problem, control, COUNTED)
    relaxation.start(np.zeros(len(problem.evaluators)))
    relaxation.add_pairs(*known)
    relaxation.add_seats(settled.seats)
    if kind:
        relaxation.settle(empty=settled.empty)
    relaxation.set_penalties(*((0.0, 1.0) if kind else (1.0, 0.0)))
    point = relaxation.converge()
    if point is None:
        return replace(settled, optimal=False)
    least = max(0, math.ceil(float((point.missing if kind else point.empty).sum()) - 1e-6))
    proved, document = _proof(relaxation, settled, kind, least)
    seats = min(settled.seats, round_point(relaxation, point, control), key=lambda one: counts_of(problem, one))
    optimal = counts_of(problem, seats)[kind] == least
    if not optimal:
        seats, optimal = _full(problem, control, settled, seats, kind)
    bounds = (proved, settled.bounds[1]) if kind == 0 else (settled.bounds[0], proved)
    certificate = {**settled.certificate, KEYS[kind]: document} if proved else settled.certificate
    return Settled(seats, *counts_of(problem, seats), bounds, optimal, certificate)


def _proof(relaxation: Relaxation, settled: Settled, kind: int, least: int) -> tuple[int, dict[str, Any] | None]:
    """The bound that rounded prices prove, and their document; 0 where they prove nothing."""
    for scale in (1, 1000):
        leaf = leaf_of(relaxation, scale)
        unit = leaf.missing if kind else leaf.empty
        if unit <= 0:
            continue
        proved = -(bound_of(relaxation.problem, leaf, COUNTED, settled.empty, 0, open_aim=KEYS[kind]) // unit)
        if proved >= least > 0:
            return proved, leaf_document(relaxation.problem, leaf)
    return 0, None


def _full(problem: Problem, control: Control, settled: Settled, best: Seats, kind: int) -> tuple[Seats, bool]:
    pairs = open_pairs(problem)
    if len(pairs) > MOST_PAIRS:
        return best, False
    model = FullModel(problem, pairs)
    slacks = model.missing if kind else model.empty
    if kind:
        model.program.add(list(model.empty.values()), "<=", settled.empty)
    found = model.minimise(dict.fromkeys(slacks.values(), 1), control, start=best)
    better = min(best, found.seats or best, key=lambda one: counts_of(problem, one))
    return better, found.outcome == OPTIMAL
