"""Sentences of `evalhub aggregate` in English and Chinese: faults of the input, notes, steps of the workings."""

from collections.abc import Mapping
from typing import Any

from evalhub.domain.document import FaultyDocument

FAULTS = {
    "not_utf8": ("is not UTF-8 text", "不是 UTF-8 文本"),
    "not_json": ("is not JSON here", "此处不是合法的 JSON"),
    "too_deep": ("is nested too deep", "嵌套层数过多"),
    "not_an_object": ("must be an object", "应为对象"),
    "not_a_list": ("must be a list", "应为列表"),
    "empty_list": ("must not be empty", "不能为空"),
    "not_text": ("must be text", "应为文本"),
    "empty_text": ("must not be empty", "不能为空"),
    "broken_character": ("contains half a character", "含有残缺字符"),
    "not_true_or_false": ("must be true or false", "应为 true 或 false"),
    "not_one_of": ("must be one of {allowed}", "应为下列之一:{allowed}"),
    "unknown_key": ("is not a key of this format", "不是本格式的键"),
    "missing_key": ("is missing", "缺少"),
    "repeated_key": ("is given twice", "重复出现"),
    "not_a_number": ("must be a number", "应为数字"),
    "not_finite": ("must be a finite number", "应为有限的数字"),
    "too_many_decimals": ("{number} has more than {places} decimals", "{number} 的小数超过 {places} 位"),
    "out_of_range": (
        "{number} is out of range (least {least}, most {most})",
        "{number} 超出范围(最小 {least},最大 {most})",
    ),
    "not_positive": ("must be above 0", "应大于 0"),
    "roots_do_not_close": ("first-level points sum to {found}, not {wanted}", "一级指标分值合计 {found},应为 {wanted}"),
    "children_do_not_close": (
        "points below {indicator} sum to {found}, not {wanted}",
        "{indicator} 的下级分值合计 {found},应为 {wanted}",
    ),
    "only_leaves": (
        "is only for indicators that are scored ({indicator} has others below)",
        "只用于末级指标({indicator} 有下级)",
    ),
    "repeated_code": ("code {indicator} is used twice", "编码 {indicator} 重复"),
    "repeated_grade": ("grade {grade} is given twice", "等级 {grade} 重复"),
    "repeated_line": ("two grades begin at {line}", "两个等级从同一分数 {line} 开始"),
    "no_grade_from_zero": ("no grade begins at 0", "没有从 0 分开始的等级"),
    "repeated_task": ("task {task} is given twice", "任务 {task} 重复"),
    "repeated_rater": ("rater {rater} is given twice", "评分人 {rater} 重复"),
    "unknown_leaf": ("the framework has no indicator {indicator}", "指标体系中没有指标 {indicator}"),
    "not_a_leaf": ("{indicator} has indicators below it and is not scored itself", "{indicator} 有下级指标,不直接评分"),
    "missing_leaf": ("indicator {indicator} has no score", "指标 {indicator} 未评分"),
    "not_applicable_refused": ("indicator {indicator} may not be left out as n/a", "指标 {indicator} 不允许填不适用"),
    "nothing_applicable": ("no indicator applies, so there is nothing to total", "没有适用的指标,无法合计"),
    "weights_do_not_close": ("weights sum to {found}, not 1", "权重合计 {found},应为 1"),
    "source_without_sheet": ("source {source} has a weight but no sheet", "来源 {source} 有权重而无评分表"),
    "source_without_weight": ("source {source} has a sheet but no weight", "来源 {source} 有评分表而无权重"),
    "unknown_source": ("source {source} has no weight", "来源 {source} 没有权重"),
    "no_experts_to_count": ("one number counts experts, and there is no such source", "单个数字指专家数,但没有该来源"),
    "median_needs_equal_weights": ("a median needs equal weights in {source}", "{source} 取中位数时各表权重应相等"),
}

NOTES = {
    "trimmed_fell_back_to_mean": (
        "{source}: {sheets} sheets are fewer than {needed}, so the mean is used instead of the trimmed mean",
        "{source}:评分表 {sheets} 份,不足 {needed} 份,改用平均值而不去掉最高最低分",
    ),
    "below_quorum": (
        "{source}: {sheets} sheets of {quorum} needed; no total and no grade",
        "{source}:评分表 {sheets} 份,需 {quorum} 份;不出总分和等级",
    ),
    "indicators_of_one_source": ("figures per indicator are those of {source}", "分指标数据取自 {source}"),
    "far_from_median": (
        "{rater}: total {deviation} points from the median of {source}",
        "{rater}:总分与 {source} 的中位数相差 {deviation} 分",
    ),
    "far_in_branch": (
        "{rater}: rate in {indicator} {deviation} percentage points from the median of {source}",
        "{rater}:{indicator} 得分率与 {source} 的中位数相差 {deviation} 个百分点",
    ),
    "indicators_without_score": ("no mean: nobody scored {indicators}", "无平均分:{indicators} 无人评分"),
    "indicators_with_one_score": (
        "no deviation: one score only for {indicators}",
        "无标准差:{indicators} 只有一个评分",
    ),
    "agreement_one_rater": ("not computed with one rater: {statistics}", "只有一名评分人,不计算:{statistics}"),
    "agreement_too_few_leaves": (
        "not computed with fewer than two comparable indicators: {statistics}",
        "可比指标不足两项,不计算:{statistics}",
    ),
    "agreement_no_variation": ("not defined, nothing varies: {statistics}", "各分数无差异,无定义:{statistics}"),
    "agreement_undefined": ("has no value for these scores: {statistics}", "这些分数下无值:{statistics}"),
    "no_stability_below_quorum": ("stability needs a grade", "没有等级,不评稳定性"),
    "without_below_quorum": ("without one of {raters} the quorum is missed", "缺 {raters} 中任何一人即不足法定份数"),
    "no_grade_without_any_rater": (
        "whether one rater decides cannot be told: no result without one has a grade",
        "无法判断是否一人定级:缺任何一人都没有等级",
    ),
    "severity_too_few_sheets": (
        "severity needs five sheets, there are {sheets}",
        "严宽度需 5 份评分表,现有 {sheets} 份",
    ),
    "severity_not_connected": (
        "severity cannot be told: never compared with most other raters, not even through others",
        "无法得出严宽度:与多数评分人没有直接或间接的共同任务",
    ),
    "severity_too_little_overlap": (
        "severity cannot be told: too few tasks are shared between raters",
        "无法得出严宽度:评分人之间共同的任务太少",
    ),
    "no_single_sheet_flips": ("no change of a single sheet gives another grade", "任何一份评分表变动都不会改变等级"),
}

STEPS = {
    "sheet_total": (
        "{rater} ({source}): {points} of {applicable} applicable points x {full_points} / {applicable} = {total}",
        "{rater}({source}):适用分值 {applicable} 中得 {points},× {full_points} ÷ {applicable} = {total}",
    ),
    "source_total": (
        "{source}, {statistic}: {sum} / {divisor} = {total} from {terms}; left out: {dropped}",
        "{source},{statistic}:{sum} ÷ {divisor} = {total},取自 {terms};去掉:{dropped}",
    ),
    "final_total": ("{terms} = {total}", "{terms} = {total}"),
    "grade": ("{total} is at or above {from}: {grade}", "{total} 不低于 {from}:{grade}"),
}


class Sentences:
    """Puts codes and figures in words of one language ("en" or "zh")."""

    def __init__(self, language: str) -> None:
        self.index = 1 if language == "zh" else 0

    def fault(self, fault: FaultyDocument) -> str:
        """The sentence of a refusal, to stand behind its path."""
        return self._filled(FAULTS[fault.code], fault.figures)

    def __call__(self, code: str, figures: Mapping[str, Any]) -> str:
        """The sentence of a note or of a step of the workings."""
        return self._filled(STEPS.get(code) or NOTES[code], figures)

    def _filled(self, pair: tuple[str, str], figures: Mapping[str, Any]) -> str:
        return pair[self.index].format_map({name: self._shown(figure) for name, figure in figures.items()})

    def _shown(self, figure: Any) -> str:
        if figure is None:
            return "-"
        if isinstance(figure, Mapping):
            return self._term(figure)
        if isinstance(figure, list | tuple):
            summed = bool(figure) and isinstance(figure[0], Mapping) and "rater" not in figure[0]
            return (" + " if summed else ", ").join(map(self._shown, figure)) or "-"
        return str(figure)

    def _term(self, term: Mapping[str, Any]) -> str:
        if "rater" in term:
            return f"{term['rater']} {term['total']} (x {term['weight']})"
        if "source" in term:
            return f"{term['source']} {term['total']} x {term['weight']}"
        return f"{term['indicator']} {self._shown(term['points'])}"
