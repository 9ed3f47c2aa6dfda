"""A change in the making: what every service receives, and the rule that it leaves exactly one journal entry."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from evalhub.domain.permissions import Actor
from evalhub.infra.clock import office_date
from evalhub.infra.crypto import Vault
from evalhub.infra.storage import Storage


class Unjournalled(RuntimeError):
    """A service ended without its journal entry, or with more than one: the transaction must not commit."""


@dataclass
class Tools:
    """The outside that services may use: keys and files. Made once per process."""

    vault: Vault
    files: Storage


@dataclass
class Change:
    """One use case under way: the open writing session, who acts, and the instant all its rows carry."""

    session: Session
    actor: Actor
    now: datetime
    tools: Tools
    request_id: str = ""
    entries: list[Any] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The office's calendar day of `now`."""
        return office_date(self.now)

    def close(self) -> None:
        """Hold the rule before the commit: one entry per service call.

        Raises:
            Unjournalled: no entry, or several.
        """
        if len(self.entries) != 1:
            raise Unjournalled(f"{len(self.entries)} journal entries in one change")
