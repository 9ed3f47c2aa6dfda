"""The file formats `evalhub.scoring/1` and `evalhub.scoring.round/1`: reading, every refusal by path, and writing."""

import hashlib
from decimal import Decimal
from typing import Any

from evalhub.domain.document import Place, canonical_json, read_json
from evalhub.domain.rounding import points_decimal
from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.framework_check import framework_faults
from evalhub.domain.scoring.framework_document import DEEPEST, read_grades
from evalhub.domain.scoring.panel import STATISTICS, WEIGHT_UNITS, Method, Panel, RaterSheet
from evalhub.domain.scoring.workings import weight_decimal

FORMAT = "evalhub.scoring/1"
ROUND_FORMAT = "evalhub.scoring.round/1"
NOT_APPLICABLE = "n/a"
LARGEST_WEIGHT = 1_000 * WEIGHT_UNITS


def read_scoring(content: bytes) -> Panel | tuple[Panel, ...]:
    """A task (one panel) or a round (a tuple of panels) from the bytes of a file.

    Raises:
        FaultyDocument: the first thing that is wrong, with the path of its key.
    """
    place = read_json(content)
    if "format" not in place.entries():
        raise place.at("format").fault("missing_key")
    if place.at("format").choice((FORMAT, ROUND_FORMAT)) == FORMAT:
        return read_panel(place)
    return _read_round(place)


def _read_round(place: Place) -> tuple[Panel, ...]:
    panels: dict[str, Panel] = {}
    for item in place.fields(("format", "tasks"))["tasks"].items():
        panel = read_panel(item)
        if panel.task in panels:
            raise item.at("task").fault("repeated_task", task=panel.task)
        panels[panel.task] = panel
    if not panels:
        raise place.at("tasks").fault("empty_list")
    return tuple(panels.values())


def read_panel(place: Place) -> Panel:
    """One task's framework, method and sheets, checked so that every total can be computed."""
    fields = place.fields(("format", "task", "framework", "method", "sheets"))
    fields["format"].choice((FORMAT,))
    task = fields["task"].text()
    framework = _framework(fields["framework"])
    sheets = _sheets(fields["sheets"], framework)
    method = _method(fields["method"], fields["sheets"], sheets)
    _check_median_weights(fields["sheets"], sheets, method)
    return Panel(task, framework, method, sheets)


def _framework(place: Place) -> Framework:
    fields = place.fields(("full_points", "indicators", "grades"))
    framework = Framework(
        full_points=fields["full_points"].units(2),
        indicators=tuple(_indicator(item, 1) for item in fields["indicators"].items()),
        grades=read_grades(fields["grades"]),
    )
    for fault in framework_faults(framework, path=place.path):
        raise fault
    return framework


def _indicator(place: Place, level: int) -> Indicator:
    if level > DEEPEST:
        raise place.fault("too_deep", deepest=DEEPEST)
    fields = place.fields(("code", "name", "points"), ("children", "may_be_na"))
    return Indicator(
        code=fields["code"].text(),
        name=Name(fields["name"].text(empty=True)),
        points=fields["points"].units(2),
        children=tuple(_indicator(item, level + 1) for item in fields["children"].items())
        if "children" in fields
        else (),
        may_be_na="may_be_na" in fields and fields["may_be_na"].flag(),
    )


def _sheets(place: Place, framework: Framework) -> tuple[RaterSheet, ...]:
    sheets: dict[str, RaterSheet] = {}
    for item in place.items():
        fields = item.fields(("rater", "source", "scores"), ("weight",))
        rater = fields["rater"].text()
        if rater in sheets:
            raise fields["rater"].fault("repeated_rater", rater=rater)
        sheets[rater] = RaterSheet(
            rater=rater,
            source=fields["source"].text(),
            weight=fields["weight"].units(4, least=1, most=LARGEST_WEIGHT) if "weight" in fields else WEIGHT_UNITS,
            scores=_scores(fields["scores"], framework),
        )
    return tuple(sheets.values())


def _scores(place: Place, framework: Framework) -> dict[str, int | None]:
    given = place.entries()
    for code, score in given.items():
        if code not in framework.leaf_points:
            raise score.fault("not_a_leaf" if framework.find(code) else "unknown_leaf", indicator=code)
    scores = {}
    for leaf in framework.leaves():
        if leaf.code not in given:
            raise place.at(leaf.code).fault("missing_leaf", indicator=leaf.code)
        scores[leaf.code] = _score(given[leaf.code], leaf)
    if all(points is None for points in scores.values()):
        raise place.fault("nothing_applicable")
    return scores


def _score(place: Place, leaf: Indicator) -> int | None:
    if place.value != NOT_APPLICABLE:
        return place.units(2, most=leaf.points)
    if not leaf.may_be_na:
        raise place.fault("not_applicable_refused", indicator=leaf.code)
    return None


def _method(place: Place, sheets_place: Place, sheets: tuple[RaterSheet, ...]) -> Method:
    fields = place.fields(("statistic", "source_weights"), ("quorum",))
    weights = {source: item.units(4, most=WEIGHT_UNITS) for source, item in fields["source_weights"].entries().items()}
    if sum(weights.values()) != WEIGHT_UNITS:
        raise fields["source_weights"].fault("weights_do_not_close", found=str(weight_decimal(sum(weights.values()))))
    for index, sheet in enumerate(sheets):
        if sheet.source not in weights:
            raise sheets_place.items()[index].at("source").fault("source_without_weight", source=sheet.source)
    for source in weights:
        if all(sheet.source != source for sheet in sheets):
            raise fields["source_weights"].at(source).fault("source_without_sheet", source=source)
    return Method(_statistics(fields["statistic"], weights), weights, _quorum(fields.get("quorum"), weights))


def _statistics(place: Place, weights: dict[str, int]) -> dict[str, str]:
    if isinstance(place.value, str):
        return dict.fromkeys(weights, place.choice(STATISTICS))
    given = {source: item.choice(STATISTICS) for source, item in _known_sources(place, weights).items()}
    for source in weights:
        if source not in given:
            raise place.at(source).fault("missing_key")
    return given


def _quorum(place: Place | None, weights: dict[str, int]) -> dict[str, int]:
    if place is None:
        return {}
    if not isinstance(place.value, dict):
        number = place.units(0, most=1_000_000)
        if "experts" not in weights:
            raise place.fault("no_experts_to_count")
        return {"experts": number}
    return {source: item.units(0, most=1_000_000) for source, item in _known_sources(place, weights).items()}


def _known_sources(place: Place, weights: dict[str, int]) -> dict[str, Place]:
    given = place.entries()
    for source, item in given.items():
        if source not in weights:
            raise item.fault("unknown_source", source=source)
    return given


def _check_median_weights(place: Place, sheets: tuple[RaterSheet, ...], method: Method) -> None:
    first: dict[str, int] = {}
    for index, sheet in enumerate(sheets):
        if method.statistics[sheet.source] == "median" and first.setdefault(sheet.source, sheet.weight) != sheet.weight:
            raise place.items()[index].at("weight").fault("median_needs_equal_weights", source=sheet.source)


def panel_document(panel: Panel) -> dict[str, Any]:
    """The panel in the file format, decimals exact: what a bureau archives beside a result; `input_hash` is of it."""
    framework = panel.framework
    method = panel.method
    return {
        "format": FORMAT,
        "task": panel.task,
        "framework": {
            "full_points": points_decimal(framework.full_points),
            "indicators": [_indicator_document(root) for root in framework.indicators],
            "grades": [{"grade": grade.code, "from": points_decimal(grade.from_points)} for grade in framework.grades],
        },
        "method": {
            "statistic": dict(method.statistics),
            "quorum": dict(method.quorum),
            "source_weights": {source: weight_decimal(weight) for source, weight in method.source_weights.items()},
        },
        "sheets": [_sheet_document(sheet) for sheet in panel.sheets],
    }


def _indicator_document(node: Indicator) -> dict[str, Any]:
    return {
        "code": node.code,
        "name": node.name.zh,
        "points": points_decimal(node.points),
        "may_be_na": node.may_be_na,
        "children": [_indicator_document(child) for child in node.children],
    }


def _sheet_document(sheet: RaterSheet) -> dict[str, Any]:
    scores: dict[str, Decimal | str] = {
        code: NOT_APPLICABLE if points is None else points_decimal(points) for code, points in sheet.scores.items()
    }
    return {"rater": sheet.rater, "source": sheet.source, "weight": weight_decimal(sheet.weight), "scores": scores}


def round_document(panels: tuple[Panel, ...]) -> dict[str, Any]:
    """Several panels in the round's file format."""
    return {"format": ROUND_FORMAT, "tasks": [panel_document(panel) for panel in panels]}


def input_hash(panel: Panel) -> str:
    """Digest of the panel's canonical document ("sha256:..."): binds a result to what it was computed from."""
    return "sha256:" + hashlib.sha256(canonical_json(panel_document(panel)).encode()).hexdigest()
