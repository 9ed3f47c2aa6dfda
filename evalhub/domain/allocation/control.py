"""How long a run may take, who may stop it, and what it tells on the way."""

import time
from collections.abc import Callable
from dataclasses import dataclass

PAUSE = 0.02
"""Seconds between two questions to `should_stop`, which the solver would otherwise ask at every step."""


@dataclass(frozen=True)
class Progress:
    """One sign of life of a run.

    `phase` is a code (`seats`, `minimum`, `total`, `worst`, `draw`, ...); `best` and `bound` are in millionths of a
    point and None while unknown; `seconds` since the start.
    """

    phase: str
    turn: int
    columns: int
    best: int | None
    bound: int | None
    seconds: float


class Control:
    """The limits of one run, asked between and inside the solver's steps."""

    def __init__(
        self,
        time_limit_seconds: float | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._started = time.perf_counter()
        self._limit = time_limit_seconds
        self._should_stop = should_stop
        self._on_progress = on_progress
        self._stopped = False
        self._ask_again_at = 0.0

    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self._started

    def remaining(self) -> float | None:
        """Seconds left, never below zero; None without a limit."""
        return None if self._limit is None else max(0.0, self._limit - self.seconds())

    def stopped(self) -> bool:
        """Whether the run must end now; once true it stays true."""
        if not self._stopped:
            self._stopped = self.remaining() == 0.0 or self._asked_to_stop()
        return self._stopped

    def _asked_to_stop(self) -> bool:
        now = self.seconds()
        if self._should_stop is None or now < self._ask_again_at:
            return False
        self._ask_again_at = now + PAUSE
        return self._should_stop()

    def tell(
        self, phase: str, turn: int = 0, columns: int = 0, best: int | None = None, bound: int | None = None
    ) -> None:
        """Report progress to whoever asked for it."""
        if self._on_progress:
            self._on_progress(Progress(phase, turn, columns, best, bound, self.seconds()))
