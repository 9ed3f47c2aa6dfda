"""Random instances of the exchange format, and the answers an exhaustive search gives to small ones.

The search reads the document alone and shares nothing with the engine: a table of reachable loads, task by task.
"""

import itertools
import random
from collections import Counter
from fractions import Fraction
from typing import Any

Document = dict[str, Any]


def make_instance(**changes: Any) -> Document:
    """A valid instance: three evaluators, two tasks of two seats."""
    document: Document = {
        "format": "evalhub.allocation/1",
        "evaluators": [
            {"id": "E1", "capacity": 2, "tags": ["senior"], "groups": {"employer": ["A"], "region": "N"}},
            {"id": "E2", "capacity": 2, "tags": ["finance"], "groups": {"employer": ["B"], "region": "N"}},
            {"id": "E3", "capacity": 2, "tags": ["senior", "finance"], "groups": {"employer": ["A", "C"]}},
        ],
        "tasks": [
            {"id": "T1", "seats": 2, "quotas": [{"tag": "senior", "min": 1}, {"group": "employer", "max": 1}]},
            {"id": "T2", "seats": 1},
        ],
        "suitability": {
            "pairs": [["T1", "E1", 0.9], ["T1", "E2", 0.5], ["T1", "E3", 0.6], ["T2", "E2", 0.25]],
            "default": 0.1,
        },
    }
    return document | changes


def random_instance(chance: random.Random, tasks: int, evaluators: int, plenty: bool = False) -> Document:
    """A random instance with every kind of rule; often short of seats unless `plenty`."""
    names = [f"E{number}" for number in range(evaluators)]
    jobs = [f"T{number}" for number in range(tasks)]
    tags = ["a", "b", "c"]
    crowd = [
        {
            "id": name,
            "capacity": (capacity := chance.choice([2, 3, 4] if plenty else [0, 1, 1, 2, 2])),
            "minimum": chance.choice([0, 0, 0, min(1, capacity)]),
            "tags": [tag for tag in tags if chance.random() < 0.4],
            "groups": {
                "employer": chance.sample(["X", "Y", "Z"], chance.choice([1, 1, 2])),
                "region": chance.choice("NS"),
            },
        }
        for name in names
    ]
    panels = [
        {"id": job, "seats": (seats := chance.randint(0, 3)), "quotas": _quotas(chance, seats, tags)} for job in jobs
    ]
    pairs = [(job, name) for job in jobs for name in names]
    return {
        "format": "evalhub.allocation/1",
        "evaluators": crowd,
        "tasks": panels,
        "suitability": {
            "pairs": [[*pair, chance.randint(0, 40) / 40] for pair in pairs if chance.random() < 0.8],
            "default": chance.choice([None, 0.0, 0.3]),
        },
        "conflicts": [[*pair, chance.choice(["R1", "R4"])] for pair in pairs if chance.random() < 0.15],
        "apart": [[*pair, "R12"] for pair in itertools.combinations(names, 2) if chance.random() < 0.08],
        "limits": [
            {
                "evaluators": chance.sample(names, min(2, evaluators)),
                "tasks": chance.sample(jobs, min(3, tasks)),
                "max": 1,
            }
            for _ in range(chance.randint(0, 2))
        ],
        "current": [list(pair) for pair in pairs if chance.random() < 0.1],
        "policy": {"change_cost": chance.choice([0, 0, 0.2])},
    }


def _quotas(chance: random.Random, seats: int, tags: list[str]) -> list[Document]:
    found: list[Document] = []
    for tag in tags:
        if chance.random() < 0.35:
            least = chance.randint(0, min(seats, 2))
            found.append(
                {"tag": tag, "min": least} | ({"max": chance.randint(least, 3)} if chance.random() < 0.3 else {})
            )
    if chance.random() < 0.4:
        found.append({"group": "employer", "max": 1})
    if chance.random() < 0.3:
        found.append({"group": "region", "max": 2})
    return found


class Exhaustive:
    """Best answers to a small instance: `empty`, `missing`, and `total()` or `fair()` at those."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.names = [one["id"] for one in document["evaluators"]]
        self.people = {one["id"]: one for one in document["evaluators"]}
        self.jobs = sorted(document["tasks"], key=lambda job: job["id"])
        self.scores = {(t, e): round(score * 1_000_000) for t, e, score in document["suitability"]["pairs"]}
        default = document["suitability"]["default"]
        self.default = None if default is None else round(default * 1_000_000)
        self.out = {(t, e) for t, e, _ in document.get("conflicts", [])}
        self.fixed = {(t, e) for t, e in document.get("fixed", [])}
        self.cost = round(document.get("policy", {}).get("change_cost", 0) * 1_000_000)
        self.current = {(t, e) for t, e in document.get("current", [])} - self.out
        self.panels = {job["id"]: [p for p in self._subsets(job) if self._allowed(job, p)] for job in self.jobs}

    def _subsets(self, job: Document):
        free = [
            name
            for name in self.names
            if (job["id"], name) not in self.out
            and self.people[name]["capacity"]
            and self.scores.get((job["id"], name), self.default) is not None
        ]
        for size in range(job["seats"] + 1):
            yield from itertools.combinations(free, size)

    def _allowed(self, job: Document, panel: tuple[str, ...]) -> bool:
        empty = job["seats"] - len(panel)
        for quota in job.get("quotas", []):
            if "tag" in quota:
                carriers = sum(quota["tag"] in self.people[name].get("tags", []) for name in panel)
                if carriers + empty < quota.get("min", 0) or carriers > quota.get("max", carriers):
                    return False
            else:
                values = Counter(v for name in panel for v in self._values(name, quota["group"]))
                if any(count > quota["max"] for count in values.values()):
                    return False
        if any(one in panel and other in panel for one, other, _ in self.document.get("apart", [])):
            return False
        return all(name in panel for task, name in self.fixed if task == job["id"])

    def _values(self, name: str, group: str) -> set[str]:
        values = self.people[name].get("groups", {}).get(group, [])
        return {values} if isinstance(values, str) else set(values)

    def _points(self, job: str, panel: tuple[str, ...]) -> int:
        return sum(self.scores.get((job, name), self.default) for name in panel)

    def _gain(self, job: str, panel: tuple[str, ...]) -> int:
        return self._points(job, panel) + self.cost * sum((job, name) in self.current for name in panel)

    def _step(self, state, job: str, panel: tuple[str, ...]):
        loads, used = list(state[0]), list(state[1])
        for name in panel:
            place = self.names.index(name)
            loads[place] += 1
            if loads[place] > self.people[name]["capacity"]:
                return None
        for number, limit in enumerate(self.document.get("limits", [])):
            if job in limit["tasks"]:
                used[number] += sum(name in limit["evaluators"] for name in panel)
                if used[number] > limit["max"]:
                    return None
        return tuple(loads), tuple(used)

    def _start(self):
        return (0,) * len(self.names), (0,) * len(self.document.get("limits", []))

    def _missing(self, loads: tuple[int, ...]) -> int:
        wishes = [self.people[name].get("minimum", 0) for name in self.names]
        return sum(max(0, wish - load) for wish, load in zip(wishes, loads, strict=True))

    def total(self) -> tuple[int, int, int]:
        """(empty seats, missing minimums, objective value in millionths)."""
        states = {self._start(): 0}
        for job in self.jobs:
            following: dict = {}
            for state, value in states.items():
                for panel in self.panels[job["id"]]:
                    after = self._step(state, job["id"], panel)
                    if after is not None:
                        better = value + self._gain(job["id"], panel)
                        following[after] = max(following.get(after, better), better)
            states = following
        wanted = sum(job["seats"] for job in self.jobs)
        best = min((wanted - sum(loads), self._missing(loads), -value) for (loads, _), value in states.items())
        return best[0], best[1], -best[2] - self.cost * len(self.current)

    def fair(self) -> tuple[int, int, tuple[int, ...], Fraction | None, int]:
        """(empty, missing, empty seats per task in order of id, worst in millionths, objective value)."""
        states: dict = {(*self._start(), ()): {(None, 0)}}
        for job in self.jobs:
            following: dict = {}
            for (loads, used, empties), values in states.items():
                for panel in self.panels[job["id"]]:
                    after = self._step((loads, used), job["id"], panel)
                    if after is None:
                        continue
                    key = (*after, (*empties, job["seats"] - len(panel)))
                    mean = Fraction(self._points(job["id"], panel), len(panel)) if panel else None
                    gain = self._gain(job["id"], panel)
                    entries = following.setdefault(key, set())
                    entries.update((_least(worst, mean), value + gain) for worst, value in values)
            states = {key: _front(values) for key, values in following.items()}
        best = min(
            (sum(empties), self._missing(loads), max(empties, default=0), empties) for loads, _, empties in states
        )
        ends = [
            value
            for (loads, _, empties), values in states.items()
            if (sum(empties), self._missing(loads), max(empties, default=0), empties) == best
            for value in values
        ]
        worst, value = max(ends, key=lambda end: (end[0] if end[0] is not None else -1, end[1]))
        return best[0], best[1], best[3], worst, value - self.cost * len(self.current)

    def drawn(self, lots: dict[tuple[str, str], int], tolerance: Fraction) -> tuple[int, int]:
        """(total, sum of lots) of the allocation of greatest sum of lots among those with a total good enough."""
        states: dict = {self._start(): {(0, 0)}}
        for job in self.jobs:
            following: dict = {}
            for state, values in states.items():
                for panel in self.panels[job["id"]]:
                    after = self._step(state, job["id"], panel)
                    if after is None:
                        continue
                    points = self._points(job["id"], panel)
                    luck = sum(lots[job["id"], name] for name in panel)
                    following.setdefault(after, set()).update((p + points, u + luck) for p, u in values)
            states = {key: _front(values) for key, values in following.items()}
        best = min((-sum(loads), self._missing(loads)) for loads, _ in states)
        ends = [
            value
            for (loads, _), values in states.items()
            if (-sum(loads), self._missing(loads)) == best
            for value in values
        ]
        least = (1 - tolerance) * max(total for total, _ in ends)
        return max((end for end in ends if end[0] >= least), key=lambda end: end[1])


def _least(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return min((value for value in (one, other) if value is not None), default=None)


def _front(values: set) -> set:
    """Pairs (worst, value) that no other pair beats on both."""
    ordered = sorted(values, key=lambda one: (one[0] is None, one[0] or 0, one[1]), reverse=True)
    front, best = set(), None
    for worst, value in ordered:
        if best is None or value > best:
            front.add((worst, value))
            best = value
    return front
