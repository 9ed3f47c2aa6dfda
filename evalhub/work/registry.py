"""Which function runs a kind of job, and what is done by the clock alone. Each opens its own short transactions."""

from collections.abc import Callable
from typing import Any

from evalhub.work.allocation import run_allocation
from evalhub.work.detection import run_detection
from evalhub.work.seats import lapse_invitations

Runner = Callable[[Any, Any], None]

RUNNERS: dict[str, Runner] = {"allocation": run_allocation, "detection": run_detection}
"""Kind of job -> `(house, job)`."""

CLOCKWORK: dict[str, Callable[[Any], None]] = {"lapse invitations": lapse_invitations}
"""What happens by time, such as an invitation that runs out -> `(house)`, called every 15 seconds."""
