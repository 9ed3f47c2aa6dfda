"""What a panel template asks of a panel, as the quotas that the allocation engine reads."""

from dataclasses import dataclass
from typing import Any

PANEL_SIZES = (3, 5, 7)
"""Odd, so that a median is one person's and a vote is never tied."""

FINANCE_TAG = "field:finance"
SENIOR_TAG = "senior"


@dataclass(frozen=True)
class PanelRule:
    """Seats and the least and most of each kind; `region_max` None sets no limit."""

    seats: int
    wants_field: int = 1
    wants_finance: int = 1
    wants_senior: int = 1
    employer_max: int = 1
    region_max: int | None = None
    reserves: int = 2

    def faults(self) -> dict[str, str]:
        """Field -> code of what cannot be; empty where the template can be filled."""
        found = {}
        if self.seats not in PANEL_SIZES:
            found["seats"] = "panel.size"
        for name in ("wants_field", "wants_finance", "wants_senior"):
            if not 0 <= getattr(self, name) <= self.seats:
                found[name] = "panel.quota_above_seats"
        for name in ("employer_max", "region_max"):
            limit = getattr(self, name)
            if limit is not None and not 1 <= limit <= self.seats:
                found[name] = "panel.limit_out_of_range"
        if not 0 <= self.reserves <= 9:
            found["reserves"] = "panel.reserves_out_of_range"
        return found

    def quotas(self, field_code: str) -> list[dict[str, Any]]:
        """Quota objects of the allocation format for a task of that field; a person may serve several of them."""
        least = (
            (field_tag(field_code), self.wants_field),
            (FINANCE_TAG, self.wants_finance),
            (SENIOR_TAG, self.wants_senior),
        )
        quotas: list[dict[str, Any]] = [{"tag": tag, "min": count} for tag, count in least if count]
        quotas.append({"group": "employer", "max": self.employer_max})
        if self.region_max is not None:
            quotas.append({"group": "region", "max": self.region_max})
        return quotas


def field_tag(field_code: str) -> str:
    """The tag that experts of a field carry: the first two levels of its code decide."""
    return f"field:{field_code[:4]}"
