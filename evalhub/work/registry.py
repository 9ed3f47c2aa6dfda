"""Which function runs a kind of job, and what is done by the clock alone. Each opens its own short transactions."""

from collections.abc import Callable
from typing import Any

from evalhub.work.allocation import abandon_allocation, run_allocation
from evalhub.work.anchoring import anchor_head
from evalhub.work.detection import run_detection
from evalhub.work.housekeeping import clear_away
from evalhub.work.seats import lapse_invitations

Runner = Callable[[Any, Any], None]

RUNNERS: dict[str, Runner] = {"allocation": run_allocation, "detection": run_detection}
"""Kind of job -> `(house, job)`."""

ABANDONED: dict[str, Runner] = {"allocation": abandon_allocation}
"""Who tells the record of a job whose workers died under it again and again."""

CLOCKWORK: dict[str, Callable[[Any], object]] = {
    "lapse invitations": lapse_invitations,
    "clear away": clear_away,
    "anchor the journal": anchor_head,
}
"""What happens by time, such as an invitation that runs out -> `(house)`, called every 15 seconds."""
