"""Whom an event concerns: ids of the active accounts of a role, a department, an agency, a task."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from evalhub.domain.permissions import Role
from evalhub.models.accounts import Account, AccountRole
from evalhub.models.plans import BureauConflict, Task
from evalhub.models.seats import Seat


def list_role_holders(session: Session, role: Role) -> list[str]:
    """Active accounts that hold a role."""
    query = _active().join(AccountRole, AccountRole.account_id == Account.id).where(AccountRole.role == role)
    return list(session.scalars(query))


def list_department_accounts(session: Session, department_id: str) -> list[str]:
    return list(session.scalars(_active().where(Account.department_id == department_id)))


def list_agency_accounts(session: Session, agency_id: str) -> list[str]:
    return list(session.scalars(_active().where(Account.agency_id == agency_id)))


def list_expert_accounts(session: Session, expert_id: str) -> list[str]:
    return list(session.scalars(_active().where(Account.expert_id == expert_id)))


def list_evaluator_accounts(session: Session, task_id: str) -> list[str]:
    """Accounts of the experts and of the agency whose seats on the task are taken and not ended."""
    seats = select(Seat.expert_id, Seat.agency_id).where(
        Seat.task_id == task_id, Seat.accepted_at.is_not(None), Seat.ended_at.is_(None), Seat.is_suspended.is_(False)
    )
    rows = session.execute(seats).all()
    experts = [row.expert_id for row in rows if row.expert_id]
    agencies = [row.agency_id for row in rows if row.agency_id]
    return list(session.scalars(_active().where(Account.expert_id.in_(experts) | Account.agency_id.in_(agencies))))


def list_locked_accounts(session: Session, task_id: str) -> frozenset[str]:
    """Bureau users whom a conflict keeps away from the task."""
    query = select(BureauConflict.account_id).where(
        BureauConflict.task_id == task_id, BureauConflict.lifted_at.is_(None)
    )
    return frozenset(session.scalars(query))


def find_approver(session: Session, task: Task) -> str:
    """Who decides on the task now: its approver, or the deputy where a conflict keeps the approver away."""
    locked = list_locked_accounts(session, task.id)
    return task.deputy_approver_id if task.approver_id in locked else task.approver_id


def _active() -> Select[str]:
    return select(Account.id).where(Account.state == "active").order_by(Account.id)
