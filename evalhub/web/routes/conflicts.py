"""Conflicts of a task: the queue of hits, verdicts, waivers, conflicts told of, and who is out."""

from collections import Counter
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from evalhub.infra.clock import office_time
from evalhub.infra.spreadsheets import Column, write_table
from evalhub.queries.conflicts import (
    TABS,
    HitRow,
    count_pool,
    get_hit,
    last_detection,
    list_hits,
    list_tasks_with_conflicts,
)
from evalhub.queries.tasks import TaskView, get_task
from evalhub.queries.who_is_out import OutRow, list_out
from evalhub.services import conflicts as service
from evalhub.services.change import Change
from evalhub.web.conflict_words import KINDS, RULE_WORDS, TAB_WORDS, failure_text, second_line
from evalhub.web.forms.conflicts import AskWaiverForm, ReportForm, VerdictForm, WaiverForm
from evalhub.web.listing import XLSX
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("conflicts", __name__)
RECENT = 3


@section.page("/conflicts", permission="conflicts:read")
def index(visit: Visit) -> Any:
    return visit.render("conflicts/index.html", tasks=list_tasks_with_conflicts(visit.session, visit.actor))


@section.page("/tasks/<task_id>/conflicts", permission="conflicts:read")
def show(visit: Visit, task_id: str, form: Any = None) -> Any:
    return _queue(visit, get_task(visit.session, visit.actor, task_id), None, form)


@section.page("/conflicts/<hit_id>", permission="conflicts:read")
def hit(visit: Visit, hit_id: str, form: Any = None) -> Any:
    chosen = get_hit(visit.session, visit.actor, hit_id)
    return _queue(visit, get_task(visit.session, visit.actor, chosen.task_id), chosen, form)


def _queue(visit: Visit, task: TaskView, chosen: HitRow | None, form: Any) -> str:
    """The page of a task's hits: the chosen one, else the first of the tab, with its evidence and its forms."""
    hits = list_hits(visit.session, visit.actor, task.id)
    rule = request.args.get("rule")
    tab = request.args.get("tab") or (_tab_of(chosen) if chosen else "open")
    tab = tab if tab in TABS else "open"
    counts = Counter(_tab_of(each) for each in hits)
    shown = [each for each in hits if _tab_of(each) == tab and rule in (None, each.rule)]
    chosen = chosen or (shown[0] if shown else None)
    position = next((at for at, each in enumerate(shown) if chosen and each.id == chosen.id), None)
    decided = [each for each in hits if each.decided_at and _tab_of(each) != tab]
    return visit.render(
        "conflicts/show.html",
        task=task,
        pool=count_pool(visit.session, visit.actor, hits),
        compared_at=last_detection(visit.session, task.id),
        rules=Counter(each.rule for each in hits),
        rule=rule,
        total=len(hits),
        tab=tab,
        tabs=[(TAB_WORDS[name], counts[name], _address(task.id, name, rule), name == tab) for name in TABS],
        shown=shown,
        recent=sorted(decided, key=lambda each: str(each.decided_at), reverse=True)[:RECENT],
        hit=chosen,
        position=position,
        next_id=shown[position + 1].id if position is not None and position + 1 < len(shown) else None,
        verdict_form=_form(VerdictForm, form),
        ask_form=_form(AskWaiverForm, form),
        waiver_form=_form(WaiverForm, form),
        report_form=_form(ReportForm, form),
    )


def _form(kind: type, given: Any) -> Any:
    return given if isinstance(given, kind) else kind()


def _tab_of(each: HitRow) -> str:
    return next(tab for tab, states in TABS.items() if each.state in states)


def _address(task_id: str, tab: str, rule: str | None) -> str:
    return url_for("conflicts.show", task_id=task_id, tab=tab, rule=rule)


@section.action("/tasks/<task_id>/conflicts/detect", permission="conflicts:decide", page=show, record=get_task)
def detect(change: Change, form: Any, task_id: str) -> SeeOther:
    found = service.detect_for_tasks(change, [task_id])
    return SeeOther("conflicts.show", _("Compared with today's records: %(n)s hits.", n=found), task_id=task_id)


@section.action("/tasks/<task_id>/conflicts/report", permission="conflicts:decide", form=ReportForm, page=show,
                record=get_task)  # fmt: skip
def report(change: Change, form: ReportForm, task_id: str) -> SeeOther:
    kept = service.report(change, task_id, form.kind.data, form.code.data, form.source.data, form.reason.data)
    return SeeOther("conflicts.hit", _("Kept. A seat already given is suspended."), hit_id=kept.id)


@section.action("/conflicts/<hit_id>/decide", permission="conflicts:decide", form=VerdictForm, page=hit, record=get_hit)
def decide(change: Change, form: VerdictForm, hit_id: str) -> SeeOther:
    decided = service.decide(change, hit_id, form.decision.data, form.reason.data, form.version_read)
    return SeeOther("conflicts.show", _("The verdict is kept with its reason."), task_id=decided.task_id)


@section.action("/conflicts/<hit_id>/ask-waiver", permission="conflicts:decide", form=AskWaiverForm, page=hit,
                record=get_hit)  # fmt: skip
def ask_waiver(change: Change, form: AskWaiverForm, hit_id: str) -> SeeOther:
    service.ask_waiver(change, hit_id, form.reason.data, form.version_read)
    return SeeOther("conflicts.hit", _("The approver has been asked."), hit_id=hit_id)


@section.action("/conflicts/<hit_id>/waiver", permission="conflicts:waive", form=WaiverForm, page=hit, record=get_hit)
def decide_waiver(change: Change, form: WaiverForm, hit_id: str) -> SeeOther:
    service.decide_waiver(change, hit_id, form.grant.data == "yes", form.reason.data, form.version_read)
    return SeeOther("conflicts.hit", _("The decision is kept with its reason."), hit_id=hit_id)


@section.page("/tasks/<task_id>/out", permission="conflicts:read")
def out(visit: Visit, task_id: str) -> Any:
    task = get_task(visit.session, visit.actor, task_id)
    rows = list_out(visit.session, visit.actor, task, visit.today)
    code = request.args.get("rule")
    return visit.render(
        "conflicts/out.html",
        task=task,
        rows=[row for row in rows if code in (None, *row.codes)],
        total=len(rows),
        counts=Counter(each for row in rows for each in row.codes),
        rule=code,
    )


@section.page("/tasks/<task_id>/out.xlsx", permission="conflicts:read", access="export")
def export_out(visit: Visit, task_id: str) -> Any:
    """The workbook of exactly what the page shows."""
    task = get_task(visit.session, visit.actor, task_id)
    code = request.args.get("rule")
    rows = [row for row in list_out(visit.session, visit.actor, task, visit.today) if code in (None, *row.codes)]
    made = office_time(visit.now).strftime("%Y-%m-%d %H:%M")
    columns = [Column(_("Code"), width=14), Column(_("Name"), width=24), Column(_("Kind"), width=12),
               Column(_("Rules"), width=18), Column(_("Why"), width=80)]  # fmt: skip
    note = "  |  ".join([f"{task.code} {task.name}", *([_rule_word(code)] if code else []), made])
    title = _("Who is out")
    content = write_table(columns, (_cells(row) for row in rows), sheet=title, note=note)
    return visit.download(content, f"{title}-{task.code}.xlsx", XLSX)


def _cells(row: OutRow) -> list[str]:
    why = [f"{hit.rule} {second_line(hit)}" for hit in row.hits] + [failure_text(each) for each in row.failures]
    return [row.code, row.name, str(KINDS[row.kind]), " ".join(row.codes), "; ".join(why)]


def _rule_word(code: str) -> str:
    return str(RULE_WORDS.get(code, code))
