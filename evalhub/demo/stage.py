"""Running services as one of the cast, at a chosen instant, each in a transaction of its own as in the application."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from evalhub.domain.permissions import system_actor
from evalhub.infra import clock
from evalhub.infra.chance import new_id
from evalhub.models.accounts import Account
from evalhub.queries.accounts import actor_of
from evalhub.services.change import Change


class Stage:
    """The house, the day of building, and the clock of the story."""

    def __init__(self, house: Any, today: date, seed: str) -> None:
        self.house, self.today, self.seed = house, today, seed
        self.instant = self.at(0)

    def day(self, offset: int) -> date:
        """A day so many days from the day of building."""
        return self.today + timedelta(days=offset)

    def at(self, offset: int, hour: int = 9, minute: int = 0) -> datetime:
        """An instant of that day, on the office's clock."""
        return datetime.combine(self.day(offset), time(hour, minute), clock.OFFICE_ZONE)

    def move_to(self, offset: int, hour: int = 9, minute: int = 0) -> None:
        """Set the story's clock."""
        self.instant = self.at(offset, hour, minute)

    def act(self, account_id: str, service: Callable[..., Any], *values: Any, **named: Any) -> Any:
        """One service call by one of the cast; the clock goes on by half a minute.

        Returns:
            What the service returned, loaded and detached.
        """
        self.instant += timedelta(seconds=30)
        with clock.held_at(self.instant):
            return self.house.database.apply(lambda session: self._call(session, account_id, service, values, named))

    def _call(self, session: Session, account_id: str, service: Callable[..., Any], values: Any, named: Any) -> Any:
        now = clock.now()
        actor = actor_of(session, session.get_one(Account, account_id), now) if account_id else system_actor()
        change = Change(session, actor, now, self.house.tools, new_id())
        answer = service(change, *values, **named)
        change.close()
        session.flush()
        return answer

    def write(self, work: Callable[[Session, datetime], Any]) -> Any:
        """Rows that the story takes as given: the pools and the projects."""
        with clock.held_at(self.instant), self.house.database.write() as session:
            return work(session, clock.now())

    def read(self, question: Callable[[Session], Any]) -> Any:
        with self.house.database.read() as session:
            return question(session)
