"""Frameworks by field: projects that serve livelihood, and construction."""

from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.library_branches import branch, decision, process, whole
from evalhub.domain.scoring.library_leaves import BANDS, SURVEY, common, leaf, line, ratio


def livelihood() -> Framework:
    """Projects that serve people's livelihood, completed: weight on service and satisfaction; points 12/18/38/32."""
    return whole(
        "民生类项目绩效评价指标体系",
        "Livelihood projects",
        decision((200, 200, 200, 200, 200, 200)),
        process((300, 400, 400, 200, 500)),
        branch(
            "C",
            "产出",
            "Output",
            leaf(
                "C11",
                "服务对象覆盖率",
                "People served",
                900,
                "at_least:100:%",
                ratio("100", floor="0.6"),
                ("受益名册",),
            ),
            leaf("C12", "任务完成率", "Tasks done", 900, "at_least:100:%", ratio("100", floor="0.6"), ("验收资料",)),
            common("quality", "C21", 1000),
            common("on_time", "C31", 500),
            common("cost", "C41", 500),
            head="output",
        ),
        branch(
            "D",
            "效益",
            "Benefit",
            leaf("D11", "民生改善程度", "Improvement of life", 1200, "qualitative", BANDS, ("统计资料",)),
            leaf("D21", "政策知晓率", "Policy known", 300, "at_least:80:%", ratio("80"), ("问卷汇总",)),
            leaf("D31", "长效机制", "Lasting upkeep", 500, "qualitative", BANDS, ("管护制度",)),
            leaf("D41", "受益群众满意度", "Users satisfied", 1200, "at_least:90:%", SURVEY, ("问卷汇总",)),
            head="benefit",
        ),
    )


def engineering() -> Framework:
    """Construction under way: weight on decision, progress, quality and variations; points 18/22/40/20."""
    accidents = {
        "type": "deduction",
        "cases": [
            {"id": "c1", "points": "2", "zh": "一般质量问题整改通知(每份)", "en": "rectification notice, each"},
            {"id": "c2", "points": "0", "zero": True, "zh": "发生安全生产责任事故", "en": "any safety accident"},
        ],
    }
    return whole(
        "工程类项目绩效评价指标体系",
        "Engineering projects",
        decision((400, 300, 300, 300, 300, 200)),
        process((300, 500, 500, 300, 600)),
        branch(
            "C",
            "产出",
            "Output",
            leaf(
                "C11",
                "工程量完成率",
                "Works done",
                1400,
                "at_least:100:%",
                ratio("100", floor="0.6"),
                ("计量支付资料",),
            ),
            leaf("C21", "一次验收合格率", "First-time pass rate", 800, "at_least:100:%", ratio("100", floor="0.9")),
            leaf("C22", "质量安全事故", "Quality and safety accidents", 500, "qualitative", accidents, ("监理月报",)),
            leaf("C31", "年度进度完成率", "Yearly progress", 700, "at_least:100:%", ratio("100", floor="0.7")),
            leaf(
                "C41",
                "变更签证金额占比",
                "Variation share",
                600,
                "at_most:3:%",
                line("3", "10", "占合同价比例:3%及以下满分,10%及以上0分"),
                ("变更签证",),
            ),
            head="output",
        ),
        branch(
            "D",
            "效益",
            "Benefit",
            common("benefit", "D11", 600),
            leaf("D21", "生态环境影响", "Environment", 300, "qualitative", BANDS, may_be_na=True),
            leaf("D31", "管养责任落实", "Upkeep duty fixed", 300, "qualitative", BANDS, ("管养协议",)),
            leaf("D41", "沿线单位和居民满意度", "Neighbours satisfied", 800, "at_least:90:%", SURVEY, ("问卷汇总",)),
            head="benefit",
        ),
    )
