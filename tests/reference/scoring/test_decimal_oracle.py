"""20,000 random panels against decimal arithmetic written apart from the product."""

import random
from decimal import ROUND_HALF_UP, Context, Decimal

from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.panel import Method, Panel, RaterSheet
from evalhub.domain.scoring.totals import marks_of, outcome

CENT = Decimal("0.01")
# sixty digits hold every quotient of these small numbers far beyond the third decimal, where ties are decided
WIDE = Context(prec=60)


def half_up(numerator: Decimal, denominator: Decimal) -> Decimal:
    return WIDE.divide(numerator, denominator).quantize(CENT, ROUND_HALF_UP)


def oracle(leaves, source_weights, statistics, sheets):
    by_source = {source: [] for source in source_weights}
    for rater, source, weight, scores in sheets:
        applicable = sum((leaves[code] for code, score in scores.items() if score is not None), Decimal(0))
        scored = sum((score for score in scores.values() if score is not None), Decimal(0))
        by_source[source].append((half_up(scored * 100, applicable), weight, rater))
    final = sum(
        share * source_oracle(statistics[source], sorted(by_source[source])) for source, share in source_weights.items()
    )
    return half_up(final, Decimal(1))


def source_oracle(statistic, rows):
    if statistic == "median":
        middle = [total for total, _, _ in rows]
        return half_up(middle[(len(middle) - 1) // 2] + middle[len(middle) // 2], Decimal(2))
    if statistic == "trimmed" and len(rows) >= 5:
        top = min((row for row in rows if row[0] == rows[-1][0]), key=lambda row: row[1:])
        rows = [row for row in rows if row is not top]
        bottom = min((row for row in rows if row[0] == rows[0][0]), key=lambda row: row[1:])
        rows = [row for row in rows if row is not bottom]
    return half_up(sum(total * weight for total, weight, _ in rows), sum(weight for _, weight, _ in rows))


def random_case(chance):
    cuts = sorted(chance.sample(range(1, 200), chance.randrange(2, 6)))
    points = [Decimal(high - low) / 2 for low, high in zip([0, *cuts], [*cuts, 200], strict=True)]
    leaves = {f"L{i}": full for i, full in enumerate(points)}
    statistics = {"experts": chance.choice(["mean", "median", "trimmed"]), "agency": "mean"}
    share = chance.choice([Decimal("0.7"), Decimal("0.65"), Decimal("0.3333")])
    weights = (
        [Decimal(1)] if statistics["experts"] == "median" else [Decimal(1), Decimal("1.5"), Decimal("0.25"), Decimal(2)]
    )
    sheets = []
    for index in range(chance.choice([3, 4, 5, 7, 9]) + 1):
        source = "experts" if index else "agency"
        scores = {code: Decimal(chance.randrange(int(full * 2) + 1)) / 2 for code, full in leaves.items()}
        if chance.random() < 0.3:
            scores[chance.choice(list(scores))] = None
        sheets.append((f"X{index}", source, chance.choice(weights), scores))
    return leaves, {"experts": share, "agency": 1 - share}, statistics, sheets


def ours(leaves, source_weights, statistics, sheets):
    tree = tuple(Indicator(code, Name("x"), int(full * 100), may_be_na=True) for code, full in leaves.items())
    method = Method(statistics, {source: int(share * 10000) for source, share in source_weights.items()}, {})
    rows = tuple(
        RaterSheet(
            rater,
            {code: None if score is None else int(score * 100) for code, score in scores.items()},
            source,
            int(weight * 10000),
        )
        for rater, source, weight, scores in sheets
    )
    panel = Panel("T", Framework(10000, tree), method, rows)
    return outcome(panel.framework, method, marks_of(panel)).total


def test_twenty_thousand_random_panels_equal_the_decimal_oracle_to_the_cent():
    chance = random.Random(20200225)
    for number in range(20_000):
        case = random_case(chance)
        assert Decimal(ours(*case)) / 100 == oracle(*case), number
