"""Scoring: exact totals against numpy's bare means, all statistics with resampling, severity of a province, growth."""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from evalhub.domain.scoring.aggregate import aggregate_task
from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.intervals import agreement_intervals
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.robustness import assess_robustness
from evalhub.domain.scoring.severity import Rating, rater_severity
from evalhub.domain.scoring.totals import marks_of, outcome
from evalhub.domain.scoring.totals_array import sheet_totals, source_totals

SHEETS = 7
LEAVES = 25


def main(argv: Sequence[str]) -> int:
    """Prints each figure with its yardstick and target; status 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="bench scoring", description=__doc__)
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--resamples", type=int, default=1000)
    options = parser.parse_args(list(argv))
    panels = make_panels(options.tasks)
    held = [
        *measure_totals(panels),
        *measure_statistics(panels, options.resamples),
        *measure_severity(),
        *measure_growth(options.tasks),
    ]
    return 0 if all(held) else 1


def make_panels(tasks: int, seed: int = 1) -> list[Panel]:
    """Tasks of 7 experts on 25 leaves of 4 points in five branches; a tenth of the sheets has a leaf not applicable."""
    chance = random.Random(seed)
    framework = make_framework()
    leaves = [leaf.code for leaf in framework.leaves()]
    panels = []
    for task in range(tasks):
        level = chance.uniform(0.5, 0.95)
        sheets = []
        for seat in range(SHEETS):
            rate = min(1.0, max(0.0, level + chance.gauss(0, 0.04)))
            scores: dict[str, int | None] = {
                code: min(400, max(0, 10 * round(40 * (rate + chance.gauss(0, 0.1))))) for code in leaves
            }
            if chance.random() < 0.1:
                scores[chance.choice(leaves)] = None
            sheets.append(RaterSheet(f"E{seat}", scores))
        panels.append(Panel(f"T{task:05}", framework, Method.of_one_source("trimmed", quorum=3), tuple(sheets)))
    return panels


def make_framework() -> Framework:
    roots = [
        Indicator(
            f"R{root}",
            Name(f"一级{root}"),
            2000,
            tuple(Indicator(f"R{root}{leaf}", Name(f"三级{leaf}"), 400, may_be_na=True) for leaf in range(5)),
        )
        for root in range(5)
    ]
    return Framework(10000, tuple(roots))


def best_of(runs: int, *works: Callable[[], Any]) -> list[float]:
    """Least wall time of each piece of work in seconds; they take turns, so that a busy machine slows all alike."""
    best = [float("inf")] * len(works)
    for _ in range(runs):
        for index, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[index] = min(best[index], time.perf_counter() - start)
    return best


def report(what: str, seconds: float, target: str, held: bool) -> bool:
    print(f"{what:<66} {seconds * 1000:>11.2f} ms   {target:<28} {'held' if held else 'MISSED'}")
    return held


def measure_totals(panels: list[Panel]) -> list[bool]:
    framework = panels[0].framework
    rows = [[[sheet.scores[code] for code in framework.leaf_points] for sheet in panel.sheets] for panel in panels]
    scores = np.array([[[-1 if score is None else score for score in row] for row in task] for task in rows])
    complete = np.where(scores < 0, 0, scores)
    floats = complete.astype(float)
    weights = np.full(scores.shape[:2], 10000)
    float_weights = weights.astype(float)
    tie = np.broadcast_to(np.arange(SHEETS), weights.shape)
    leaf_points = np.array(list(framework.leaf_points.values()))

    def exact_arrays() -> Any:
        return source_totals("trimmed", sheet_totals(scores, leaf_points, 10000), weights, tie)

    def exact_means() -> Any:
        return source_totals("mean", sheet_totals(complete, leaf_points, 10000), weights, tie)

    def bare_arrays() -> Any:
        return np.average(floats.sum(axis=2), axis=1, weights=float_weights)

    def bare_sheets() -> Any:
        return [np.average(table.sum(axis=1), weights=row) for table, row in zip(floats, float_weights, strict=True)]

    assert exact_arrays().tolist() == exact_totals(panels)
    size = f"{len(panels)} tasks x {SHEETS} sheets x {LEAVES} leaves"
    whole, bare = best_of(15, partial(exact_totals, panels), bare_sheets)
    array, mean, bare_array = best_of(40, exact_arrays, exact_means, bare_arrays)
    print(f"{'numpy.average task by task (yardstick)':<66} {bare * 1000:>11.2f} ms")
    print(f"{'numpy.average of one array (yardstick)':<66} {bare_array * 1000:>11.2f} ms")
    return [
        report(f"exact totals, {size}", whole, "at most 1 s", whole <= 1),
        report("  the same against numpy task by task", whole, f"{whole / bare:.1f}x, at most 4x", whole <= 4 * bare),
        report("exact means, one array", mean, f"{mean / bare_array:.1f}x, at most 4x", mean <= 4 * bare_array),
        report(
            "exact trimmed means with n/a, one array",
            array,
            f"{array / bare_array:.1f}x, at most 4x",
            array <= 4 * bare_array,
        ),
    ]


def exact_totals(panels: list[Panel]) -> list[int | None]:
    return [outcome(panel.framework, panel.method, marks_of(panel)).total for panel in panels]


def all_statistics(panel: Panel, resamples: int) -> object:
    result = aggregate_task(panel)
    agreement_intervals(panel.framework, panel.sheets, seed=1, resamples=resamples)
    return assess_robustness(panel, marks_of(panel), result.outcome, result.stability, seed=1, resamples=resamples)


def measure_statistics(panels: list[Panel], resamples: int) -> list[bool]:
    (seconds,) = best_of(1, lambda: [all_statistics(panel, resamples) for panel in panels])
    what = f"all statistics of {len(panels)} tasks, {resamples} resamples"
    return [report(what, seconds, "at most 60 s", seconds <= 60)]


def measure_severity(tasks: int = 3000, seats: int = 5) -> list[bool]:
    held = []
    for raters in (600, 2500):
        chance = np.random.default_rng(1)
        planted = chance.normal(0, 3, raters)
        ratings = [
            Rating(f"T{task:05}", f"E{rater:05}", float(80 - planted[rater] + chance.normal(0, 4)))
            for task in range(tasks)
            for rater in chance.choice(raters, seats, replace=False)
        ]
        (seconds,) = best_of(3, partial(rater_severity, ratings))
        what = f"severity of {raters} raters, {tasks} tasks x {seats} raters"
        held.append(report(what, seconds, "at most 5 s", seconds <= 5))
    return held


def measure_growth(tasks: int) -> list[bool]:
    """Time per task at this and at eight times the size: linear work keeps it level."""
    per_task = []
    for size in (tasks, tasks * 8):
        panels = make_panels(size, seed=2)
        per_task.append(best_of(5, partial(exact_totals, panels))[0] / size)
    ratio = per_task[1] / per_task[0]
    what = f"totals per task, {tasks * 8} tasks against {tasks}"
    return [report(what, per_task[1], f"{ratio:.2f}x, at most 1.5x", ratio <= 1.5)]
