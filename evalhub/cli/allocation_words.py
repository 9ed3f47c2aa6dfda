"""Sentences for the counted reasons of a shortfall, in Chinese and English."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalhub.domain.allocation import Shortfall

HEADS = {
    "en": {
        "too_few_carriers": "{needed} more with tag {tag} wanted; {carriers} carry it",
        "too_few_evaluators": "{needed} more evaluators wanted; {evaluators} in the pool",
    },
    "zh": {
        "too_few_carriers": "还需 {needed} 名具有“{tag}”标签的评价人，库内共 {carriers} 名",
        "too_few_evaluators": "还需 {needed} 名评价人，库内共 {evaluators} 名",
    },
}
COUNTS = {
    "en": {
        "seated": "{count} seated here",
        "in_conflict": "{count} in conflict ({rules})",
        "not_listed": "{count} not eligible",
        "at_limit": "{count} barred by a limit",
        "apart": "{count} kept apart from the panel",
        "over_max": "{count} over a quota's maximum",
        "below_min": "{count} would leave another minimum unmet",
        "at_capacity": "{count} at capacity",
        "in_exchange": "{count} whose seat would empty another",
        "not_a_carrier": "{count} others are free but do not carry it",
    },
    "zh": {
        "seated": "已在本组 {count} 名",
        "in_conflict": "须回避 {count} 名（{rules}）",
        "not_listed": "不具资格 {count} 名",
        "at_limit": "受席位上限约束 {count} 名",
        "apart": "与组内成员不得同组 {count} 名",
        "over_max": "超出配额上限 {count} 名",
        "below_min": "入席后他项最低人数不足 {count} 名",
        "at_capacity": "任务已满 {count} 名",
        "in_exchange": "入席会使他处缺席 {count} 名",
        "not_a_carrier": "另有 {count} 名空闲但无此标签",
    },
}
REMEDIES = {
    "en": {
        "raise_capacity": "raise the capacity of {evaluator} from {from} to {to}",
        "add_evaluators": "admit {count} more evaluators{with_tag}",
        "lower_minimum": "lower the minimum of {tag} from {from} to {to}",
    },
    "zh": {
        "raise_capacity": "将 {evaluator} 的任务上限由 {from} 提高到 {to}",
        "add_evaluators": "补充入库 {count} 名评价人{with_tag}",
        "lower_minimum": "将“{tag}”的最低人数由 {from} 降为 {to}",
    },
}
WITH_TAG = {"en": " with tag {tag}", "zh": "（具有“{tag}”标签）"}
SEPARATOR = {"en": ("; ", ", "), "zh": ("；", "，")}


def sentences(shortfalls: Sequence[Shortfall], language: str) -> dict[int, list[str]]:
    """Sentences per shortfall of a task, by its number: reasons first, then remedies."""
    return {
        number: [_reason(reason, language) for reason in one.because]
        + [_remedy(remedy, language) for remedy in one.remedies]
        for number, one in enumerate(shortfalls)
        if one.task is not None
    }


def _reason(reason: Mapping[str, Any], language: str) -> str:
    after_head, between = SEPARATOR[language]
    counts = [
        phrase.format(count=reason[code], rules=between.join(reason.get("rules", [])))
        for code, phrase in COUNTS[language].items()
        if code in reason
    ]
    head = HEADS[language][reason["code"]].format(**reason)
    return head + (after_head + between.join(counts) if counts else "")


def _remedy(remedy: Mapping[str, Any], language: str) -> str:
    with_tag = WITH_TAG[language].format(**remedy) if "tag" in remedy else ""
    return REMEDIES[language][remedy["code"]].format(**remedy, with_tag=with_tag)
