from evalhub.domain.scoring.findings import deductions, problem_list
from evalhub.domain.scoring.framework import Framework, Indicator, Name
from evalhub.domain.scoring.sheet import Evidence, Line, ScoreSheet

TREE = Framework(
    10000,
    (
        Indicator("A", Name("决策"), 2000, may_be_na=True),
        Indicator("B", Name("过程"), 3000),
        Indicator("C", Name("产出"), 5000, operator="at_least", target="120", unit="公里"),
    ),
)
LEDGER, REPORT = Evidence("ledger", 3, "无签字"), Evidence("report", 9)


def off(points: int, code: str, reason: str, evidence: Evidence | None = LEDGER) -> Line:
    return Line(points, reason=reason, reason_code=code, evidence=evidence)


SHEETS = {
    "E1": ScoreSheet(
        {
            "A": off(1800, "papers_incomplete", "缺会议纪要"),
            "B": off(2500, "papers_incomplete", "凭证不全"),
            "C": off(4000, "output_short", "少建 2 公里", REPORT),
        }
    ),
    "E2": ScoreSheet(
        {"A": Line(2000), "B": off(2600, "papers_incomplete", "凭证不全"), "C": off(4500, "", "进度慢", REPORT)}
    ),
    "E3": ScoreSheet({"A": Line(not_applicable=True, reason="不涉及"), "B": Line(3000), "C": Line(5000)}),
}


def test_deductions_are_listed_in_the_order_of_the_tree_then_of_the_raters():
    assert [(found.indicator, found.rater, found.lost) for found in deductions(TREE, SHEETS)] == [
        ("A", "E1", 200),
        ("B", "E1", 500),
        ("B", "E2", 400),
        ("C", "E1", 1000),
        ("C", "E2", 500),
    ]


def test_one_reason_in_one_document_is_one_problem_over_raters_and_indicators():
    problems = problem_list(TREE, SHEETS)
    assert [(found.reason_code, found.type, found.indicators, found.raters, found.lost) for found in problems] == [
        ("papers_incomplete", "procedure", ("A", "B"), ("E1", "E2"), 400),
        ("output_short", "output", ("C",), ("E1",), 333),
        ("other", "other", ("C",), ("E2",), 167),
    ]
    papers = problems[0]
    assert papers.reasons == ("凭证不全", "缺会议纪要")
    assert papers.places == (LEDGER,)
    assert problems[1].measures == ("C",)


def test_problems_add_up_to_what_the_mean_lost():
    # A: 200 over two who scored it; B: 900 over three; C: 1500 over three
    assert sum(found.lost for found in problem_list(TREE, SHEETS)) == 100 + 300 + 500


def test_one_reason_in_two_documents_is_two_problems():
    sheets = {
        "E1": ScoreSheet({"B": off(2000, "late", "晚", LEDGER)}),
        "E2": ScoreSheet({"B": off(2000, "late", "晚", REPORT)}),
    }
    assert [found.places for found in problem_list(TREE, sheets)] == [(LEDGER,), (REPORT,)]


def test_full_points_everywhere_leave_no_problem():
    sheets = {"E1": ScoreSheet({"A": Line(2000), "B": Line(3000), "C": Line(5000)})}
    assert problem_list(TREE, sheets) == []


def test_amount_basis_and_unit_are_left_to_the_officer():
    problem = problem_list(TREE, SHEETS)[0]
    assert (problem.amount_fen, problem.basis, problem.responsible_unit) == (None, "", "")
