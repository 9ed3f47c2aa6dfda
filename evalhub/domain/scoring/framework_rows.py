"""A framework as rows of a spreadsheet, one per node in tree order, and back again with every fault named by its cell."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from evalhub.domain.document import FaultyDocument, canonical_json
from evalhub.domain.rounding import InvalidPoints, format_points, parse_points
from evalhub.domain.scoring.cells import Row, cell_fault, cell_text, is_blank
from evalhub.domain.scoring.framework import HEADS, KINDS, STANDARDS, Framework, Grade, Indicator, Name, Standard
from evalhub.domain.scoring.framework_check import framework_faults, walk_with_paths
from evalhub.domain.scoring.framework_document import DEEPEST

COLUMNS = (
    "level", "code", "name_zh", "name_en", "points", "kind", "core", "may_be_na", "head", "operator", "target", "unit",
    "standard_kind", "standard_figure", "standard_source", "explanation", "evidence", "rule",
)  # fmt: skip
"""What each column holds; the caller heads them in the reader's language. `rule` is JSON, `evidence` parted by ";"."""

FIRST_NODE = 2
"""Row of the first node, counted from 1, below the headings."""

_AT = {name: column for column, name in enumerate(COLUMNS)}
_OPERATORS = {"≥": "at_least", "≤": "at_most", "=": "equal", "定性": "qualitative", ">=": "at_least", "<=": "at_most"}
_SIGNS = {"at_least": "≥", "at_most": "≤", "equal": "=", "qualitative": "定性"}
_KINDS = {"共性": "common", "个性": "specific"} | {kind: kind for kind in KINDS}
_STANDARDS = {"计划": "plan", "行业": "industry", "历史": "history", "其他": "other"} | {
    kind: kind for kind in STANDARDS
}
_HEADS = {
    "决策": "decision", "过程": "process", "成本": "cost", "产出": "output", "效益": "benefit", "满意度": "satisfaction",
    "执行": "execution", "其他": "other",
} | {head: head for head in HEADS}  # fmt: skip
_TRUTHS = {"是": True, "yes": True, "y": True, "1": True, "true": True, "否": False, "no": False, "0": False, "": False}

Meaning = TypeVar("Meaning")


def framework_rows(framework: Framework, headings: Row) -> list[list[str]]:
    """Headings and one row per node; title, full points and grades stay with the caller."""
    depth = {path: path.count(".") + 1 for path, _ in walk_with_paths(framework)}
    return [list(headings), *(_row(node, depth[path]) for path, node in walk_with_paths(framework))]


def _row(node: Indicator, level: int) -> list[str]:
    standard = node.standard or Standard("")
    cells = {
        "level": str(level),
        "code": node.code,
        "name_zh": node.name.zh,
        "name_en": node.name.en,
        "points": format_points(node.points),
        "kind": node.kind,
        "core": "是" if node.core else "",
        "may_be_na": "是" if node.may_be_na else "",
        "head": node.head,
        "operator": _SIGNS.get(node.operator, ""),
        "target": node.target,
        "unit": node.unit,
        "standard_kind": standard.kind,
        "standard_figure": standard.figure,
        "standard_source": standard.source,
        "explanation": node.explanation,
        "evidence": ";".join(node.evidence),
        "rule": node.rule_text,
    }
    return [cells[name] for name in COLUMNS]


@dataclass
class _Node:
    """A row while the tree is put together."""

    number: int
    level: int
    indicator: Indicator
    children: list["_Node"] = field(default_factory=list)

    def built(self) -> Indicator:
        values = {name: getattr(self.indicator, name) for name in self.indicator.__dataclass_fields__}
        return Indicator(**values | {"children": tuple(child.built() for child in self.children)})


def read_framework_rows(
    rows: Sequence[Row], title: Name, grades: tuple[Grade, ...]
) -> tuple[Framework | None, list[FaultyDocument]]:
    """The framework in a file, its full points those of the first level together; or None with every fault by cell."""
    faults: list[FaultyDocument] = []
    nodes: list[_Node] = []
    for number, row in enumerate(rows[FIRST_NODE - 1 :], start=FIRST_NODE):
        if is_blank(row):
            continue
        try:
            nodes.append(_read_node(row, number, nodes[-1].level if nodes else 0))
        except FaultyDocument as fault:
            faults.append(fault)
    if not nodes and not faults:
        faults.append(cell_fault(FIRST_NODE, 0, "empty_list"))
    if faults:
        return None, faults
    roots = tuple(root.built() for root in _tree(nodes))
    framework = Framework(sum(root.points for root in roots), roots, grades, title)
    faults = [_at_cell(fault, framework, nodes) for fault in framework_faults(framework)]
    return (None, faults) if faults else (framework, [])


def _tree(nodes: Sequence[_Node]) -> list[_Node]:
    roots: list[_Node] = []
    above: list[_Node] = []
    for node in nodes:
        del above[node.level - 1 :]
        (above[-1].children if above else roots).append(node)
        above.append(node)
    return roots


def _at_cell(fault: FaultyDocument, framework: Framework, nodes: Sequence[_Node]) -> FaultyDocument:
    """The fault of a tree path moved to the cell that causes it."""
    places = [path for path, _ in walk_with_paths(framework)]
    owner = max((path for path in places if fault.path.startswith(path)), key=len, default=None)
    if owner is None:
        return fault
    name = fault.path[len(owner) :].lstrip(".").partition(".")[0]
    column = _AT.get({"children": "points"}.get(name, name), _AT["code"])
    return cell_fault(nodes[places.index(owner)].number, column, fault.code, **fault.figures)


def _read_node(row: Row, number: int, level_above: int) -> _Node:
    level = _level(row, number, level_above)
    for name in ("code", "name_zh"):
        if not cell_text(row, _AT[name]):
            raise cell_fault(number, _AT[name], "empty_text")
    kind = _choice(row, number, "standard_kind", _STANDARDS)
    figure, source = cell_text(row, _AT["standard_figure"]), cell_text(row, _AT["standard_source"])
    papers = cell_text(row, _AT["evidence"]).replace("；", ";").split(";")
    indicator = Indicator(
        code=cell_text(row, _AT["code"]),
        name=Name(cell_text(row, _AT["name_zh"]), cell_text(row, _AT["name_en"])),
        points=_read_points(row, number),
        may_be_na=_choice(row, number, "may_be_na", _TRUTHS) or False,
        kind=_choice(row, number, "kind", _KINDS) or "specific",
        core=_choice(row, number, "core", _TRUTHS) or False,
        operator=_choice(row, number, "operator", _OPERATORS) or "",
        target=cell_text(row, _AT["target"]),
        unit=cell_text(row, _AT["unit"]),
        standard=Standard(kind or "other", figure, source) if kind or figure or source else None,
        explanation=cell_text(row, _AT["explanation"]),
        evidence=tuple(paper.strip() for paper in papers if paper.strip()),
        rule_text=_rule(row, number),
        head=_choice(row, number, "head", _HEADS) or "",
    )
    return _Node(number, level, indicator)


def _level(row: Row, number: int, level_above: int) -> int:
    text = cell_text(row, _AT["level"]).removesuffix(".0")
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= DEEPEST):
        raise cell_fault(number, _AT["level"], "not_a_level", deepest=DEEPEST)
    if int(text) > level_above + 1:
        raise cell_fault(number, _AT["level"], "level_skipped", above=level_above)
    return int(text)


def _read_points(row: Row, number: int) -> int:
    text = cell_text(row, _AT["points"])
    try:
        return parse_points(text)
    except InvalidPoints as error:
        raise cell_fault(number, _AT["points"], error.code, number=text, places=2) from None


def _choice(row: Row, number: int, name: str, meanings: Mapping[str, Meaning]) -> Meaning | None:
    text = cell_text(row, _AT[name])
    for form in (text, text.lower()):
        if form in meanings:
            return meanings[form]
    if text:
        raise cell_fault(number, _AT[name], "not_one_of", allowed=sorted(filter(None, meanings)))
    return None


def _rule(row: Row, number: int) -> str:
    text = cell_text(row, _AT["rule"])
    if not text:
        return ""
    parse: Callable[[str], object] = str
    try:
        rule = json.loads(text, parse_float=parse, parse_int=parse)
    except (json.JSONDecodeError, RecursionError):
        raise cell_fault(number, _AT["rule"], "not_json") from None
    if not isinstance(rule, dict):
        raise cell_fault(number, _AT["rule"], "not_an_object")
    return canonical_json(rule)
