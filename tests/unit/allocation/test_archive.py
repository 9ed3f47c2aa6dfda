"""An archived instance is the problem it was written from."""

import hashlib
import random

import numpy as np

from evalhub.domain.allocation import instance_bytes, read_instance, solve
from tests.allocation_cases import random_instance


def test_archived_instance_reads_back_as_the_same_problem():
    for seed in range(30):
        document = random_instance(random.Random(seed), 6, 9)
        document["policy"] |= {"objective": "draw", "tolerance": 0.05, "seed": "beef"}
        problem = read_instance(document)
        content = instance_bytes(problem)
        again = read_instance(content)
        assert again.sha256 == hashlib.sha256(content).hexdigest()
        assert (again.evaluators, again.tasks, again.policy) == (problem.evaluators, problem.tasks, problem.policy)
        assert np.array_equal(again.scores.rows(0, 6), problem.scores.rows(0, 6))
        assert (again.apart, again.current, again.fixed) == (problem.apart, problem.current, problem.fixed)
        assert instance_bytes(again) == content


def test_archived_instance_gives_the_same_seats():
    problem = read_instance(random_instance(random.Random(8), 8, 12))
    assert solve(read_instance(instance_bytes(problem))).assignments == solve(problem).assignments
