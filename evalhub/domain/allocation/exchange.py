"""Reads an instance of the exchange format `evalhub.allocation/1`; every refusal names the path of the key.

Types, keys and numbers are judged here; what the values mean to each other is judged by `validation`.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalhub.domain.allocation.faults import InvalidInstance
from evalhub.domain.allocation.json_values import (
    integer,
    known_keys,
    listed,
    micro,
    parse_json,
    record,
    rounded_micro,
    share,
    text,
    texts,
)
from evalhub.domain.allocation.matrix import read_matrix
from evalhub.domain.allocation.problem import Evaluator, Limit, Policy, Problem, Quota, Task
from evalhub.domain.allocation.validation import build_problem

FORMAT = "evalhub.allocation/1"
REQUIRED = ("format", "evaluators", "tasks", "suitability")
OPTIONAL = ("conflicts", "apart", "limits", "fixed", "current", "policy")


def read_instance(source: Path | str | bytes | Mapping[str, Any], folder: Path | None = None) -> Problem:
    """The problem an instance states.

    Args:
        source: path of the file, its bytes, or the parsed document (numbers as int, float or Decimal).
        folder: where the matrix of an instance given as bytes or document lies; a path's own folder otherwise.

    Returns:
        The checked problem; `sha256` is that of the bytes, "" for a parsed document.

    Raises:
        InvalidInstance: with path and code.
        OSError: the file cannot be read.
    """
    if isinstance(source, Mapping):
        return _problem(source, "", folder)
    if isinstance(source, bytes):
        content = source
    else:
        content = Path(source).read_bytes()
        folder = folder or Path(source).parent
    return _problem(parse_json(content), hashlib.sha256(content).hexdigest(), folder)


def _problem(document: Any, sha256: str, folder: Path | None) -> Problem:
    known_keys("", document, REQUIRED, OPTIONAL)
    if document["format"] != FORMAT:
        raise InvalidInstance("format", "unknown_format", expected=FORMAT)
    evaluators = [_evaluator(f"evaluators[{n}]", one) for n, one in enumerate(listed(document, "evaluators"))]
    tasks = [_task(f"tasks[{n}]", one) for n, one in enumerate(listed(document, "tasks"))]
    suitability, default, array_sha256 = _suitability(document["suitability"], folder)
    return build_problem(
        evaluators,
        tasks,
        suitability,
        default=default,
        conflicts=_triples(document, "conflicts"),
        apart=_triples(document, "apart"),
        limits=[_limit(f"limits[{n}]", one) for n, one in enumerate(listed(document, "limits"))],
        fixed=_pairs(document, "fixed"),
        current=_pairs(document, "current"),
        policy=_policy(document.get("policy", {})),
        sha256=sha256,
        array_sha256=array_sha256,
    )


def _evaluator(path: str, value: Any) -> Evaluator:
    known_keys(path, value, ("id", "capacity"), ("minimum", "tags", "groups"))
    groups = record(f"{path}.groups", value.get("groups", {}))
    return Evaluator(
        id=text(f"{path}.id", value["id"]),
        capacity=integer(f"{path}.capacity", value["capacity"]),
        minimum=integer(f"{path}.minimum", value.get("minimum", 0)),
        tags=frozenset(texts(f"{path}.tags", value.get("tags", []))),
        groups={name: _group_values(f"{path}.groups.{name}", one) for name, one in sorted(groups.items())},
    )


def _group_values(path: str, value: Any) -> tuple[str, ...]:
    values = texts(path, value) if isinstance(value, list) else [text(path, value)]
    return tuple(sorted(set(values)))


def _task(path: str, value: Any) -> Task:
    known_keys(path, value, ("id", "seats"), ("quotas",))
    quotas = [_quota(f"{path}.quotas[{n}]", one) for n, one in enumerate(listed(value, "quotas", path))]
    return Task(text(f"{path}.id", value["id"]), integer(f"{path}.seats", value["seats"]), tuple(quotas))


def _quota(path: str, value: Any) -> Quota:
    known_keys(path, value, (), ("tag", "group", "min", "max"))
    if ("tag" in value) == ("group" in value):
        raise InvalidInstance(path, "tag_or_group")
    if "group" in value and "min" in value:
        raise InvalidInstance(f"{path}.min", "group_with_min")
    if "min" not in value and "max" not in value:
        raise InvalidInstance(path, "min_or_max")
    return Quota(
        tag=text(f"{path}.tag", value["tag"]) if "tag" in value else None,
        group=text(f"{path}.group", value["group"]) if "group" in value else None,
        minimum=integer(f"{path}.min", value.get("min", 0)),
        maximum=integer(f"{path}.max", value["max"]) if "max" in value else None,
    )


def _suitability(value: Any, folder: Path | None) -> tuple[Any, int | None, str | None]:
    record("suitability", value)
    if "matrix" in value:
        known_keys("suitability", value, ("matrix", "array"), ())
        name = text("suitability.matrix", value["matrix"])
        table, sha256 = read_matrix(folder or Path(), name, text("suitability.array", value["array"]))
        return table, 0, sha256
    known_keys("suitability", value, ("pairs", "default"), ())
    pairs: dict[tuple[str, str], int] = {}
    for number, one in enumerate(listed(value, "pairs", "suitability")):
        path = f"suitability.pairs[{number}]"
        task, evaluator, score = _sequence(path, one, 3)
        pair = text(f"{path}[0]", task), text(f"{path}[1]", evaluator)
        if pair in pairs:
            raise InvalidInstance(path, "duplicate_pair", task=task, evaluator=evaluator)
        pairs[pair] = micro(f"{path}[2]", score)
    default = value["default"]
    return pairs, None if default is None else rounded_micro("suitability.default", default, most=1), None


def _sequence(path: str, value: Any, length: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != length:
        raise InvalidInstance(path, "not_a_list_of", length=length)
    return value


def _triples(document: Mapping[str, Any], key: str) -> list[tuple[str, str, str]]:
    found = []
    for number, one in enumerate(listed(document, key)):
        first, second, rule = (
            text(f"{key}[{number}][{place}]", part) for place, part in enumerate(_sequence(f"{key}[{number}]", one, 3))
        )
        found.append((first, second, rule))
    return found


def _pairs(document: Mapping[str, Any], key: str) -> list[tuple[str, str]]:
    found = []
    for number, one in enumerate(listed(document, key)):
        task, evaluator = _sequence(f"{key}[{number}]", one, 2)
        found.append((text(f"{key}[{number}][0]", task), text(f"{key}[{number}][1]", evaluator)))
    return found


def _limit(path: str, value: Any) -> Limit:
    known_keys(path, value, ("evaluators", "tasks", "max"), ())
    return Limit(
        tuple(texts(f"{path}.evaluators", value["evaluators"])),
        tuple(texts(f"{path}.tasks", value["tasks"])),
        integer(f"{path}.max", value["max"]),
    )


def _policy(value: Any) -> Policy:
    known_keys("policy", value, (), ("objective", "tolerance", "max_probability", "seed", "change_cost"))
    return Policy(
        objective=text("policy.objective", value.get("objective", "total")),
        tolerance=share("policy.tolerance", value.get("tolerance", 0)),
        max_probability=share("policy.max_probability", value.get("max_probability", 1)),
        seed=text("policy.seed", value.get("seed", "00ff")),
        change_cost=rounded_micro("policy.change_cost", value.get("change_cost", 0)),
    )
