"""Building the whole district up to a stage of its story: `plan`, `allocated`, `scoring` or `results`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from evalhub.config import UnsafeSettings
from evalhub.demo import names
from evalhub.demo.cast import Cast, Caster, leave_one_place, plant_relations
from evalhub.demo.stage import Stage
from evalhub.demo.story import Story
from evalhub.demo.works import make_projects
from evalhub.infra import chance, passwords
from evalhub.models.settings import DatabaseMark
from evalhub.services import seats
from evalhub.services.marks import PURPOSE, read_purpose

STAGES = ("plan", "allocated", "scoring", "results")
PASSWORD = "Demo-2026"  # noqa: S105 - demonstration accounts answer on the loopback address only
SEED = "2026"
SPRING = 8
GREENWAY = (7900, 7850, 8510, 7960, 7930)
"""Totals of the greenway's five raters: their mean is 80.30 (good), without the third 79.10 (fair)."""
PAST_TOTALS = (8650, 8420, 9150, 7880, 8330, 9040, 8870, 8210)


@dataclass(frozen=True)
class District:
    """What was built: the cast, and the records that the first links lead to."""

    cast: Cast
    tasks: dict[str, str]


def build_district(house: Any, stage_name: str, today: date, seed: str = SEED) -> District:
    """Fill an empty database with the invented district.

    Raises:
        UnsafeSettings: the database is not empty.
    """
    if read_purpose(house.database) is not None:
        raise UnsafeSettings("This database is not empty. Use --reset to begin a demonstration anew.")
    reached = STAGES.index(stage_name)
    stage = Stage(house, today, seed)
    with chance.seeded(seed):
        stage.move_to(-420)
        cast = stage.write(lambda session, now: _people(session, now, stage, house))
        past = stage.write(lambda s, now: make_projects(s, cast, now, today.year - 1, names.PAST_PROJECTS))
        current = stage.write(lambda s, now: make_projects(s, cast, now, today.year, names.PROJECTS))
        story = Story(stage, cast)
        story.lay_out()
        _last_year(story, list(past.values()), today.year - 1)
        stage.write(lambda session, now: plant_relations(session, cast, today))
        _this_year(story, list(current.values()), today.year, reached)
    found = stage.read(lambda session: _task_ids(session))
    return District(cast, found)


def _people(session: Any, now: Any, stage: Stage, house: Any) -> Cast:
    session.add(DatabaseMark(name=PURPOSE, content="demo"))
    return Caster(session, now, stage.today, stage.seed, passwords.hash_password(PASSWORD), house.tools.vault).make()


def _last_year(story: Story, project_ids: list[str], year: int) -> None:
    """A round of last year, closed: panels of three, all results signed."""
    story.stage.move_to(-400)
    plan = story.plan(year, 118_000_000_000, project_ids)
    round_id = story.round(
        plan, f"{year} 年度重点评价", f"Key evaluations {year}", (-398, -320), project_ids, seats=3,
        work=(-390, -330), scoring_due=-340, framework="rural_water",
    )  # fmt: skip
    story.allocate(round_id, "experts")
    for number, task in enumerate(story.tasks_of(round_id), 1):
        story.stage.move_to(-385, 9 + number)
        story.seat_all(task)
        papers_in = story.open_scoring(task, f"示例财绩〔{year}〕{number}号", -360)
        story.stage.move_to(-355, 9 + number)
        middle = PAST_TOTALS[(number - 1) % len(PAST_TOTALS)]
        story.score(task, papers_in, [middle - 80, middle, middle + 110])
        story.stage.move_to(-338, 9 + number)
        result = story.close(task)
        story.hear(task, result, is_disputed=number % 3 == 1)
        story.sign(result)


def _this_year(story: Story, project_ids: list[str], year: int, reached: int) -> None:
    """Spring round up to the stage; autumn round approved, its first run short of finance experts."""
    stage = story.stage
    stage.move_to(-45)
    plan = story.plan(year, 124_000_000_000, project_ids)
    spring_ids, autumn_ids = project_ids[:SPRING], [project_ids[10], project_ids[16], project_ids[19]]
    spring = story.round(
        plan, f"{year} 春季轮次", f"Spring round {year}", (-40, 30), spring_ids, statistic="mean",
        work=(-30, 15), scoring_due=4,
    )  # fmt: skip
    stage.move_to(-40)
    autumn = story.round(
        plan, f"{year} 秋季轮次", f"Autumn round {year}", (20, 60), autumn_ids, work=(25, 26), scoring_due=40,
        wants_agency=True,
    )  # fmt: skip
    if reached >= 1:
        _staff_spring(story, spring)
    if reached >= 2:
        _score_spring(story, spring, year, finish=reached >= 3)
    if reached >= 1:
        stage.move_to(-1, 15)
        stage.write(lambda session, now: leave_one_place(session, story.cast))
        story.run(autumn, "agencies")
        story.run(autumn, "experts")


def _staff_spring(story: Story, round_id: str) -> None:
    """Allocated and invited; one declines after 14 minutes and the next reserve accepts."""
    story.stage.move_to(-35)
    story.allocate(round_id, "experts")
    story.stage.move_to(-33)
    for number, task in enumerate(story.tasks_of(round_id)):
        story.invite(task)
        waiting = story.seats_of(task.id, "notified")
        for seat in waiting[: len(waiting) - 1 if number == 1 else None]:
            story.take_up(seat)
        if number == 1:
            story.stage.instant = story.stage.at(-33, 9, 44)
            last = waiting[-1]
            story.stage.act(story.account_of(last), seats.decline, last.id, "no_time", None)
            for called in story.seats_of(task.id, "notified"):
                story.take_up(called)


def _score_spring(story: Story, round_id: str, year: int, *, finish: bool) -> None:
    """Papers in, sheets coming in; the greenway's panel is closed: one rater decides its grade."""
    for number, task in enumerate(story.tasks_of(round_id), 1):
        story.stage.move_to(-25, 9 + number)
        papers_in = story.open_scoring(task, f"示例财绩〔{year}〕{10 + number}号", -12)
        story.stage.move_to(-6, 9 + number)
        if number == 1:
            story.score(task, papers_in, list(GREENWAY))
            story.stage.move_to(-2, 10)
            result = story.close(task)
            if finish:
                story.hear(task, result, is_disputed=True)
            continue
        middle = 7900 + 130 * number
        spread = [middle + step for step in (-120, 60, 0, 150, -70)]
        story.score(task, papers_in, spread, how_many=None if finish else (5, 4, 3, 5, 2, 4, 1)[(number - 2) % 7])
        working = [seat for seat in story.seats_of(task.id, "working") if story.sheet_of(seat).state == "issued"]
        if working and not finish:
            story.draft(task, papers_in, working[0], 9)
        if finish and number % 2 == 0:
            story.stage.move_to(-1, 9 + number)
            result = story.close(task)
            story.hear(task, result)
            story.sign(result)


def _task_ids(session: Any) -> dict[str, str]:
    from sqlalchemy import select

    from evalhub.models.plans import Task

    return {task.project.name: task.id for task in session.scalars(select(Task).order_by(Task.code)).unique()}
