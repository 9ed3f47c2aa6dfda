"""The detection job: after a rule has changed, the conflicts of all tasks under way are found anew."""

from typing import Any

from evalhub.domain.permissions import system_actor
from evalhub.infra.chance import new_id
from evalhub.models.journal import Job
from evalhub.services.change import Change
from evalhub.services.conflict_rules import open_task_ids
from evalhub.services.conflicts import detect_for_tasks


def run_detection(house: Any, job: Job) -> None:
    """One transaction: what is found, and whoever loses a seat by it."""

    def apply(session: Any) -> None:
        change = Change(session, system_actor(job.requested_by), house.now(), house.tools, new_id())
        tasks = open_task_ids(change)
        if tasks:
            detect_for_tasks(change, tasks)
            change.close()

    house.database.apply(apply)
