"""What is wrong with an indicator tree, each fault by path: points close, codes are unique, grades cover."""

from collections.abc import Iterator

from evalhub.domain.document import FaultyDocument, Place
from evalhub.domain.rounding import format_points
from evalhub.domain.scoring.framework import Framework, Indicator
from evalhub.domain.scoring.rules import read_rule

LEAST_OUTPUT_AND_BENEFIT_SHARE = 60
"""Percent that output and benefit together must reach in finance and department evaluation (财预〔2020〕10号)."""

LARGEST_FULL_POINTS = 1_000_000
"""Hundredths: far above any scale in use, low enough that no product of scores and weights leaves 64 bits."""

_OUTPUT_AND_BENEFIT = ("output", "benefit", "satisfaction")


def framework_faults(
    framework: Framework, *, least_output_and_benefit: int | None = None, path: str = ""
) -> list[FaultyDocument]:
    """Every fault of the tree, in reading order; an empty list means that it may be frozen.

    Args:
        least_output_and_benefit: percent of the full points that the roots headed output, benefit and satisfaction
            must hold together; None leaves the check out.
        path: where the framework stands in a larger document, such as "tasks[0].framework".
    """
    prefix = f"{path}." if path else ""
    faults = list(_closing_faults(framework, prefix))
    faults += _code_faults(framework, prefix)
    faults += _rule_faults(framework, prefix)
    faults += _grade_faults(framework, prefix)
    if least_output_and_benefit is not None:
        faults += _head_faults(framework, least_output_and_benefit, prefix)
    return faults


def walk_with_paths(framework: Framework, prefix: str = "") -> Iterator[tuple[str, Indicator]]:
    """Every node with its path ("indicators[0].children[2]"), parents first."""
    waiting = [
        (f"{prefix}indicators[{index}]", root) for index, root in reversed(list(enumerate(framework.indicators)))
    ]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        waiting += [(f"{path}.children[{index}]", child) for index, child in reversed(list(enumerate(node.children)))]


def _closing_faults(framework: Framework, prefix: str) -> Iterator[FaultyDocument]:
    if framework.full_points <= 0:
        yield FaultyDocument(f"{prefix}full_points", "not_positive")
    if framework.full_points > LARGEST_FULL_POINTS:
        figures = {"number": format_points(framework.full_points), "least": "0.01", "most": "10000.00"}
        yield FaultyDocument(f"{prefix}full_points", "out_of_range", **figures)
    if not framework.indicators:
        yield FaultyDocument(f"{prefix}indicators", "empty_list")
        return
    roots = sum(root.points for root in framework.indicators)
    if roots != framework.full_points:
        yield _gap(f"{prefix}indicators", "roots_do_not_close", framework.full_points, roots)
    for path, node in walk_with_paths(framework, prefix):
        if node.points <= 0:
            yield FaultyDocument(f"{path}.points", "not_positive", indicator=node.code)
        found = sum(child.points for child in node.children)
        if node.children and found != node.points:
            yield _gap(f"{path}.children", "children_do_not_close", node.points, found, indicator=node.code)
        if node.children and node.may_be_na:
            yield FaultyDocument(f"{path}.may_be_na", "only_leaves", indicator=node.code)
        if node.children and node.rule_text:
            yield FaultyDocument(f"{path}.rule", "only_leaves", indicator=node.code)


def _gap(path: str, fault: str, wanted: int, found: int, **figures: str) -> FaultyDocument:
    return FaultyDocument(path, fault, wanted=format_points(wanted), found=format_points(found), **figures)


def _code_faults(framework: Framework, prefix: str) -> Iterator[FaultyDocument]:
    seen: set[str] = set()
    for path, node in walk_with_paths(framework, prefix):
        if node.code in seen:
            yield FaultyDocument(f"{path}.code", "repeated_code", indicator=node.code)
        seen.add(node.code)


def _rule_faults(framework: Framework, prefix: str) -> Iterator[FaultyDocument]:
    for path, node in walk_with_paths(framework, prefix):
        if node.is_leaf and node.rule_text:
            try:
                read_rule(Place(node.rule, f"{path}.rule"))
            except FaultyDocument as fault:
                yield fault


def _grade_faults(framework: Framework, prefix: str) -> Iterator[FaultyDocument]:
    lines: set[int] = set()
    codes: set[str] = set()
    for index, grade in enumerate(framework.grades):
        path = f"{prefix}grades[{index}]"
        if grade.code in codes:
            yield FaultyDocument(f"{path}.grade", "repeated_grade", grade=grade.code)
        if grade.from_points in lines:
            yield FaultyDocument(f"{path}.from", "repeated_line", line=format_points(grade.from_points))
        codes.add(grade.code)
        lines.add(grade.from_points)
    if 0 not in lines:
        yield FaultyDocument(f"{prefix}grades", "no_grade_from_zero")


def _head_faults(framework: Framework, least: int, prefix: str) -> Iterator[FaultyDocument]:
    found = sum(root.points for root in framework.indicators if root.head in _OUTPUT_AND_BENEFIT)
    if found * 100 < least * framework.full_points:
        wanted = -(-least * framework.full_points // 100)
        yield _gap(f"{prefix}indicators", "output_and_benefit_too_small", wanted, found)
