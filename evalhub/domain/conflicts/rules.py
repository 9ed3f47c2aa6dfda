"""The recusal rules R1 to R13 as data: whom they bind, how far back they look, and whether anyone may lift them.

Law is always on, its window may only be lengthened, and nobody waives it. Policy may be set otherwise, or waived by the
approver for one hit. The look-back of three years and the kin list come from procurement law; applying them to
evaluated units is analogy, so the source stands beside each rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from evalhub.domain.errors import InvalidInput
from evalhub.domain.names import LIKENESS_THRESHOLD
from evalhub.domain.organisations import CONTROL_SHARE_WEIGHT

EXPERT, AGENCY, STAFF = "expert", "agency", "staff"
LAW, POLICY = "law", "policy"
FILTER, SOFT, PANEL, ELIGIBILITY = "filter", "soft", "panel", "eligibility"
DEFAULT_WINDOW_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Rule:
    """One recusal rule.

    Args:
        code: R1 to R13.
        kinds: evaluators it binds: `expert`, `agency`, `staff` (a person of an agency).
        window_months: how far a record counts back; 0: it must stand on the day; None: it always counts.
        force: `law` or `policy`.
        effect: `filter` (a hit keeps the pair apart), `soft` (a hit is counted, shown and priced), `panel` (between
            members of one panel), `eligibility` (of the evaluator alone, whatever the task).
        source: where it comes from.
    """

    code: str
    kinds: frozenset[str]
    window_months: int | None
    force: str
    effect: str
    source: str


def _rule(code: str, kinds: str, window_months: int | None, force: str, effect: str, source: str) -> Rule:
    return Rule(code, frozenset(kinds.split()), window_months, force, effect, source)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            _rule("R1", "expert staff", DEFAULT_WINDOW_MONTHS, LAW, FILTER, "政府采购法实施条例 art 9"),
            _rule("R2", "expert staff agency", DEFAULT_WINDOW_MONTHS, LAW, FILTER, "政府采购法实施条例 art 9"),
            _rule("R3", "expert staff", None, LAW, FILTER, "政府采购法实施条例 art 9; 公务员法 art 76"),
            _rule("R4", "expert staff agency", None, LAW, FILTER, "政府采购法实施条例 art 9 (5), by analogy"),
            _rule("R5", "agency", 0, LAW, FILTER, "财监〔2021〕4号 art 2"),
            _rule("R6", "agency", DEFAULT_WINDOW_MONTHS, POLICY, FILTER, "财库〔2016〕198号 art 16, by analogy"),
            _rule("R7", "expert", 0, POLICY, FILTER, "bureau practice"),
            _rule("R8", "expert", 0, LAW, FILTER, "财库〔2016〕198号 art 16 (4)"),
            _rule("R9", "expert staff agency", None, LAW, FILTER, "政府采购法实施条例 art 9 (5), by analogy"),
            _rule("R10", "expert staff agency", None, LAW, FILTER, "政府采购法实施条例 art 9"),
            _rule("R11", "agency", None, POLICY, SOFT, "bureau practice: rotation"),
            _rule("R12", "expert", 0, POLICY, PANEL, "bureau practice: one seat per employer, no kin on one panel"),
            _rule("R13", "expert agency", 0, POLICY, ELIGIBILITY, "pool rules of the bureau"),
        )
    }
)

LAW_RULES = tuple(code for code, rule in RULES.items() if rule.force == LAW)
POLICY_RULES = tuple(code for code, rule in RULES.items() if rule.force == POLICY)


@dataclass(frozen=True)
class RuleBook:
    """The rules as one bureau has set them; `RuleBook()` is the default.

    Args:
        rules: code -> rule, without the policy rules that are off.
        likeness_threshold: from which likeness of names (0-1) a hit is put as a doubt.
        ownership_levels: how many steps up holders and parents are walked, 1 or 2.
        control_share_weight: in 1/10,000; a smaller holder makes a doubt instead of a coded hit.
        rotation_years: R11 counts from this many years running.
    """

    rules: Mapping[str, Rule] = field(default_factory=lambda: RULES)
    likeness_threshold: float = LIKENESS_THRESHOLD
    ownership_levels: int = 1
    control_share_weight: int = CONTROL_SHARE_WEIGHT
    rotation_years: int = 2

    def binds(self, code: str, kind: str) -> bool:
        return code in self.rules and kind in self.rules[code].kinds

    def is_law(self, code: str) -> bool:
        return RULES[code].force == LAW


def set_rules(
    windows: Mapping[str, int | None] | None = None, off: Iterable[str] = (), **settings: float | int
) -> RuleBook:
    """A rule book with changed windows.

    Args:
        windows: rule code -> months, or None for no limit.
        off: policy rules that are not applied.
        settings: other fields of `RuleBook`.

    Raises:
        InvalidInput: an unknown rule, a negative window, a rule of law switched off (`rule.law_always_on`) or given a
            shorter window than its own (`rule.law_only_lengthened`); figures name the rule.
    """
    rules = dict(RULES)
    for code, months in (windows or {}).items():
        _check_known(code)
        if months is not None and months < 0:
            raise InvalidInput("rule.negative_window", rule=code, months=months)
        if RULES[code].force == LAW and _is_shorter(months, RULES[code].window_months):
            raise InvalidInput("rule.law_only_lengthened", rule=code, months=months, least=RULES[code].window_months)
        rules[code] = replace(rules[code], window_months=months)
    for code in off:
        _check_known(code)
        if RULES[code].force == LAW:
            raise InvalidInput("rule.law_always_on", rule=code)
        rules.pop(code, None)
    return RuleBook(MappingProxyType(rules), **settings)  # type: ignore[arg-type]


def _check_known(code: str) -> None:
    if code not in RULES:
        raise InvalidInput("rule.unknown", rule=code)


def _is_shorter(months: int | None, least: int | None) -> bool:
    return months is not None and (least is None or months < least)
