"""The objective `lottery`: no pair is seated with a probability above the cap.

First the marginals, a linear program: greatest expected total with every pair at most `max_probability`. Then one
allocation by seeded dependent rounding: the fractions flow through a network (task, its nested sets of evaluators,
pair, evaluator), every sum in it is rounded up or down by turning along cycles, and each pair is seated with exactly
the probability of its marginal (Gandhi, Khuller, Parthasarathy, Srinivasan, J. ACM 53(3), 2006).
"""

import hashlib
import hmac
from collections.abc import Iterator

import numpy as np

from evalhub.domain.allocation.control import Control
from evalhub.domain.allocation.faults import InvalidInstance, NothingFound
from evalhub.domain.allocation.gains import Objective, Seats
from evalhub.domain.allocation.greedy import greedy_seats
from evalhub.domain.allocation.nested_rules import nested_sets, own_limits
from evalhub.domain.allocation.problem import Problem
from evalhub.domain.allocation.recount import check
from evalhub.domain.allocation.relaxation import Point, Relaxation
from evalhub.domain.allocation.rounding_network import Network
from evalhub.domain.allocation.settling import Settled, counts_of
from evalhub.domain.allocation.total import Outcome, stopped

EMPTY_POINTS, MISSING_POINTS = 1000.0, 30.0
ATTEMPTS = 20
DIGITS = 10**9
"""Marginals are whole multiples of a thousand-millionth, so that rounding works in whole numbers."""


def solve_lottery(problem: Problem, control: Control) -> Outcome:
    """One allocation of the lottery, with its marginals.

    Raises:
        NothingFound: stopped before it began.
        InvalidInstance: no pair may be seated at all (`max_probability` 0 with seats wanted).
    """
    if control.stopped():
        raise NothingFound
    cap = problem.policy.max_probability
    if not cap:
        raise InvalidInstance("policy.max_probability", "nobody_may_be_seated")
    relaxation = Relaxation(problem, control, Objective(), most=float(cap))
    relaxation.start(np.zeros(len(problem.evaluators)))
    relaxation.set_penalties(EMPTY_POINTS, MISSING_POINTS)
    point = relaxation.converge()
    if point is not None:
        point = _whole_empty_seats(problem, relaxation, point)
    if point is None:
        return stopped(problem, greedy_seats(problem))
    control.tell("draw", relaxation.rounds, relaxation.columns)
    shares = _shares(point, round(float(cap) * DIGITS))
    seats = _first_sound(problem, shares)
    settled = Settled(seats, *counts_of(problem, seats), (0, 0), optimal=True)
    marginals = tuple((task, one, share / DIGITS) for (task, one), share in sorted(shares.items()))
    return Outcome(seats, True, settled, columns=relaxation.columns, rounds=relaxation.rounds, marginals=marginals)


def _whole_empty_seats(problem: Problem, relaxation: Relaxation, point: Point) -> Point | None:
    """An empty seat counts for every minimum of its task, so there it must not be a fraction: it is rounded up."""
    for _ in range(len(problem.tasks) + 1):
        broken = [
            task
            for task in np.flatnonzero(np.abs(point.empty - np.rint(point.empty)) > 1e-7).tolist()
            if any(rule.low for rule in problem.rules_of(task))
        ]
        if not broken:
            return point
        columns = np.array(broken, dtype=np.int32)
        least = np.ceil(point.empty[columns] - 1e-7)
        relaxation.master.change_bounds(columns, least, problem.seats[columns].astype(np.float64))
        following = relaxation.converge()
        if following is None:
            return None
        point = following
    return point


def _shares(point: Point, most: int) -> dict[tuple[int, int], int]:
    table = point.seats.tocoo()
    shares = np.minimum(np.rint(table.data * DIGITS).astype(np.int64), most).tolist()
    entries = zip(table.row.tolist(), table.col.tolist(), shares, strict=True)
    return {(task, evaluator): share for task, evaluator, share in entries if share}


def _first_sound(problem: Problem, shares: dict[tuple[int, int], int]) -> Seats:
    """Shares of a thousand-millionth may sum to a hair beside a whole number; a rounding that falls into it is drawn again."""
    seed = bytes.fromhex(problem.policy.seed)
    for attempt in range(ATTEMPTS):
        seats = round_shares(problem, shares, seed, attempt)
        if not check(problem, [(problem.tasks[task].id, problem.evaluators[one].id) for task, one in seats]):
            return seats
    raise NothingFound


def round_shares(problem: Problem, shares: dict[tuple[int, int], int], seed: bytes, attempt: int = 0) -> Seats:
    """Seats with given marginals (in 1/DIGITS): the counts of tasks, nested sets and evaluators end beside theirs."""
    network = Network(DIGITS, _chance(seed, f"{problem.sha256}|lottery|{attempt}"))
    sets = {task: nested_sets(problem, task) for task, _ in shares}
    limits = own_limits(problem)
    for (task, evaluator), share in sorted(shares.items()):
        above = [("set", task, place) for place, members in enumerate(sets[task]) if evaluator in members]
        below = [("limit", number) for number, tasks in limits.get(evaluator, ()) if task in tasks]
        pair = ("pair", task, evaluator)
        network.add_chain([("task", task), *above, pair, *below, ("load", evaluator)], share)
        network.pairs[task, evaluator] = ((above or [("task", task)])[-1], pair)
    network.round()
    return frozenset(pair for pair, arc in network.pairs.items() if network.share(*arc) == DIGITS)


def _chance(seed: bytes, stem: str) -> Iterator[int]:
    """Whole numbers of 64 bits from the seed, one after the other."""
    number = 0
    while True:
        message = f"{stem}|{number}".encode()
        yield int.from_bytes(hmac.digest(seed, message, hashlib.sha256)[:8], "big")
        number += 1
