"""Judges a result file against its instance file: every rule recounted, every figure recomputed, in integers alone.

One file on the standard library (numpy only where a matrix is given and numpy is present), sharing nothing with the
program that made the result, so that an outsider can run it: `python3 verify.py INSTANCE.json RESULT.json`.
Exit status 0: every rule holds; 1: faults, one per line; 2: a file that cannot be read as what it should be.
"""

import array
import hashlib
import json
import struct
import sys
import zipfile
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

MICRO = 1_000_000
RESULT_KEYS = {
    "format", "instance_sha256", "array_sha256", "status", "short", "assignments", "empty_seats", "empty_seats_bound",
    "total", "worst", "objective_value", "bound", "worst_bound", "solver_bound", "gap", "shortfalls", "certificate",
    "solver",
}  # fmt: skip


class Unreadable(Exception):
    """A file that is not an instance or not a result."""


def read_document(path):
    """The JSON document of a file, numbers as int or Decimal, and the SHA-256 of its bytes."""
    content = Path(path).read_bytes()
    try:
        document = json.loads(content.decode("utf-8"), parse_float=Decimal, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: {error}") from None
    if not isinstance(document, dict):
        raise Unreadable(f"{path}: not an object")
    return document, hashlib.sha256(content).hexdigest()


def _unique(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return dict(pairs)


class Instance:
    """The rules of an instance, by id."""

    def __init__(self, document, sha256, folder):
        if document.get("format") != "evalhub.allocation/1":
            raise Unreadable("instance: format is not evalhub.allocation/1")
        self.sha256, self.array_sha256 = sha256, None
        self.evaluators = {one["id"]: one for one in document["evaluators"]}
        self.tasks = {one["id"]: one for one in document["tasks"]}
        self.conflicts = defaultdict(set)
        for task, evaluator, rule in document.get("conflicts", []):
            self.conflicts[task, evaluator].add(rule)
        self.apart = [(one, other, rule) for one, other, rule in document.get("apart", [])]
        self.limits = document.get("limits", [])
        self.fixed = [tuple(pair) for pair in document.get("fixed", [])]
        self.current = [tuple(pair) for pair in document.get("current", [])]
        self.policy = document.get("policy", {})
        self.change_cost = millionths(self.policy.get("change_cost", 0))
        self._read_suitability(document["suitability"], folder)

    def _read_suitability(self, suitability, folder):
        if "matrix" in suitability:
            self.pairs, self.default = {}, None
            self.rows, self.array_sha256 = read_matrix(folder / suitability["matrix"], suitability["array"])
            self.row_of = {task: number for number, task in enumerate(self.tasks)}
            self.column_of = {evaluator: number for number, evaluator in enumerate(self.evaluators)}
            if len(self.rows) != len(self.tasks) or any(len(row) != len(self.evaluators) for row in self.rows):
                raise Unreadable("instance: the matrix has another shape than the lists")
        else:
            self.rows = None
            self.pairs = {(task, evaluator): millionths(score) for task, evaluator, score in suitability["pairs"]}
            self.default = None if suitability["default"] is None else millionths(suitability["default"])

    def score(self, task, evaluator):
        """Millionths of a pair; None when it is not listed and has no default."""
        if self.rows is None:
            return self.pairs.get((task, evaluator), self.default)
        return micro_of_float(self.rows[self.row_of[task]][self.column_of[evaluator]])


def millionths(number):
    """A decimal number of points in whole millionths, half up."""
    return int((Decimal(str(number)) * MICRO).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def micro_of_float(value):
    """A float32 value in whole millionths, half up, from its exact value."""
    return int((Fraction(float(value)) * MICRO * 2 + 1) // 2)


def read_matrix(path, name):
    """Rows of float32 of one array of a .npz archive, and the SHA-256 of its bytes in C order."""
    with zipfile.ZipFile(path) as archive:
        content = archive.read(name + ".npy")
    if content[:6] != b"\x93NUMPY":
        raise Unreadable("instance: the matrix is not an array file")
    wide = content[6] >= 2
    length = struct.unpack_from("<I" if wide else "<H", content, 8)[0]
    start = (12 if wide else 10) + length
    header = content[12 if wide else 10 : start].decode("latin1")
    if "'<f4'" not in header or "'fortran_order': True" in header:
        raise Unreadable("instance: the matrix is not little-endian float32 in C order")
    height, width = (int(part) for part in header.split("(")[1].split(")")[0].split(","))
    body = content[start:]
    values = array.array("f", body)
    if sys.byteorder == "big":
        values.byteswap()
    return [values[row * width : (row + 1) * width] for row in range(height)], hashlib.sha256(body).hexdigest()


def judge(instance, result):
    """Every fault of a result, as lines of text; empty when all holds."""
    faults = []
    unknown = set(result) - RESULT_KEYS - {"marginals"}
    if unknown or RESULT_KEYS - set(result):
        names = sorted(unknown) or sorted(RESULT_KEYS - set(result))
        raise Unreadable(f"result: unknown or missing keys: {', '.join(names)}")
    if result["format"] != "evalhub.allocation.result/1":
        raise Unreadable("result: format is not evalhub.allocation.result/1")
    for key in ("instance_sha256", "array_sha256"):
        stated, found = result[key], getattr(instance, key.replace("instance_", ""))
        if stated != found:
            faults.append(f"{key}: stated {stated}, the file has {found}")
    seats = [tuple(pair) for pair in result["assignments"]]
    if seats != sorted(set(seats)):
        faults.append("assignments: not sorted, or a pair stands twice")
    strangers = [pair for pair in seats if pair[0] not in instance.tasks or pair[1] not in instance.evaluators]
    if strangers:
        return faults + [f"assignments: unknown pair {pair}" for pair in strangers]
    return faults + judge_rules(instance, set(seats)) + judge_figures(instance, set(seats), result)


def judge_rules(instance, seats):
    """Broken rules of the seats."""
    panels, loads = defaultdict(list), Counter()
    faults = []
    for task, evaluator in sorted(seats):
        panels[task].append(evaluator)
        loads[evaluator] += 1
        if (task, evaluator) in instance.conflicts:
            rules = ", ".join(sorted(instance.conflicts[task, evaluator]))
            faults.append(f"conflict: {evaluator} sits in {task} against {rules}")
        if instance.score(task, evaluator) is None:
            faults.append(f"not listed: {evaluator} may not sit in {task}")
    faults += [
        f"capacity: {one} has {loads[one]} seats, at most {value['capacity']}"
        for one, value in instance.evaluators.items()
        if loads[one] > value["capacity"]
    ]
    faults += [f"fixed: {pair[1]} does not sit in {pair[0]}" for pair in instance.fixed if pair not in seats]
    for number, limit in enumerate(instance.limits):
        used = sum(task in set(limit["tasks"]) and one in set(limit["evaluators"]) for task, one in seats)
        if used > limit["max"]:
            faults.append(f"limits[{number}]: {used} seats, at most {limit['max']}")
    for task in instance.tasks:
        faults += judge_panel(instance, task, panels[task])
    return faults


def judge_panel(instance, task, panel):
    """Broken rules of one panel: seats, quotas, apart."""
    seats = instance.tasks[task]["seats"]
    faults = [f"seats: {task} has {len(panel)}, at most {seats}"] if len(panel) > seats else []
    empty = max(0, seats - len(panel))
    for number, quota in enumerate(instance.tasks[task].get("quotas", [])):
        if "tag" in quota:
            counts = Counter(quota["tag"] for one in panel if quota["tag"] in instance.evaluators[one].get("tags", []))
            carriers = counts[quota["tag"]]
            if carriers + empty < quota.get("min", 0):
                faults.append(f"quota: {task} quota {number} has {carriers} and {empty} empty, at least {quota['min']}")
        else:
            counts = Counter(value for one in panel for value in group_values(instance, one, quota["group"]))
        faults += [
            f"quota: {task} quota {number} has {count} of {value}, at most {quota['max']}"
            for value, count in sorted(counts.items())
            if count > quota.get("max", count)
        ]
    together = set(panel)
    for one, other, rule in instance.apart:
        if one in together and other in together:
            faults.append(f"apart: {one} and {other} share {task} against {rule}")
    return faults


def group_values(instance, evaluator, group):
    """The values one evaluator has in a group."""
    values = instance.evaluators[evaluator].get("groups", {}).get(group, [])
    return {values} if isinstance(values, str) else set(values)


def judge_figures(instance, seats, result):
    """Figures of the result that the seats do not bear out."""
    sums, filled = Counter(), Counter()
    for task, evaluator in seats:
        sums[task] += instance.score(task, evaluator) or 0
        filled[task] += 1
    total = sum(sums.values())
    dropped = [pair for pair in instance.current if pair not in seats and pair not in instance.conflicts]
    empty = {task: value["seats"] - filled[task] for task, value in instance.tasks.items()}
    expected = {
        "total": total,
        "worst": min((sums[task] // filled[task] for task in filled), default=None),
        "objective_value": total - instance.change_cost * len(dropped),
    }
    faults = [
        f"{name}: stated {result[name]}, the seats give {show(value)}"
        for name, value in expected.items()
        if exact(result, name) != value
    ]
    if result["empty_seats"] != sum(empty.values()):
        faults.append(f"empty_seats: stated {result['empty_seats']}, the seats leave {sum(empty.values())}")
    if result["short"] is not (sum(empty.values()) > 0):
        faults.append(f"short: stated {result['short']}")
    loads = Counter(evaluator for _, evaluator in seats)
    missing = sum(max(0, value.get("minimum", 0) - loads[one]) for one, value in instance.evaluators.items())
    expected["worst_exact"] = min((Fraction(sums[task], filled[task]) for task in filled), default=Fraction(0))
    if "marginals" in result:
        faults += judge_marginals(instance, seats, result["marginals"])
    return (
        faults
        + judge_shortfalls(instance, result, seats, empty)
        + judge_bounds(instance, result, expected, empty, missing)
    )


def judge_marginals(instance, seats, marginals):
    """Marginals of a lottery: none above the cap, sums within seats and capacities, every seated pair among them."""
    cap = Fraction(instance.policy.get("max_probability", 1))
    if instance.policy.get("objective") != "lottery":
        return ["marginals: stated, but the instance asks for no lottery"]
    faults, sums = [], Counter()
    listed = {(task, one): Fraction(share) for task, one, share in marginals}
    for (task, one), share in listed.items():
        if not 0 < share <= cap:
            faults.append(f"marginals: {one} in {task} has {float(share)}, at most {float(cap)}")
        if (task, one) in instance.conflicts or instance.score(task, one) is None:
            faults.append(f"marginals: {one} may not sit in {task}")
        sums["task", task] += share
        sums["evaluator", one] += share
    most = {("task", task): value["seats"] for task, value in instance.tasks.items()}
    most |= {("evaluator", one): value["capacity"] for one, value in instance.evaluators.items()}
    slack = Fraction(len(listed) + 1, 10**8)
    faults += [
        f"marginals: {kind} {name} has too much"
        for (kind, name), sum_ in sums.items()
        if sum_ > most[kind, name] + slack
    ]
    faults += [f"marginals: {one} sits in {task} without one" for task, one in sorted(seats - set(listed))]
    return faults if len(listed) == len(marginals) else [*faults, "marginals: a pair stands twice"]


def exact(result, name):
    """A stated number of points in millionths, exact; None for null, the text itself for anything else."""
    stated = result[name]
    if stated is None or isinstance(stated, bool) or not isinstance(stated, int | Decimal):
        return None if stated is None else f"not a number: {stated}"
    return Fraction(stated) * MICRO


def show(millionth_parts):
    return None if millionth_parts is None else Decimal(millionth_parts) / MICRO


def judge_shortfalls(instance, result, seats, empty):
    """Shortfalls must name exactly the short tasks and the evaluators below their minimum, with the right counts."""
    loads = Counter(evaluator for _, evaluator in seats)
    expected = {("task", task): count for task, count in empty.items() if count > 0}
    for one, value in instance.evaluators.items():
        if loads[one] < value.get("minimum", 0):
            expected["evaluator", one] = value["minimum"] - loads[one]
    stated = {}
    for entry in result["shortfalls"]:
        kind = "task" if "task" in entry else "evaluator"
        stated[kind, entry.get(kind)] = entry.get("empty_seats" if kind == "task" else "missing")
    return [
        f"shortfalls: {kind} {name}: stated {stated.get((kind, name))}, the seats give {expected.get((kind, name))}"
        for kind, name in sorted(set(expected) | set(stated), key=str)
        if stated.get((kind, name)) != expected.get((kind, name))
    ]


def judge_bounds(instance, result, expected, empty, missing):
    """Bounds, gap and status that the certificate does not prove."""
    certificate = result["certificate"]
    unknown = set(certificate) - {"empty_seats", "minimum", "objective", "worst"}
    faults = [f"certificate: unknown part {name}" for name in sorted(unknown)]
    least_empty = prove_count(instance, certificate.get("empty_seats"), "empty_seats", 0)
    least_missing = prove_count(instance, certificate.get("minimum"), "minimum", sum(empty.values()))
    if result["empty_seats_bound"] != least_empty:
        faults.append(f"empty_seats_bound: stated {result['empty_seats_bound']}, the certificate proves {least_empty}")
    bound = None
    if "objective" in certificate:
        counts = {"empty": sum(empty.values()), "missing": missing}
        bound = prove_total(instance, certificate["objective"], counts, empty, expected["worst_exact"])
    if exact(result, "bound") != bound:
        faults.append(f"bound: stated {result['bound']}, the certificate proves {show(bound)}")
    worst_bound = prove_worst(instance, certificate["worst"], empty, missing) if "worst" in certificate else None
    floored = "worst" in certificate or "floors" in certificate.get("objective", ())
    if floored and instance.policy.get("objective") != "fair":
        faults.append("certificate: floors are stated, but the instance does not ask for fair")
    if exact(result, "worst_bound") != worst_bound:
        faults.append(f"worst_bound: stated {result['worst_bound']}, the certificate proves {show(worst_bound)}")
    aims_proven = (sum(empty.values()), missing) == (least_empty, least_missing)
    if instance.policy.get("objective") == "fair":
        aims_proven = aims_proven and not least_empty and worst_bound == expected["worst"]
    return faults + judge_status(result, expected, bound, aims_proven)


def judge_status(result, expected, bound, aims_proven):
    """Status and gap against the proved bound."""
    faults = []
    if result["status"] not in ("proven", "solved", "bounded"):
        faults.append(f"status: {result['status']}")
    if result["status"] == "proven" and not (aims_proven and bound == expected["objective_value"]):
        faults.append("status: proven is stated, but the certificate does not reach the result")
    if bound is not None and bound < expected["objective_value"]:
        faults.append(f"certificate: proves {show(bound)}, less than the seats have")
    gap = None if bound is None else Fraction(bound - expected["objective_value"]) / max(MICRO, abs(bound))
    stated = result["gap"]
    if (gap is None) != (stated is None) or (gap is not None and abs(gap - Fraction(stated)) > Fraction(1, 10**15)):
        faults.append(f"gap: stated {stated}, the bound gives {None if gap is None else float(gap)}")
    return faults


def prove_count(instance, leaf, aim, empty):
    """The least count of one higher aim that a leaf proves; 0 without one."""
    if leaf is None:
        return 0
    unit = leaf["missing" if aim == "minimum" else "empty"]
    if unit <= 0:
        return 0
    prices = Prices(instance, leaf)
    return max(0, -(prices.bound(0, {"empty": empty, "missing": 0}, open_aim=aim) // unit))


def prove_total(instance, node, counts, empty, worst, out=(), inside=()):
    """The greatest objective value a leaf, or a tree of leaves, allows at the settled counts, in millionths."""
    if "out" in node:
        pair = node["task"], node["evaluator"]
        first = prove_total(instance, node["out"], counts, empty, worst, (*out, pair), inside)
        return max(first, prove_total(instance, node["in"], counts, empty, worst, out, (*inside, pair)))
    prices = Prices(instance, node, out, inside)
    kept = [pair for pair in instance.current if pair not in instance.conflicts]
    bound = prices.bound(1, counts, per_task=empty if "floors" in node else None, worst=worst)
    return bound // node["scale"] - instance.change_cost * len(kept)


def prove_worst(instance, leaf, empty, missing):
    """The greatest worst mean a leaf allows at the settled empty seats, in millionths, rounded down."""
    prices = Prices(instance, leaf)
    counts = {"empty": sum(empty.values()), "missing": missing}
    weight = sum(-floor * (instance.tasks[task]["seats"] - empty[task]) for task, floor in prices.floors.items())
    if weight <= 0:
        raise Unreadable("certificate: worst gives no weight to any task")
    return prices.bound(0, counts, per_task=empty) // weight


class Prices:
    """Whole prices of one leaf; each must have the sign that makes the bound hold for every allocation."""

    def __init__(self, instance, leaf, out=(), inside=()):
        self.instance, self.scale = instance, whole(leaf["scale"])
        self.tasks = dict(zip(sorted(instance.tasks), map(whole, leaf["tasks"]), strict=True))
        loads = dict(zip(sorted(instance.evaluators), map(whole, leaf["evaluators"]), strict=True))
        self.minimums = {one: whole(price) for one, price in leaf["minimums"]}
        self.empty, self.missing = whole(leaf["empty"]), whole(leaf["missing"])
        floors = leaf.get("floors", [0] * len(self.tasks))
        self.floors = dict(zip(sorted(instance.tasks), map(whole, floors), strict=True))
        self.constant = sum(price * instance.evaluators[one]["capacity"] for one, price in loads.items())
        self.constant += sum(price * instance.evaluators[one].get("minimum", 0) for one, price in self.minimums.items())
        self.loads = {one: price + self.minimums.get(one, 0) for one, price in loads.items()}
        self.low, self.extra = Counter(), defaultdict(list)
        signs = [-price for price in (*self.minimums.values(), *self.floors.values())] + list(loads.values())
        signs += self._read_quotas(leaf["quotas"]) + self._read_others(leaf["apart"], leaf["limits"])
        if self.scale < 1 or any(price < 0 for price in signs):
            raise Unreadable("certificate: a price has the wrong sign")
        self.out, self.inside = set(out), set(inside) | set(instance.fixed)

    def _read_quotas(self, entries):
        signs = []
        for task, number, value, kind, price in entries:
            quota = self.instance.tasks[task]["quotas"][number]
            if "tag" in quota:
                members = [one for one, has in self.instance.evaluators.items() if quota["tag"] in has.get("tags", [])]
            else:
                members = [
                    one for one in self.instance.evaluators if value in group_values(self.instance, one, quota["group"])
                ]
            bound = quota["min"] if kind == "low" else {"high": quota.get("max", len(members))}[kind]
            self.constant += whole(price) * bound
            if kind == "low":
                self.low[task] += price
            self.extra[task].append((set(members), price))
            signs.append(-price if kind == "low" else price)
        return signs

    def _read_others(self, apart, limits):
        known = {frozenset(entry[:2]) for entry in self.instance.apart}
        for task, one, other, price in apart:
            if frozenset((one, other)) not in known:
                raise Unreadable(f"certificate: {one} and {other} are not kept apart")
            self.constant += whole(price)
            self.extra[task].append(({one, other}, price))
        for number, price in limits:
            limit = self.instance.limits[number]
            self.constant += whole(price) * limit["max"]
            for task in limit["tasks"]:
                self.extra[task].append((set(limit["evaluators"]), price))
        return [entry[-1] for entry in (*apart, *limits)]

    def bound(self, weight, counts, open_aim="", per_task=None, worst=Fraction(0)):
        """Greatest gain at the counts, in 1/scale millionths; an open aim's own price is left out."""
        total = self.constant
        total += 0 if open_aim == "empty_seats" else self.empty * counts["empty"]
        total += 0 if open_aim else self.missing * counts["missing"]
        for task, price in self.tasks.items():
            seats = self.instance.tasks[task]["seats"]
            per_empty = -price - self.empty - self.low[task]
            total += price * seats
            if per_task is not None:
                total += per_empty * per_task[task]
                total += self.floors[task] * -((-worst * (seats - per_task[task])) // 1)
            else:
                most = seats if open_aim == "empty_seats" else min(seats, counts["empty"])
                total += max(0, per_empty) * most
            total += self._excess(task, price, weight)
        for one, value in self.instance.evaluators.items():
            most = value.get("minimum", 0)
            if not open_aim:
                most = min(most, counts["missing"])
            total += max(0, -self.minimums.get(one, 0) - self.missing) * most
        return total

    def _excess(self, task, price, weight):
        """Sum over the evaluators who may sit of what a seat gains beyond its prices, where that is more than 0."""
        instance, total = self.instance, 0
        factor = weight * self.scale - self.floors[task]
        base = [(one, load + price) for one, load in self.loads.items()]
        extra = Counter()
        for members, added in self.extra.get(task, ()):
            for one in members:
                extra[one] += added
        kept = {one for at, one in instance.current if at == task} if weight and instance.change_cost else ()
        for one, cost in base:
            score = instance.score(task, one)
            if score is None or (task, one) in instance.conflicts or (task, one) in self.out:
                continue
            if not instance.evaluators[one]["capacity"]:
                continue
            gain = factor * score - cost - extra[one]
            if one in kept:
                gain += instance.change_cost * self.scale
            if gain > 0 or (task, one) in self.inside:
                total += gain
        return total


def whole(number):
    """The number, which must be whole."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise Unreadable(f"certificate: {number} is not a whole number")
    return number


def verify(instance_path, result_path):
    """Faults of a result file and remarks on it, as two lists of lines. Raises Unreadable or OSError."""
    try:
        instance = Instance(*read_document(instance_path), Path(instance_path).parent)
        result, _ = read_document(result_path)
        faults = judge(instance, result)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, ArithmeticError, zipfile.BadZipFile) as error:
        raise Unreadable(f"not of the format: {type(error).__name__}: {error}") from None
    return faults, ["no bound stated"] if result["bound"] is None else []


def main(arguments):
    """Run from the command line; the exit status."""
    if len(arguments) != 2:
        sys.stderr.write("usage: verify.py INSTANCE.json RESULT.json\n")
        return 2
    try:
        faults, remarks = verify(*arguments)
    except (Unreadable, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in faults + remarks + ([] if faults else ["every rule holds"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
