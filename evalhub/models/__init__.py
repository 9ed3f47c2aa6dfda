"""Tables. What must hold for one row, whatever the code does, stands here as a named constraint."""

from evalhub.models import (
    accounts,
    agencies,
    allocation,
    conflicts,
    experts,
    frameworks,
    intakes,
    journal,
    organisations,
    papers,
    plans,
    projects,
    results,
    seats,
    settings,
    sheets,
    triggers,
)
from evalhub.models.base import Base

__all__ = [
    "Base",
    "accounts",
    "agencies",
    "allocation",
    "conflicts",
    "experts",
    "frameworks",
    "intakes",
    "journal",
    "organisations",
    "papers",
    "plans",
    "projects",
    "results",
    "seats",
    "settings",
    "sheets",
    "triggers",
]
