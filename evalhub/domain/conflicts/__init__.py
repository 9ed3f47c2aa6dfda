"""Conflicts of interest: rules as data, facts in, hits out, and what officers' rulings make of them.

`rules` (R1-R13) and `facts` go into `detect` (bodies, through `claims`; the rest in `links`), which returns `hits`;
`rulings.blocks` says who is out; `panel` holds what concerns two members of one panel.
"""

from evalhub.domain.conflicts.detect import detect, detect_all
from evalhub.domain.conflicts.facts import (
    AgencyFacts,
    BureauPost,
    Declaration,
    EvaluatedBody,
    Kin,
    PaidBusiness,
    Participation,
    PastEvaluation,
    PersonFacts,
    PersonRef,
    Spell,
    TaskAgency,
    TaskFacts,
)
from evalhub.domain.conflicts.hits import CODED, DECLARED, NAMED, UNCLEAR, Fact, Hit, Record
from evalhub.domain.conflicts.panel import ApartPair, apart_pairs, employer_groups
from evalhub.domain.conflicts.rules import LAW_RULES, POLICY_RULES, RULES, Rule, RuleBook, set_rules
from evalhub.domain.conflicts.rulings import DOUBT, Rulings, Verdict, Waiver, blocks

__all__ = [
    "CODED", "DECLARED", "DOUBT", "LAW_RULES", "NAMED", "POLICY_RULES", "RULES", "UNCLEAR", "AgencyFacts", "ApartPair",
    "BureauPost", "Declaration", "EvaluatedBody", "Fact", "Hit", "Kin", "PaidBusiness", "Participation",
    "PastEvaluation", "PersonFacts", "PersonRef", "Record", "Rule", "RuleBook", "Rulings", "Spell", "TaskAgency",
    "TaskFacts", "Verdict", "Waiver", "apart_pairs", "blocks", "detect", "detect_all", "employer_groups", "set_rules",
]  # fmt: skip
