"""States as tables of data: from where, by which action, to where, by whom. Nothing else sets a state."""

from dataclasses import dataclass
from typing import Any

from evalhub.domain.errors import InvalidMove, Refused
from evalhub.domain.permissions import Actor, Role


@dataclass(frozen=True)
class Move:
    """One allowed step.

    Args:
        action: the verb, as a service calls it.
        sources: states it may start from.
        target: the state it ends in.
        roles: who may; empty for steps that the system takes by itself.
        apart_from: attributes of the record that name accounts which may not take this step (maker is not checker).
    """

    action: str
    sources: frozenset[str]
    target: str
    roles: frozenset[Role]
    apart_from: tuple[str, ...] = ()


def move(action: str, sources: str, target: str, *who: Role, apart_from: tuple[str, ...] = ()) -> Move:
    """A `Move` written in one line; `sources` are separated by blanks."""
    return Move(action, frozenset(sources.split()), target, frozenset(who), apart_from)


@dataclass(frozen=True)
class Lifecycle:
    """The life cycle of one noun."""

    noun: str
    initial: str
    moves: tuple[Move, ...]

    @property
    def states(self) -> frozenset[str]:
        return frozenset({self.initial}).union(*(step.sources | {step.target} for step in self.moves))

    def find(self, state: str, action: str) -> Move | None:
        return next((step for step in self.moves if step.action == action and state in step.sources), None)

    def may_ever(self, action: str, actor: Actor) -> bool:
        """Whether the actor's roles carry the action from any state: what a list offers for its rows."""
        return any(step.action == action and actor.has_any(step.roles) for step in self.moves)

    def actions(self, record: Any, actor: Actor) -> list[str]:
        """What this actor may do with the record now: the buttons of its page."""
        return [
            step.action for step in self.moves if record.state in step.sources and _refusal(step, record, actor) is None
        ]

    def apply(self, record: Any, action: str, actor: Actor) -> None:
        """Set `record.state` to where the action leads.

        Raises:
            InvalidMove: the state does not allow the action; figures name noun, state and action.
            Refused: the actor's roles do not carry the step, or he is the person it must be apart from.
        """
        step = self.find(record.state, action)
        if step is None:
            raise InvalidMove("move.not_allowed", noun=self.noun, state=record.state, action=action)
        reason = _refusal(step, record, actor)
        if reason is not None:
            raise Refused(reason, noun=self.noun, action=action)
        record.state = step.target


def _refusal(step: Move, record: Any, actor: Actor) -> str | None:
    if step.roles and not actor.has_any(step.roles) and actor.account_id != "system":
        return "no_role"
    if not step.roles and actor.account_id != "system":
        return None
    if any(getattr(record, attribute) == actor.account_id for attribute in step.apart_from):
        return "same_person"
    return None
