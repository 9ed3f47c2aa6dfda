"""A small world for walking every route as every role: one account per role, and records in each relation to them.

Relations: `any` - a record that nobody of the outside parties has to do with; `own` - the one that belongs to the acting
expert, agency or department; `conflicted` - a task that a conflict of interest keeps the acting bureau user away from.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from evalhub.domain.permissions import Role
from evalhub.models.accounts import Account
from evalhub.services.change import Tools
from tests.builders import make_account

ROLE_OF_COLUMN = {
    "officer": Role.OFFICER,
    "approver": Role.APPROVER,
    "supervisor": Role.SUPERVISOR,
    "expert": Role.EXPERT,
    "agency": Role.AGENCY_CLERK,
    "department": Role.DEPARTMENT_CLERK,
    "system_admin": Role.SYSTEM_ADMIN,
    "security_admin": Role.SECURITY_ADMIN,
    "audit_admin": Role.AUDIT_ADMIN,
}


@dataclass
class World:
    """Accounts by column of the matrix; url arguments by relation and name, where a function picks by the actor."""

    accounts: dict[str, Account] = field(default_factory=dict)
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)
    tools: Tools | None = None

    def argument(self, relation: str, name: str, column: str) -> str:
        found = self.arguments[relation].get(name) or self.arguments["any"][name]
        return found(column) if callable(found) else found


Extension = Callable[[Session, World], None]
EXTENSIONS: list[Extension] = []


def build_world(session: Session, tools: Tools | None = None) -> World:
    """All accounts, then what each extension adds to them."""
    world = World(arguments={"any": {}, "own": {}, "conflicted": {}}, tools=tools)
    for column, role in ROLE_OF_COLUMN.items():
        world.accounts[column] = make_account(session, role, username=f"m.{column}")
    world.arguments["any"] = {
        "account_id": make_account(session, username="m.somebody").id,
        "code": "en",
        "size": "large",
        "filename": "img/favicon.svg",
    }
    for extend in EXTENSIONS:
        extend(session, world)
    return world
