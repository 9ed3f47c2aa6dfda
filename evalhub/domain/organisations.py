"""Organisations: the unified social credit code with its check character, and who owns whom."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from evalhub.domain.names import likeness, organisation_key
from evalhub.domain.periods import ALWAYS, Period

CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a credit code; I, O, S, V, Z are not used. Source: GB 32100-2015, table A."""

CONTROL_SHARE_WEIGHT = 5000
"""From this share, in 1/10,000, a holder controls. Source: 公司法 (2023) art 265 (2)."""

__all__ = [
    "CODE_ALPHABET", "CONTROL_SHARE_WEIGHT", "Holding", "Organisation", "OrganisationRef", "Owner", "OwnershipGraph",
    "check_character", "credit_code_fault", "is_credit_code", "likeness", "normalise_credit_code", "organisation_key",
]  # fmt: skip

_VALUES = {character: value for value, character in enumerate(CODE_ALPHABET)}
_REGISTRARS = frozenset("123456789ANY")


def normalise_credit_code(text: str) -> str:
    """A typed code without blanks and hyphens, in capitals and half-width; not checked."""
    half_width = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return "".join(c for c in half_width if not c.isspace() and c != "-").upper()


def check_character(body: str) -> str:
    """The 18th character: 31 - sum(c_i * 3^(i-1) mod 31) mod 31, 31 counting as 0.

    Args:
        body: the first 17 characters, all of `CODE_ALPHABET`.

    Source: GB 32100-2015, 5.5.
    """
    total = sum(_VALUES[character] * pow(3, place, 31) for place, character in enumerate(body))
    return CODE_ALPHABET[-total % 31]


def credit_code_fault(code: str) -> str | None:
    """Why a normalised code is wrong: `length`, `character`, `registrar`, `region` or `check_character`; or None."""
    if len(code) != 18:
        return "length"
    if any(character not in _VALUES for character in code):
        return "character"
    if code[0] not in _REGISTRARS:
        return "registrar"
    if not code[2:8].isdigit():
        return "region"
    return None if check_character(code[:17]) == code[17] else "check_character"


def is_credit_code(code: str) -> bool:
    return credit_code_fault(code) is None


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """An organisation as a record names it: by code where the record has one, and by the name written there."""

    code: str | None = None
    name: str = ""

    @property
    def identity(self) -> str:
        """What stays when a name is written otherwise: the code, else `~` and the folded name."""
        return self.code or f"~{organisation_key(self.name)}"


@dataclass(frozen=True, slots=True)
class Holding:
    """A share in 1/10,000, None when unknown; `body` is who holds, or in `invested` what is held."""

    body: OrganisationRef
    share_weight: int | None = None
    period: Period = ALWAYS
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body with what detection needs to know of it.

    Args:
        former_codes: codes of bodies it continues.
        holders: who owns it, one level up.
        is_state_owner: a government or a state-assets commission. Bodies it owns in common are not related by that
            alone: 公司法 (2023) art 265 (4).
    """

    code: str | None
    name: str
    former_names: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()
    parent: OrganisationRef | None = None
    holders: tuple[Holding, ...] = ()
    is_state_owner: bool = False

    @property
    def ref(self) -> OrganisationRef:
        return OrganisationRef(self.code, self.name)

    @property
    def codes(self) -> tuple[str, ...]:
        return ((self.code,) if self.code else ()) + self.former_codes

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.former_names)


@dataclass(frozen=True, slots=True)
class Owner:
    """A body above another: `tie` is `parent` or `holder` at the last step, `level` the number of steps.

    `is_controlling` is False when a holder on the way has less than half; `period` is when all steps held.
    """

    ref: OrganisationRef
    tie: str
    level: int
    is_controlling: bool
    period: Period
    record_id: str


@dataclass
class OwnershipGraph:
    """Bodies by code, to walk from one to those that own it."""

    organisations: Iterable[Organisation] = ()
    control_share_weight: int = CONTROL_SHARE_WEIGHT
    _by_code: dict[str, Organisation] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for organisation in self.organisations:
            for code in organisation.codes:
                self._by_code.setdefault(code, organisation)

    def find(self, code: str | None) -> Organisation | None:
        return self._by_code.get(code) if code else None

    def owners(self, organisation: Organisation, levels: int = 1) -> list[Owner]:
        """Parents and holders up to `levels` steps above, nearest first; a ring of holdings ends the walk.

        A body tied twice (held in two periods, parent and holder) is named once per tie.
        """
        found: list[Owner] = []
        bodies = {organisation.ref.identity: organisation}
        step = [Owner(organisation.ref, "self", 0, True, ALWAYS, "")]
        for _ in range(levels):
            above = [up for owner in step for up in self._above(bodies.get(owner.ref.identity), owner)]
            step = [up for up in above if up.ref.identity not in bodies]
            found += step
            for up in step:
                body = self.find(up.ref.code) or Organisation(up.ref.code, up.ref.name)
                bodies.setdefault(up.ref.identity, body)
        return found

    def _above(self, body: Organisation | None, below: Owner) -> list[Owner]:
        if body is None:
            return []
        ties = [("parent", Holding(body.parent, 10000))] if body.parent else []
        ties += [("holder", holding) for holding in body.holders]
        owners = []
        for tie, holding in ties:
            period = below.period.meet(holding.period)
            if period is None:
                continue
            controls = holding.share_weight is None or holding.share_weight >= self.control_share_weight
            owners.append(
                Owner(holding.body, tie, below.level + 1, below.is_controlling and controls, period, holding.record_id)
            )
        return owners
