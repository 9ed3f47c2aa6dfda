"""What must hold for an evaluation task before its round is approved, and who decides on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from evalhub.domain.permissions import Actor

STATISTICS = ("mean", "trimmed", "median")
WEIGHT_UNITS = 10_000
LEAST_QUORUM = 2


@dataclass(frozen=True)
class MethodChoice:
    """How sheets will become a total: per source its statistic, weight (1/10,000) and least number of sheets."""

    statistics: Mapping[str, str]
    source_weights: Mapping[str, int]
    quorum: Mapping[str, int]

    @classmethod
    def of(cls, statistic: str, *, agency_weight: int, quorum: int) -> "MethodChoice":
        """The usual choice: the panel by a statistic, and the agency's one sheet with a share of the total."""
        weights = {"experts": WEIGHT_UNITS - agency_weight} | ({"agency": agency_weight} if agency_weight else {})
        statistics = {"experts": statistic} | ({"agency": "mean"} if agency_weight else {})
        return cls(statistics, weights, {"experts": quorum} | ({"agency": 1} if agency_weight else {}))

    def faults(self, seats: int, wants_agency: bool) -> dict[str, str]:
        """Field -> code of what cannot be, for a panel of that many seats."""
        found = {}
        if self.statistics.get("experts") not in STATISTICS:
            found["statistic"] = "method.unknown_statistic"
        weights = self.source_weights
        if sum(weights.values()) != WEIGHT_UNITS or any(weight <= 0 for weight in weights.values()):
            found["agency_weight"] = "method.weights"
        if "agency" in weights and not wants_agency:
            found["agency_weight"] = "method.agency_without_seat"
        if not LEAST_QUORUM <= self.quorum.get("experts", 0) <= seats:
            found["quorum"] = "method.quorum"
        return found

    def to_document(self) -> dict[str, Any]:
        """As the task keeps it: weights in 1/10,000."""
        return {
            "statistics": dict(self.statistics),
            "source_weights": dict(self.source_weights),
            "quorum": dict(self.quorum),
        }


@dataclass(frozen=True)
class TaskDates:
    work_from_on: date
    work_until_on: date
    scoring_due_on: date

    def faults(self, round_from_on: date, round_until_on: date) -> dict[str, str]:
        """Field -> code: the work lies within its round, and scoring ends within it."""
        found = {}
        if self.work_until_on < self.work_from_on:
            found["work_until_on"] = "dates.reversed"
        if not round_from_on <= self.work_from_on <= round_until_on:
            found["work_from_on"] = "dates.outside_round"
        if not round_from_on <= self.work_until_on <= round_until_on:
            found["work_until_on"] = "dates.outside_round"
        if not self.work_from_on <= self.scoring_due_on <= round_until_on:
            found["scoring_due_on"] = "dates.outside_round"
        return found


def people_faults(officer_id: str, approver_id: str, deputy_approver_id: str) -> dict[str, str]:
    """Field -> code: officer, approver and deputy approver are three people."""
    found = {}
    if approver_id == officer_id:
        found["approver_id"] = "people.same"
    if deputy_approver_id in (officer_id, approver_id):
        found["deputy_approver_id"] = "people.same"
    return found


def decider_refusal(actor: Actor, task: Any) -> str | None:
    """Only the task's approver or his deputy decides on it; the deputy where the other is kept away."""
    return None if actor.account_id in (task.approver_id, task.deputy_approver_id) else "not_its_approver"


def is_late(due: datetime | date | None, now: datetime, today: date) -> bool:
    """Whether a deadline has passed: a day is over when the next has begun, an instant as soon as it is reached."""
    if due is None:
        return False
    return now >= due if isinstance(due, datetime) else today > due
