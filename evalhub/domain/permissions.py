"""Who may: one table of permission names and roles, read by the gate, the menu and the buttons.

A permission names what is done to which noun (`experts:edit`). Which rows an actor may see is decided by the scope of
the queries; what this module adds for one record is a predicate on plain values that returns the reason of a refusal.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    OFFICER = "officer"
    APPROVER = "approver"
    SUPERVISOR = "supervisor"
    EXPERT = "expert"
    AGENCY_CLERK = "agency_clerk"
    LEAD_EVALUATOR = "lead_evaluator"
    AGENCY_HEAD = "agency_head"
    DEPARTMENT_CLERK = "department_clerk"
    DEPARTMENT_HEAD = "department_head"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


OFFICER, APPROVER, SUPERVISOR, EXPERT = Role.OFFICER, Role.APPROVER, Role.SUPERVISOR, Role.EXPERT
SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN
BUREAU = frozenset({OFFICER, APPROVER, SUPERVISOR})
AGENCY = frozenset({Role.AGENCY_CLERK, Role.LEAD_EVALUATOR, Role.AGENCY_HEAD})
DEPARTMENT = frozenset({Role.DEPARTMENT_CLERK, Role.DEPARTMENT_HEAD})
ADMINISTRATORS = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN})
EVERYONE = frozenset(Role)

PUBLIC = "public"
"""The permission of a page that needs no account."""
SIGNED_IN = "account:own"
"""The permission of what every account may do with itself."""


@dataclass(frozen=True)
class Actor:
    """Who acts: an account with its roles and the records it stands for.

    `locked_task_ids` are tasks that a conflict of interest keeps a bureau user away from: they do not exist for him.
    `pending` names the step an account must take before anything else: `password`, `totp`, `totp_setup` or nothing.
    """

    account_id: str
    display_name: str
    roles: frozenset[Role]
    expert_id: str | None = None
    agency_id: str | None = None
    department_id: str | None = None
    locked_task_ids: frozenset[str] = field(default_factory=frozenset)
    pending: str | None = None
    on_behalf_of: str | None = None

    def has_any(self, roles: frozenset[Role]) -> bool:
        return bool(self.roles & roles)

    @property
    def is_bureau(self) -> bool:
        return self.has_any(BUREAU)


SYSTEM_ACCOUNT_ID = "system"
"""The account id of background work; no person signs in under it."""


def system_actor(on_behalf_of: str | None = None) -> Actor:
    """The actor of background work, acting for a named person where there is one."""
    return Actor(SYSTEM_ACCOUNT_ID, "system", frozenset(), on_behalf_of=on_behalf_of)


Predicate = Callable[[Actor, Any], str | None]


@dataclass(frozen=True)
class Rule:
    """Roles that hold a permission, and a predicate on one record that may still refuse with a reason."""

    roles: frozenset[Role]
    predicate: Predicate | None = None


def is_other_person(*attributes: str) -> Predicate:
    """Maker, checker and approver of one record are different people.

    The predicate refuses with `same_person` when the actor's account stands in one of the record's named attributes.
    """

    def refuse(actor: Actor, record: Any) -> str | None:
        acted = {getattr(record, attribute) for attribute in attributes}
        return "same_person" if actor.account_id in acted else None

    return refuse


def roles(*names: Role) -> Rule:
    return Rule(frozenset(names))


PERMISSIONS: dict[str, Rule] = {
    PUBLIC: Rule(frozenset()),
    SIGNED_IN: Rule(EVERYONE),
    "accounts:list": roles(SYSTEM_ADMIN, SECURITY_ADMIN),
    "accounts:create": roles(SYSTEM_ADMIN),
    "accounts:disable": roles(SYSTEM_ADMIN),
    "accounts:grant": roles(SECURITY_ADMIN),
    "journal:read": roles(AUDIT_ADMIN),
    "plans:read": roles(OFFICER, APPROVER, SUPERVISOR),
    "plans:edit": roles(OFFICER),
    "plans:decide": roles(APPROVER),
    "rounds:read": roles(OFFICER, APPROVER, SUPERVISOR),
    "rounds:edit": roles(OFFICER),
    "rounds:decide": roles(APPROVER),
    "panel_templates:read": roles(OFFICER, APPROVER, SUPERVISOR),
    "panel_templates:edit": roles(OFFICER),
    "frameworks:read": roles(OFFICER, APPROVER, SUPERVISOR),
    "frameworks:edit": roles(OFFICER),
    "frameworks:publish": roles(APPROVER),
    "tasks:read": Rule(BUREAU | AGENCY | {EXPERT}),
    "tasks:people": Rule(BUREAU),
    "tasks:edit": roles(OFFICER),
    "tasks:decide": roles(APPROVER),
    "bureau_conflicts:record": Rule(BUREAU),
    "bureau_conflicts:lift": Rule(BUREAU),
    "notices:issue": roles(OFFICER),
    "notices:receive": Rule(DEPARTMENT),
    "documents:read": Rule(BUREAU | AGENCY | {EXPERT}),
    "documents:own": Rule(DEPARTMENT),
    "documents:hand_in": Rule(DEPARTMENT),
    "documents:check": roles(OFFICER),
    "reports:read": Rule(BUREAU | AGENCY),
    "reports:upload": Rule(AGENCY),
    "reports:check": roles(OFFICER),
    "reports:reject": roles(APPROVER),
    "reports:sign_off": roles(Role.LEAD_EVALUATOR),
    "seats:own": Rule(AGENCY | {EXPERT}),
    "seats:read": Rule(BUREAU),
    "seats:invite": roles(OFFICER),
    "sheets:own": Rule(frozenset({EXPERT, Role.LEAD_EVALUATOR, Role.AGENCY_HEAD, Role.AGENCY_CLERK})),
    "sheets:progress": Rule(BUREAU),
    "sheets:return": roles(OFFICER),
    "panels:close": roles(OFFICER),
    "results:read": Rule(BUREAU),
    "results:edit": roles(OFFICER),
    "results:sign": roles(APPROVER),
    "results:own": Rule(DEPARTMENT),
    "conflicts:read": Rule(BUREAU),
    "conflicts:decide": roles(OFFICER),
    "conflicts:waive": roles(APPROVER),
    "conflict_rules:read": Rule(BUREAU),
    "conflict_rules:set": roles(APPROVER),
    "allocation:read": Rule(BUREAU),
    "allocation:run": roles(OFFICER),
    "allocation:decide": roles(APPROVER),
    "files:read": Rule(BUREAU | AGENCY | DEPARTMENT | {EXPERT}),
    "experts:list": Rule(BUREAU),
    "experts:read": Rule(BUREAU),
    "experts:edit": roles(OFFICER),
    "experts:move": roles(OFFICER, APPROVER),
    "experts:export": Rule(BUREAU),
    "experts:unmask": roles(OFFICER, APPROVER),
    "agencies:list": Rule(BUREAU),
    "agencies:read": Rule(BUREAU),
    "agencies:edit": roles(OFFICER),
    "agencies:move": roles(OFFICER, APPROVER),
    "agencies:export": Rule(BUREAU),
    "agencies:unmask": roles(OFFICER, APPROVER),
    "departments:list": Rule(BUREAU),
    "departments:read": Rule(BUREAU),
    "departments:edit": roles(OFFICER),
    "departments:export": Rule(BUREAU),
    "projects:list": Rule(BUREAU | DEPARTMENT),
    "projects:read": Rule(BUREAU | DEPARTMENT),
    "projects:edit": roles(OFFICER),
    "projects:export": Rule(BUREAU | DEPARTMENT),
    "pools:import": roles(OFFICER),
    "organisations:list": Rule(BUREAU),
    "organisations:read": Rule(BUREAU),
    "organisations:edit": roles(OFFICER),
    "organisations:export": Rule(BUREAU),
    "fields:list": Rule(BUREAU),
    "fields:edit": roles(OFFICER),
}


def holds(actor: Actor | None, permission: str) -> bool:
    """Whether the actor's roles carry the permission at all, whatever the record."""
    if permission == PUBLIC:
        return True
    rule = PERMISSIONS[permission]
    return actor is not None and actor.has_any(rule.roles)


def refusal(actor: Actor | None, permission: str, record: Any = None) -> str | None:
    """Why the actor may not, or None if he may.

    Returns:
        `no_role` when his roles do not carry the permission, else the reason that the permission's predicate gives.
    """
    if not holds(actor, permission):
        return "no_role"
    predicate = PERMISSIONS[permission].predicate
    if predicate is None or record is None or actor is None:
        return None
    return predicate(actor, record)
