"""Projects of the invented district, this year's and last year's."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from evalhub.demo import names
from evalhub.demo.cast import REGION, Cast
from evalhub.infra.pinyin import body_sort_key
from evalhub.models.projects import Contractor, Project

WAN_YUAN_FEN = 1_000_000


def make_projects(session: Session, cast: Cast, now: datetime, year: int, rows: tuple[Any, ...]) -> dict[str, str]:
    """Name -> id of one year's projects."""
    found = {}
    for number, (name, category, field, department, wan_yuan, contractor) in enumerate(rows, 1):
        amount = wan_yuan * WAN_YUAN_FEN
        project = Project(
            code=f"{year}-{number:03d}", year=year, name=name, sort_key=body_sort_key(name),
            department_id=cast.departments[department], category=category, field_code=field, region=REGION,
            recurrence="one_off" if category == "engineering" else "continuing", from_on=date(year, 1, 1),
            until_on=date(year, 12, 31), total_fen=amount, initial_fen=amount, adjusted_fen=amount * 98 // 100,
            spent_fen=amount * 91 // 100, goal=f"按计划完成{name}，资金使用规范，服务对象满意。",
            grounds="年度预算批复", content=f"{name}的建设、采购与运行。", created_at=now, changed_at=now,
        )  # fmt: skip
        session.add(project)
        session.flush()
        found[name] = project.id
        if contractor is not None:
            session.add(
                Contractor(
                    project_id=project.id, organisation_id=cast.bodies[names.CONTRACTORS[contractor]],
                    role="builder" if category == "engineering" else "supplier", amount_fen=amount * 7 // 10,
                )
            )  # fmt: skip
    return found
