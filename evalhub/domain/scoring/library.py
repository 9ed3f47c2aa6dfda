"""Frameworks to start from: ministry default, self-evaluation, ex-ante assessment, whole department, two project fields.

Points are defaults; a bureau clones a framework, edits the clone and freezes it as a version of its own.
"""

from collections.abc import Callable

from evalhub.domain.scoring.framework import Framework, Indicator
from evalhub.domain.scoring.library_branches import branch, decision, process, whole
from evalhub.domain.scoring.library_fields import engineering, livelihood
from evalhub.domain.scoring.library_leaves import BANDS, common, elements, leaf, line, ratio


def ministry_default() -> Framework:
    """Decision, process, output, benefit with the level-3 names of 财预〔2020〕10号, annex 2; points 15/25/35/25."""
    return whole(
        "项目支出绩效评价共性指标体系",
        "Project evaluation, common framework",
        decision((300, 300, 300, 300, 200, 100)),
        process((400, 600, 600, 400, 500)),
        branch(
            "C",
            "产出",
            "Output",
            branch("C1", "产出数量", "Quantity", common("done", "C11", 1200)),
            branch("C2", "产出质量", "Quality", common("quality", "C21", 1000)),
            branch("C3", "产出时效", "Timeliness", common("on_time", "C31", 700)),
            branch("C4", "产出成本", "Cost", common("cost", "C41", 600)),
            head="output",
        ),
        branch(
            "D",
            "效益",
            "Benefit",
            branch(
                "D1",
                "项目效益",
                "Benefits",
                common("benefit", "D11", 1500),
                common("satisfaction", "D12", 1000),
            ),
            head="benefit",
        ),
    )


def self_evaluation() -> Framework:
    """Self-evaluation table: execution 10, output 50, benefit 30, satisfaction 10 (财预〔2020〕10号)."""
    done = ratio("100", "实际完成值/年度指标值×100%")
    return whole(
        "项目支出绩效自评表",
        "Project self-evaluation",
        branch("Z1", "预算执行率", "Execution", common("execution", "Z11", 1000), head="execution"),
        branch(
            "Z2",
            "产出指标",
            "Output",
            leaf("Z21", "数量指标", "Quantity", 2000, "at_least:100:%", done),
            leaf("Z22", "质量指标", "Quality", 1000, "at_least:100:%", done),
            leaf("Z23", "时效指标", "Timeliness", 1000, "at_least:100:%", done),
            leaf("Z24", "成本指标", "Cost", 1000, "at_most:100:%", {"type": "ratio_lower", "target": "100"}),
            head="output",
        ),
        branch(
            "Z3",
            "效益指标",
            "Benefit",
            leaf("Z31", "社会、经济、生态效益指标", "Social, economic, environmental", 1500, "at_least:100:%", done),
            leaf("Z32", "可持续影响指标", "Sustained effect", 1500, "qualitative", BANDS),
            head="benefit",
        ),
        branch("Z4", "满意度指标", "Satisfaction", common("satisfaction", "Z41", 1000), head="satisfaction"),
    )


def ex_ante_assessment() -> Framework:
    """Ex-ante assessment: five heads of 20 points."""

    def head(code: str, zh: str, en: str, *parts: tuple[str, str, str]) -> Indicator:
        return branch(code, zh, en, leaf(f"{code}1", zh, en, 2000, "qualitative", elements(*parts), kind="common"))

    return whole(
        "事前绩效评估指标体系",
        "Ex-ante assessment",
        head(
            "Q1",
            "立项必要性",
            "Need",
            ("0.4", "有政策依据和现实需求", "policy grounds and real need"),
            ("0.3", "与部门职责和规划衔接", "fits duty and plans"),
            ("0.3", "属于财政支持范围、不重复", "within public finance, no overlap"),
        ),
        head(
            "Q2",
            "投入经济性",
            "Economy",
            ("0.5", "投入与产出相匹配", "input matches output"),
            ("0.5", "成本测算有依据、有控制措施", "costs founded and controlled"),
        ),
        head(
            "Q3",
            "绩效目标合理性",
            "Reasonable goal",
            ("0.5", "目标明确、与需求相符", "clear goal that meets the need"),
            ("0.5", "指标细化、可衡量", "indicators detailed and measurable"),
        ),
        head(
            "Q4",
            "实施方案可行性",
            "Feasible plan",
            ("0.4", "内容、进度、组织明确", "content, schedule and organisation clear"),
            ("0.3", "技术和条件具备", "technique and conditions in place"),
            ("0.3", "有管理制度和风险预案", "rules and risk plans"),
        ),
        head(
            "Q5",
            "筹资合规性",
            "Lawful funding",
            ("0.5", "资金来源和程序合规", "sources and procedure lawful"),
            ("0.5", "财政承受能力和支出责任清楚", "affordable, duty of spending clear"),
        ),
    )


def whole_department() -> Framework:
    """A department's whole spending: goals, budget management, output and effect of its duties."""
    return whole(
        "部门整体支出绩效评价指标体系",
        "Whole-department evaluation",
        branch(
            "M1", "目标设定", "Goals", common("goal", "M11", 500), common("indicators", "M12", 500), head="decision"
        ),
        branch(
            "M2",
            "预算管理",
            "Budget management",
            common("budgeting", "M21", 500),
            common("execution", "M22", 800),
            leaf(
                "M23", "结转结余率", "Carry-over rate", 400, "at_most:5:%", line("5", "20", "5%及以下满分,20%及以上0分")
            ),
            common("funds_used", "M24", 600),
            common("rules", "M25", 300),
            common("rules_kept", "M26", 400),
            head="process",
        ),
        branch(
            "M3",
            "履职产出",
            "Output of duties",
            leaf("M31", "重点工作完成率", "Key work done", 1500, "at_least:100:%", ratio("100"), ("年度工作总结",)),
            common("quality", "M32", 1000),
            common("on_time", "M33", 500),
            common("cost", "M34", 500),
            head="output",
        ),
        branch(
            "M4",
            "履职效果",
            "Effect of duties",
            common("benefit", "M41", 1000),
            leaf("M42", "可持续影响", "Sustained effect", 500, "qualitative", BANDS),
            common("satisfaction", "M43", 1000),
            head="benefit",
        ),
    )


LIBRARY: dict[str, Callable[[], Framework]] = {
    "ministry_default": ministry_default,
    "self_evaluation": self_evaluation,
    "ex_ante_assessment": ex_ante_assessment,
    "whole_department": whole_department,
    "livelihood": livelihood,
    "engineering": engineering,
}
"""Name of each framework of the library -> its maker."""
