"""Sheets that come to a wished total: points come off leaf by leaf, each with a reason and a place."""

import random

from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.sheet import Evidence, Line, ScoreSheet

REASONS = (
    "佐证材料不完整，按标准扣分。", "实际完成低于目标值，按比例扣分。", "进度滞后于计划，按标准扣分。",
    "制度执行有个别缺漏，扣分。", "资金使用存在结余，按标准扣分。", "满意度调查样本不足，扣分。",
)  # fmt: skip
STEP = 5


def sheet_of(framework: Framework, total: int, documents: list[str], chance: random.Random) -> ScoreSheet:
    """A complete sheet of exactly that total (hundredths).

    Args:
        documents: ids that places are quoted from.
    """
    leaves = list(framework.leaves())
    points = {leaf.code: leaf.points for leaf in leaves}
    left = framework.full_points - total
    while left:
        leaf = chance.choice(leaves)
        most = min(left, points[leaf.code] - leaf.points // 3)
        if most <= 0:
            continue
        taken = min(most, max(STEP, leaf.points // 8 // STEP * STEP)) if most >= STEP else most
        points[leaf.code] -= taken
        left -= taken
    return ScoreSheet({leaf.code: _line(leaf.points, points[leaf.code], documents, chance) for leaf in leaves})


def _line(full: int, points: int, documents: list[str], chance: random.Random) -> Line:
    if points == full:
        return Line(points)
    place = Evidence(chance.choice(documents), chance.randint(1, 3), "")
    return Line(points, reason=chance.choice(REASONS), evidence=place)
