"""Which function runs a kind of job, and what is done by the clock alone. Each opens its own short transactions."""

from collections.abc import Callable
from typing import Any

Runner = Callable[[Any, Any], None]

RUNNERS: dict[str, Runner] = {}
"""Kind of job -> `(house, job)`."""

CLOCKWORK: dict[str, Callable[[Any], None]] = {}
"""What happens by time, such as an invitation that runs out -> `(house)`, called every 15 seconds."""
