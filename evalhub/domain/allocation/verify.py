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
    return faults + judge_shortfalls(instance, result, seats, empty) + judge_bounds(result, expected)


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


def judge_bounds(result, expected):
    """Bounds that the certificate does not prove."""
    faults = []
    if result["status"] not in ("proven", "solved", "bounded"):
        faults.append(f"status: {result['status']}")
    if result["bound"] is not None or result["worst_bound"] is not None or result["certificate"] != {}:
        faults.append("certificate: a bound is stated that this verifier cannot derive")
    if result["bound"] is None and (result["gap"] is not None or result["status"] == "proven"):
        faults.append("bound: none is stated, so there is neither a gap nor a proof")
    if result["empty_seats_bound"] != 0:
        faults.append("empty_seats_bound: nothing proves it")
    return faults


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
