"""Leaves that frameworks of the library share: names, rules and papers wanted, points given where they are used.

Names follow the common framework of 财预〔2020〕10号, annex 2; shares of the elements are defaults that a bureau may change
in its own clone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evalhub.domain.document import canonical_json
from evalhub.domain.scoring.framework import Indicator, Name

Rule = Mapping[str, Any]


def elements(*parts: tuple[str, str, str], veto: Sequence[str] = ()) -> Rule:
    """An element rule. parts: share as text, Chinese and English wording; ids e1, e2, ... in their order."""
    listed = [{"id": f"e{i}", "share": share, "zh": zh, "en": en} for i, (share, zh, en) in enumerate(parts, start=1)]
    rule: dict[str, Any] = {"type": "element", "elements": listed}
    return rule | {"veto": list(veto)} if veto else rule


def ratio(target: str, formula: str = "", *, floor: str = "") -> Rule:
    """actual / target, the more the better."""
    words = {"formula": formula} if formula else {}
    return {"type": "ratio_higher", "target": target, **words, **({"floor": floor} if floor else {})}


def line(full_at: str, zero_at: str, note: str) -> Rule:
    """A straight line between no points and all of them."""
    return {"type": "linear", "full_at": full_at, "zero_at": zero_at, "note_zh": note}


BANDS: Rule = {
    "type": "band",
    "bands": [
        {"id": "met", "zh": "达成预期指标", "en": "met", "min": "0.8", "max": "1"},
        {"id": "part", "zh": "部分达成并具有一定效果", "en": "partly met, some effect", "min": "0.6", "max": "0.8"},
        {"id": "unmet", "zh": "未达成且效果较差", "en": "not met, poor effect", "min": "0", "max": "0.6"},
    ],
}
"""Three bands of a qualitative indicator: 100-80 %, 80-60 %, 60-0 % (财预〔2020〕10号)."""

SURVEY: Rule = {"type": "survey", "full_at": "90", "min_valid_samples": "100", "method_zh": "问卷,分层抽样"}

_FUNDS_USED: Rule = {
    "type": "deduction",
    "cases": [
        {"id": "c1", "points": "1", "cap": "2", "zh": "手续不完整(每处)", "en": "incomplete papers, each"},
        {"id": "c2", "points": "2", "zh": "用途与批复不符(每处)", "en": "used for another purpose, each"},
        {
            "id": "c3",
            "points": "0",
            "zero": True,
            "zh": "截留、挤占、挪用、虚列支出",
            "en": "withheld or diverted funds",
        },
    ],
}

_COMMON: dict[str, tuple[str, str, str, Rule, tuple[str, ...]]] = {
    "grounds": (
        "立项依据充分性",
        "Sufficient grounds",
        "qualitative",
        elements(
            ("0.3", "符合法律法规、规划和政策", "fits law, plans and policy"),
            ("0.3", "与部门职责相符", "within the department's duty"),
            ("0.2", "属于公共财政支持范围和本级支出责任", "within public finance and this tier's duty"),
            ("0.2", "与同类项目无交叉重复", "no overlap with like projects"),
        ),
        ("立项批复", "职能文件"),
    ),
    "procedure": (
        "立项程序规范性",
        "Proper procedure",
        "qualitative",
        elements(
            ("0.4", "按规定程序申请设立", "applied for and set up by the rules"),
            ("0.3", "审批文件、材料齐全", "approval papers complete"),
            ("0.3", "事前经可研、评估、论证或集体决策", "study, appraisal or collective decision beforehand"),
            veto=("e1",),
        ),
        ("可研报告", "会议纪要"),
    ),
    "goal": (
        "绩效目标合理性",
        "Reasonable goal",
        "qualitative",
        elements(
            ("0.25", "有绩效目标", "goal exists"),
            ("0.25", "与实际工作内容相关", "relevant to the work"),
            ("0.25", "符合正常业绩水平", "normal level of results"),
            ("0.25", "与预算金额匹配", "matches the budget"),
        ),
        ("绩效目标申报表",),
    ),
    "indicators": (
        "绩效指标明确性",
        "Clear indicators",
        "qualitative",
        elements(
            ("0.4", "细化分解为具体指标", "broken down into indicators"),
            ("0.4", "清晰、可衡量", "clear and measurable"),
            ("0.2", "与任务数或计划数对应", "matches tasks and plan figures"),
        ),
        ("绩效目标申报表",),
    ),
    "budgeting": (
        "预算编制科学性",
        "Sound budgeting",
        "qualitative",
        elements(
            ("0.25", "经过科学论证", "argued and checked"),
            ("0.25", "内容与项目内容匹配", "content matches the project"),
            ("0.25", "额度测算依据充分、按标准", "amounts well founded, to standard"),
            ("0.25", "资金量与任务相匹配", "amount matches the task"),
        ),
        ("预算申报书", "测算明细"),
    ),
    "allocation": (
        "资金分配合理性",
        "Sound allocation",
        "qualitative",
        elements(
            ("0.5", "分配依据充分", "allocation well founded"),
            ("0.5", "分配额度合理、与实际相适应", "amounts fit the facts"),
        ),
        ("资金分配方案",),
    ),
    "arrived": (
        "资金到位率",
        "Funds received rate",
        "at_least:100:%",
        ratio("100", "实际到位资金/预算资金×100%"),
        ("拨款凭证",),
    ),
    "execution": (
        "预算执行率",
        "Budget execution rate",
        "at_least:100:%",
        ratio("100", "实际支出/实际到位资金×100%"),
        ("支出明细账",),
    ),
    "funds_used": ("资金使用合规性", "Lawful use of funds", "qualitative", _FUNDS_USED, ("会计凭证", "审计报告")),
    "rules": (
        "管理制度健全性",
        "Complete rules",
        "qualitative",
        elements(
            ("0.5", "有财务和业务管理制度", "financial and business rules exist"),
            ("0.5", "制度合法合规完整", "rules lawful and complete"),
        ),
        ("管理制度",),
    ),
    "rules_kept": (
        "制度执行有效性",
        "Rules followed",
        "qualitative",
        elements(
            ("0.3", "遵守法规和制度", "laws and rules kept"),
            ("0.25", "调整及支出手续完备", "change and payment papers complete"),
            ("0.25", "合同、验收等资料齐全并归档", "contracts, acceptance etc. filed"),
            ("0.2", "人员、设备、信息支撑到位", "people, kit and data in place"),
        ),
        ("合同", "验收资料"),
    ),
    "done": (
        "实际完成率",
        "Completion rate",
        "at_least:100:%",
        ratio("100", "实际产出数/计划产出数×100%"),
        ("验收资料",),
    ),
    "quality": (
        "质量达标率",
        "Quality rate",
        "at_least:100:%",
        ratio("100", "质量达标产出数/实际产出数×100%"),
        ("检测报告",),
    ),
    "on_time": (
        "完成及时性",
        "On time",
        "at_most:0:天",
        line("0", "90", "延期天数:0天满分,90天及以上0分"),
        ("竣工或完成证明",),
    ),
    "cost": (
        "成本节约率",
        "Cost saved",
        "at_least:0:%",
        line("0", "-20", "(计划成本-实际成本)/计划成本:不超支满分,超支20%及以上0分"),
        ("决算书",),
    ),
    "benefit": ("实施效益", "Benefits", "qualitative", BANDS, ("效益佐证资料",)),
    "satisfaction": ("满意度", "Satisfaction", "at_least:90:%", SURVEY, ("问卷汇总",)),
}

COMMON_KEYS = tuple(_COMMON)

_NOT_EVERYWHERE = ("allocation",)
"""Leaves without an object in some projects: nothing is allocated where one unit spends all."""


def common(key: str, code: str, points: int) -> Indicator:
    """One of the shared leaves with its code and points (hundredths)."""
    zh, en, aim, rule, papers = _COMMON[key]
    return leaf(code, zh, en, points, aim, rule, papers, kind="common", may_be_na=key in _NOT_EVERYWHERE)


def leaf(
    code: str,
    zh: str,
    en: str,
    points: int,
    aim: str,
    rule: Rule,
    papers: tuple[str, ...] = (),
    *,
    kind: str = "specific",
    may_be_na: bool = False,
) -> Indicator:
    """A leaf. aim: "qualitative", or operator, target and unit as "at_least:100:%"."""
    operator, _, rest = aim.partition(":")
    target, _, unit = rest.partition(":")
    return Indicator(
        code=code,
        name=Name(zh, en),
        points=points,
        kind=kind,
        may_be_na=may_be_na,
        operator=operator,
        target=target,
        unit=unit,
        evidence=papers,
        rule_text=canonical_json(rule),
    )
