"""Steps of an allocation as web and worker make them, each in its own transaction."""

from sqlalchemy import select

from evalhub.models.allocation import PlannedSeat, SeatPlan
from evalhub.services import named_seats, seat_plans
from tests.integration.allocation_world import run
from tests.integration.plan_world import change_by

REASON = "局办公会议确定，须有水利背景。"


def apply(house, account, call):
    """One service call in its own transaction, as the web makes it."""

    def work(session):
        change = change_by(session, account, house.tools)
        answer = call(change)
        change.close()
        return answer

    return house.database.apply(work)


def version_of(house, plan):
    with house.database.read() as session:
        return session.get_one(SeatPlan, plan.id).version


def approve(house, world, plan):
    return apply(
        house, world.plan.approver, lambda change: seat_plans.approve_plan(change, plan.id, version_of(house, plan))
    )


def rows(house, query):
    with house.database.read() as session:
        return list(session.scalars(query))


def named(house, world, plan, task_id, leaving, candidate):
    return apply(
        house,
        world.plan.officer,
        lambda change: named_seats.name_by_hand(
            change, plan.id, task_id, leaving, candidate, REASON, version_of(house, plan)
        ),
    )


def drafted(house, world):
    done = run(house, world)
    return apply(house, world.plan.officer, lambda change: seat_plans.draft_plan(change, done.id))


def panel_of(house, plan, task_id):
    query = select(PlannedSeat).where(
        PlannedSeat.plan_id == plan.id, PlannedSeat.task_id == task_id, ~PlannedSeat.is_reserve
    )
    return rows(house, query.order_by(PlannedSeat.position))
