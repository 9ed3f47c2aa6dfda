"""The rounds of the invented district, driven through the services as its people would."""

import json
import random
from pathlib import Path
from typing import Any

from sqlalchemy import select

from evalhub.demo import papers
from evalhub.demo.cast import Cast
from evalhub.demo.scores import sheet_of
from evalhub.demo.stage import Stage
from evalhub.domain.panels import PanelRule
from evalhub.domain.scoring.framework_document import from_document
from evalhub.domain.tasks import MethodChoice, TaskDates
from evalhub.infra import clock
from evalhub.models.allocation import AllocationRun, SeatPlan
from evalhub.models.frameworks import FrameworkEdition
from evalhub.models.papers import DocumentItem, EvaluationNotice
from evalhub.models.plans import Plan, Round, Task
from evalhub.models.results import Result
from evalhub.models.seats import Seat
from evalhub.models.sheets import Sheet
from evalhub.services import (
    allocation,
    documents,
    frameworks,
    notices,
    panel_templates,
    panels,
    plans,
    results,
    rounds,
    seat_plans,
    seats,
    sheets,
    task_course,
    tasks,
)
from evalhub.services.results import Reply
from evalhub.work.worker import run_job

FRAMEWORKS = Path(__file__).with_name("frameworks")
WANTED = (
    notices.WantedDocument("绩效自评报告", "加盖公章", True),
    notices.WantedDocument("项目实施与验收资料", None, True),
    notices.WantedDocument("资金支付台账", "按季度", False),
)
WEIGHTS = {"field": 6000, "licence": 1000, "past_work": 1500, "rotation": 1500}


class Story:
    """The bureau's year: frameworks, plans, rounds and everything that follows from them."""

    def __init__(self, stage: Stage, cast: Cast) -> None:
        self.stage, self.cast = stage, cast
        self.officer, self.approver = cast.accounts["wang.jb"], cast.accounts["li.sd"]
        self.deputy = cast.accounts["chen.mh"]
        self.chance = random.Random(f"{stage.seed} story")
        self.editions: dict[str, str] = {}
        self.templates: dict[int, str] = {}

    def lay_out(self) -> None:
        """Frameworks published by another person, and the panel templates."""
        for name in ("rural_water", "city_road"):
            document = json.loads((FRAMEWORKS / f"{name}.json").read_text("utf-8"))
            tree = from_document(document)
            values = frameworks.FrameworkValues(tree.title.zh, tree.title.en, None, None)
            edition = self.stage.act(self.officer, frameworks.import_framework, values, tree)
            edition = self.stage.act(self.approver, frameworks.publish_edition, edition.id, edition.version)
            self.editions[name] = edition.id
        for count in (3, 5, 7):
            rule = PanelRule(seats=count, reserves=2)
            values = panel_templates.TemplateValues(f"{count} 人专家组", f"Panel of {count}", rule)
            self.templates[count] = self.stage.act(self.officer, panel_templates.create_panel_template, values).id

    def plan(self, year: int, spending_fen: int, project_ids: list[str]) -> Plan:
        """A yearly plan, picked and approved."""
        values = plans.PlanValues(year, f"{year} 年度重点绩效评价计划", spending_fen, 6000)
        plan = self.stage.act(self.officer, plans.create_plan, values)
        reason = "社会关注度高、资金量大，列入重点评价。"
        self.stage.act(self.officer, plans.pick_projects, plan.id, project_ids, reason, plan.version)
        plan = self.stage.act(self.officer, plans.submit_plan, plan.id, self._version(Plan, plan.id))
        return self.stage.act(self.approver, plans.decide_plan, plan.id, "approve", "同意。", plan.version)

    def round(
        self, plan: Plan, name: str, english: str, days: tuple[int, int], project_ids: list[str], **choice: Any
    ) -> str:
        """A round with its tasks, approved.

        Args:
            days: first and last day, counted from the day of building.
            choice: `seats`, `wants_agency`, `work` (days), `scoring_due` (day).
        """
        first, last = (self.stage.day(day) for day in days)
        values = rounds.RoundValues(name, english, first, last, 24, None, None, 5)
        round_ = self.stage.act(self.officer, rounds.create_round, plan.id, values)
        work = choice.get("work", days)
        dates = TaskDates(self.stage.day(work[0]), self.stage.day(work[1]), self.stage.day(choice["scoring_due"]))
        wants_agency = choice.get("wants_agency", False)
        statistic = choice.get("statistic", "trimmed")
        method = MethodChoice.of(statistic, agency_weight=3000 if wants_agency else 0, quorum=3)
        task_values = tasks.TaskValues(
            "finance", self.editions[choice.get("framework", "city_road")], self.templates[choice.get("seats", 5)], 2,
            wants_agency, method, None, dates, self.officer, self.approver, self.deputy,
        )  # fmt: skip
        self.stage.act(
            self.officer, tasks.create_tasks, round_.id, project_ids, task_values, self._version(Round, round_.id)
        )
        self.stage.act(self.officer, rounds.submit_round, round_.id, self._version(Round, round_.id))
        self.stage.act(
            self.approver, rounds.decide_round, round_.id, "approve", "同意。", self._version(Round, round_.id)
        )
        policy = {"objective": "total", "seed": f"{self.chance.getrandbits(64):016x}", "weights": WEIGHTS}
        self.stage.act(self.officer, allocation.propose_policy, round_.id, policy, self._version(Round, round_.id))
        self.stage.act(self.approver, allocation.fix_policy, round_.id, self._version(Round, round_.id))
        return round_.id

    def run(self, round_id: str, kind: str) -> str:
        """One allocation run, computed at once."""
        run = self.stage.act(self.officer, allocation.request_run, round_id, kind)
        with clock.held_at(self.stage.instant):
            run_job(self.stage.house, run.job_id)
        return run.id

    def allocate(self, round_id: str, kind: str) -> None:
        """Run, plan, submit, approve."""
        run_id = self.run(round_id, kind)
        plan = self.stage.act(self.officer, seat_plans.draft_plan, run_id)
        run = self.stage.read(lambda session: session.get_one(AllocationRun, run_id))
        is_short = (run.seats_filled or 0) < (run.seats_wanted or 0)
        gap = "该领域专家不足，先行开展，缺席候补。" if is_short else None
        self.stage.act(self.officer, seat_plans.submit_plan, plan.id, gap, plan.version)
        self.stage.act(self.approver, seat_plans.approve_plan, plan.id, self._version(SeatPlan, plan.id))

    def tasks_of(self, round_id: str) -> list[Task]:
        query = select(Task).where(Task.round_id == round_id).order_by(Task.code)
        return self.stage.read(lambda session: list(session.scalars(query).unique()))

    def seats_of(self, task_id: str, *states: str) -> list[Seat]:
        query = (
            select(Seat)
            .where(Seat.task_id == task_id, Seat.state.in_(states))
            .order_by(Seat.kind.desc(), Seat.position)
        )
        return self.stage.read(lambda session: list(session.scalars(query)))

    def account_of(self, seat: Seat) -> str:
        if seat.expert_id:
            return self.cast.expert_accounts[seat.expert_id]
        return self.cast.agency_accounts[seat.agency_id or ""]["lead"]

    def invite(self, task: Task) -> None:
        self.stage.act(self.officer, seats.invite, task.id)

    def take_up(self, seat: Seat) -> None:
        """Accept, undertake, declare no conflict."""
        account = self.account_of(seat)
        text_id, text_hash = self.cast.texts["seat" if seat.expert_id else "agency"]
        self.stage.act(account, seats.accept, seat.id)
        self.stage.act(account, seats.undertake, seat.id, text_id, text_hash)
        self.stage.act(account, seats.declare_none, seat.id)

    def seat_all(self, task: Task) -> None:
        self.invite(task)
        for seat in self.seats_of(task.id, "notified"):
            self.take_up(seat)

    def open_scoring(self, task: Task, number: str, due_day: int) -> list[str]:
        """Notice, receipt, papers, start; returns the ids of the papers that came in."""
        department = next(
            account
            for code, account in self.cast.department_accounts.items()
            if self.cast.departments[code] == task.project.department_id
        )
        body = f"请就“{task.project.name}”项目准备绩效评价资料。"
        values = notices.NoticeValues(number, body, self.stage.day(due_day), WANTED)
        self.stage.act(self.officer, notices.issue_notice, task.id, values, self._version(Task, task.id))
        notice = self.stage.read(
            lambda session: session.scalars(select(EvaluationNotice).where(EvaluationNotice.task_id == task.id)).one()
        )
        self.stage.act(department, notices.receive_notice, task.id, notice.version)
        items = self._items(task.id)
        for item in items[:2]:
            self._hand_in(task, item, department)
        self.stage.act(self.officer, task_course.start_evaluation, task.id, self._version(Task, task.id))
        return [item.id for item in items[:2]]

    def _hand_in(self, task: Task, item: DocumentItem, department: str) -> None:
        key = self.stage.read(lambda session: session.scalar(select(Task.key_sealed).where(Task.id == task.id)))
        lines = [
            f"项目名称：{task.project.name}",
            "资金到位及时，支付按合同进度进行。",
            "抽检 18 组，合格 16 组，合格率 88.9%。",
        ]
        content = papers.make_pdf(
            item.title, [lines, ["二、实施情况", *lines], ["三、存在问题", "个别资料归档不及时。"]]
        )
        kept = papers.keep_paper(self.stage.house.tools, key or b"", task.id, f"{item.title}.pdf", content, 3)
        self.stage.act(department, documents.hand_in_document, task.id, item.id, kept, item.version)
        self.stage.act(
            self.officer, documents.check_document, task.id, item.id, "accept", "", self._version(DocumentItem, item.id)
        )

    def _items(self, task_id: str) -> list[DocumentItem]:
        query = select(DocumentItem).where(DocumentItem.task_id == task_id).order_by(DocumentItem.position)
        return self.stage.read(lambda session: list(session.scalars(query).unique()))

    def score(self, task: Task, papers_in: list[str], totals: list[int], *, how_many: int | None = None) -> None:
        """Hand sheets in with the given totals (hundredths), in the order of places."""
        tree = self.stage.read(lambda session: session.get_one(FrameworkEdition, task.framework_edition_id).tree)
        framework = from_document(tree)
        for seat, total in list(zip(self.seats_of(task.id, "working"), totals, strict=False))[:how_many]:
            content = sheet_of(framework, total, papers_in, self.chance)
            sheet = self.sheet_of(seat)
            self.stage.act(self.account_of(seat), sheets.submit, sheet.id, content, sheet.version)

    def draft(self, task: Task, papers_in: list[str], seat: Seat, lines: int) -> None:
        """A sheet begun and left half filled."""
        tree = self.stage.read(lambda session: session.get_one(FrameworkEdition, task.framework_edition_id).tree)
        content = sheet_of(from_document(tree), 8600, papers_in, self.chance)
        half = type(content)(dict(list(content.lines.items())[:lines]))
        sheet = self.sheet_of(seat)
        self.stage.act(self.account_of(seat), sheets.save, sheet.id, half, sheet.version)

    def sheet_of(self, seat: Seat) -> Sheet:
        return self.stage.read(lambda session: session.scalars(select(Sheet).where(Sheet.seat_id == seat.id)).one())

    def close(self, task: Task) -> Result:
        return self.stage.act(self.officer, panels.close_panel, task.id)

    def hear(self, task: Task, result: Result, *, is_disputed: bool = False) -> None:
        """Findings out, all answered, decided, closed."""
        department = self._department(task)
        self.stage.act(self.officer, results.open_hearing, result.id)
        findings = self.stage.read(lambda session: [f.id for f in session.get_one(Result, result.id).findings])
        replies = {finding: Reply(True) for finding in findings}
        if is_disputed and findings:
            replies[findings[0]] = Reply(False, "抽检报告已补充，请予复核。")
        self.stage.act(department, results.answer_hearing, result.id, replies)
        if is_disputed and findings:
            self.stage.act(
                self.officer,
                results.decide_dispute,
                result.id,
                findings[0],
                "kept",
                "补充材料晚于评价基准日，维持原意见。",
            )
        self.stage.act(self.officer, results.close_hearing, result.id)

    def sign(self, result: Result) -> None:
        self.stage.act(self.officer, results.submit_result, result.id)
        content_hash = self.stage.read(lambda session: session.get_one(Result, result.id).content_hash)
        self.stage.act(self.approver, results.sign_result, result.id, content_hash)

    def _department(self, task: Task) -> str:
        codes = {department: code for code, department in self.cast.departments.items()}
        return self.cast.department_accounts[codes[task.project.department_id]]

    def _version(self, model: Any, record_id: str) -> int:
        return self.stage.read(lambda session: session.get_one(model, record_id).version)
