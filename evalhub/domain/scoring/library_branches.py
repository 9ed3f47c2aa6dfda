"""Branches that frameworks of the library share, and how a framework is put together from branches."""

from evalhub.domain.scoring.framework import MINISTRY_GRADES, Framework, Indicator, Name
from evalhub.domain.scoring.library_leaves import common


def branch(code: str, zh: str, en: str, *children: Indicator, head: str = "") -> Indicator:
    """A node whose points are those of its children."""
    return Indicator(code, Name(zh, en), sum(child.points for child in children), children, kind="common", head=head)


def whole(zh: str, en: str, *roots: Indicator) -> Framework:
    """A framework whose full points are those of its roots."""
    return Framework(sum(root.points for root in roots), roots, MINISTRY_GRADES, Name(zh, en))


def decision(points: tuple[int, int, int, int, int, int]) -> Indicator:
    """The decision branch with points (hundredths) for its six leaves."""
    return branch(
        "A",
        "决策",
        "Decision",
        branch("A1", "项目立项", "Set-up", common("grounds", "A11", points[0]), common("procedure", "A12", points[1])),
        branch("A2", "绩效目标", "Goal", common("goal", "A21", points[2]), common("indicators", "A22", points[3])),
        branch(
            "A3", "资金投入", "Funding", common("budgeting", "A31", points[4]), common("allocation", "A32", points[5])
        ),
        head="decision",
    )


def process(points: tuple[int, int, int, int, int]) -> Indicator:
    """The process branch with points (hundredths) for its five leaves."""
    funds = (
        common("arrived", "B11", points[0]),
        common("execution", "B12", points[1]),
        common("funds_used", "B13", points[2]),
    )
    rules = (common("rules", "B21", points[3]), common("rules_kept", "B22", points[4]))
    return branch(
        "B",
        "过程",
        "Process",
        branch("B1", "资金管理", "Funds", *funds),
        branch("B2", "组织实施", "Implementation", *rules),
        head="process",
    )
