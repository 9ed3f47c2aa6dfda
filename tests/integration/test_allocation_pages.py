"""Conflicts and allocation as their people walk them through the pages, and what each page must say and hide."""

import io
import json
import re
import zipfile
from datetime import date

import pytest
from sqlalchemy import select

from evalhub.domain.permissions import Role
from evalhub.models.allocation import AllocationRun, PlannedSeat, SeatPlan
from evalhub.models.conflicts import ConflictHit
from evalhub.models.journal import Job
from evalhub.models.plans import BureauConflict, Round
from evalhub.models.seats import Seat
from evalhub.work.worker import run_job
from tests.builders import NOW, add
from tests.integration.allocation_world import build_allocation_world, employ, fix_policy, planned, run
from tests.integration.conftest import Browser

REASON = "离职距今二十个月，不足三十六个月。"


@pytest.fixture
def world(house):
    with house.database.write() as session:
        world = build_allocation_world(session, house.tools)
        employ(session, world.experts[0], "教育局", world.unit_code, date(2020, 2, 1), date(2025, 3, 31))
    return world


@pytest.fixture
def fixed(house, world):
    with house.database.write() as session:
        fix_policy(session, house.tools, world)
    return world


@pytest.fixture
def officer(app, world):
    return Browser(app).sign_in(world.plan.officer)


@pytest.fixture
def approver(app, world):
    return Browser(app).sign_in(world.plan.approver)


def one(house, query):
    with house.database.read() as session:
        return session.scalars(query).one()


def version_in(page, action):
    """The version that the form of an action carries."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)
    found = re.search(r'name="version" value="(\d+)"', form[0])
    return found[1]


def test_officer_compares_rules_and_the_next_hit_is_shown(house, world, officer):
    address = f"/tasks/{world.tasks[0].id}/conflicts"
    assert officer.post(f"{address}/detect").status_code == 303
    page = officer.get(address)
    assert "left 19 months ago" in page.text
    assert "look-back 36 months: from 2023-11-23" in page.text
    hit = one(house, select(ConflictHit))

    sent = officer.post(
        f"/conflicts/{hit.id}/decide", {"decision": "confirm", "reason": REASON, "version": str(hit.version)}
    )  # fmt: skip

    assert (sent.status_code, sent.location) == (303, address)
    assert one(house, select(ConflictHit)).state == "confirmed"
    assert REASON in officer.get(f"{address}?tab=confirmed").text


def test_verdict_without_reason_is_shown_again_with_what_is_missing(house, world, officer):
    officer.post(f"/tasks/{world.tasks[0].id}/conflicts/detect")
    hit = one(house, select(ConflictHit))

    sent = officer.post(f"/conflicts/{hit.id}/decide", {"decision": "confirm", "reason": "", "version": "1"})

    assert sent.status_code == 422
    assert "Nothing was saved" in sent.text
    assert one(house, select(ConflictHit)).state == "open"


def test_stale_verdict_answers_409_and_changes_nothing(house, world, officer):
    officer.post(f"/tasks/{world.tasks[0].id}/conflicts/detect")
    hit = one(house, select(ConflictHit))

    sent = officer.post(f"/conflicts/{hit.id}/decide", {"decision": "confirm", "reason": REASON, "version": "7"})

    assert sent.status_code == 409
    assert one(house, select(ConflictHit)).state == "open"


def test_hit_of_law_offers_no_waiver(house, world, officer):
    officer.post(f"/tasks/{world.tasks[0].id}/conflicts/detect")
    hit = one(house, select(ConflictHit))

    page = officer.get(f"/conflicts/{hit.id}").text

    assert "This rule is law: nobody waives it." in page
    assert f"/conflicts/{hit.id}/ask-waiver" not in page


def test_who_is_out_names_rule_and_record_and_exports_the_same(world, officer):
    officer.post(f"/tasks/{world.tasks[0].id}/conflicts/detect")

    page = officer.get(f"/tasks/{world.tasks[0].id}/out?rule=R1").text
    export = officer.get(f"/tasks/{world.tasks[0].id}/out.xlsx?rule=R1")

    assert world.experts[0].code in page
    assert world.experts[1].code not in page
    with zipfile.ZipFile(io.BytesIO(export.data)) as workbook:
        text = "".join(workbook.read(name).decode() for name in workbook.namelist() if name.endswith(".xml"))
    assert world.experts[0].code in text
    assert world.experts[0].name not in text


def test_round_goes_from_policy_to_seats_through_the_pages(house, world, officer, approver):
    """Proposed, fixed, run, drafted, submitted, approved; each by the one who may."""
    page = f"/rounds/{world.round.id}/allocation"
    weights = {"field": "60", "licence": "10", "past_work": "15", "rotation": "15"}
    form = {
        "objective": "fair",
        "seed": "00ff00ff",
        **weights,
        "version": version_in(officer.get(page), f"{page}/policy"),
    }
    assert officer.post(f"{page}/policy", form).status_code == 303
    assert "Policy proposed" in approver.get(page).text
    fix = f"{page}/policy/fix"
    assert approver.post(fix, {"version": version_in(approver.get(page), fix)}).status_code == 303
    assert "60.0% × Field + 10.0% × Licence" in officer.get(page).text

    started = officer.post(f"{page}/runs", {"kind": "experts"})
    assert "Waiting for the worker" in officer.get(started.location).text
    assert "HX-Refresh" not in officer.get(f"{started.location}/progress").headers
    run_job(house, one(house, select(Job.id)))
    assert officer.get(f"{started.location}/progress").headers["HX-Refresh"] == "true"
    assert "2 tasks: all 6 seats are filled." in officer.get(started.location).text

    drafted = officer.post(f"{started.location}/plan").location
    submit = f"{drafted}/submit"
    assert officer.post(submit, {"version": version_in(officer.get(drafted), submit)}).status_code == 303
    approve = f"{drafted}/approve"
    assert approver.post(approve, {"version": version_in(approver.get(drafted), approve)}).status_code == 303
    with house.database.read() as session:
        assert len(session.scalars(select(Seat)).all()) == 10


def test_weights_that_do_not_sum_to_the_whole_are_refused_at_their_place(world, officer):
    page = f"/rounds/{world.round.id}/allocation"
    weights = {"field": "60", "licence": "10", "past_work": "15", "rotation": "14"}
    form = {
        "objective": "total",
        "seed": "00ff00ff",
        **weights,
        "version": version_in(officer.get(page), f"{page}/policy"),
    }

    sent = officer.post(f"{page}/policy", form)

    assert sent.status_code == 422
    assert "The weights together must be 100 per cent, and none is negative." in sent.text


def test_why_not_says_both_numbers_and_what_would_be_without_the_rule(house, fixed, officer):
    done = run(house, fixed)

    page = officer.get(f"/allocation/runs/{done.id}/tasks/{fixed.tasks[0].id}/why/{fixed.experts[0].id}").text

    assert "it ended only 19 months ago, the rule asks for 36." in page
    assert "From 2028-04-01 this one no longer holds." in page
    assert "Without R1:" in page
    assert fixed.experts[0].name not in page


def test_eligible_but_not_chosen_is_told_with_figures(house, fixed, officer):
    done = run(house, fixed)
    seated = {who for task, who in done.result["assignments"] if task == fixed.tasks[0].id}
    seated |= set(done.reserves[fixed.tasks[0].id])
    free = next(each for each in fixed.experts[1:] if each.id not in seated)

    page = officer.get(f"/allocation/runs/{done.id}/tasks/{fixed.tasks[0].id}/why/{free.id}").text

    assert "Could be seated, but was not chosen." in page
    assert re.search(r"Fit 0\.\d\d, number \d of 8 for this task\.", page)
    assert "In place of each member" in page


def test_archive_holds_ids_and_rule_codes_and_no_name(house, fixed, officer):
    done = run(house, fixed)

    answer = officer.get(f"/allocation/runs/{done.id}/archive.zip")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        instance, result = packed.read("instance.json"), json.loads(packed.read("result.json"))
    assert result["instance_sha256"] == done.instance_hash
    assert [fixed.tasks[0].id, fixed.experts[0].id, "R1"] in json.loads(instance)["conflicts"]
    assert not any(expert.name.encode() in instance or expert.code.encode() in instance for expert in fixed.experts)
    assert b"370800" not in re.sub(rb'"region":"370800"', b"", instance)


def test_person_named_by_hand_is_marked_and_told_to_the_supervisor(app, house, fixed, officer):
    with house.database.write() as session:
        for expert in fixed.experts:
            session.merge(expert).capacity_at_once = 1
    done = run(house, fixed)
    drafted = officer.post(f"/allocation/runs/{done.id}/plan").location
    plan = one(house, select(SeatPlan))
    with house.database.read() as session:
        seats = session.scalars(
            select(PlannedSeat).where(PlannedSeat.plan_id == plan.id, PlannedSeat.task_id == fixed.tasks[0].id)
        ).all()
    codes = {each.id: each.code for each in fixed.experts}
    leaving = next(seat for seat in seats if not seat.is_reserve and not seat.is_leader).expert_id
    candidate = next(seat for seat in seats if seat.is_reserve).expert_id

    sent = officer.post(
        f"{drafted}/name",
        {"task_id": fixed.tasks[0].id, "leaving": codes[leaving], "candidate": codes[candidate], "reason": REASON,
         "version": str(plan.version)},
    )  # fmt: skip

    assert sent.status_code == 303
    page = Browser(app).sign_in(fixed.plan.supervisor).get(drafted).text
    assert "1 seat was named by hand." in page
    assert f"Named by hand: {REASON}" in page


def test_all_runs_and_differing_seats_are_in_sight_of_approver_and_supervisor(app, house, fixed, approver):
    first = run(house, fixed)
    gone = first.result["assignments"][0][1]
    with house.database.write() as session:
        expert = next(each for each in fixed.experts if each.id == gone)
        employ(session, expert, "教育局", fixed.unit_code, date(2020, 2, 1), date(2025, 3, 31))
    second = run(house, fixed)

    for browser in (approver, Browser(app).sign_in(fixed.plan.supervisor)):
        listed = browser.get(f"/rounds/{fixed.round.id}/allocation").text
        page = browser.get(f"/allocation/runs/{second.id}").text
        assert first.code in listed
        assert second.code in listed
        assert "In conflict meanwhile: " in page


def test_locked_task_is_on_no_page_of_a_run_and_its_archive_is_missing(house, fixed, officer):
    done = run(house, fixed)
    with house.database.write() as session:
        add(
            session,
            BureauConflict(
                task_id=fixed.tasks[0].id, account_id=fixed.plan.officer.id, reason="亲属", recorded_by_id="x",
                recorded_at=NOW,
            ),
        )  # fmt: skip

    page = officer.get(f"/allocation/runs/{done.id}").text

    assert "项目 P-1" not in page
    assert "1 tasks: all 3 seats are filled." in page
    assert officer.get(f"/allocation/runs/{done.id}/archive.zip").status_code == 404
    assert officer.get(f"/tasks/{fixed.tasks[0].id}/conflicts").status_code == 404


def test_plan_with_a_gap_is_submitted_with_its_reason_only(house, fixed, officer):
    with house.database.write() as session:
        for expert in fixed.experts[3:]:
            session.merge(expert).state = "suspended"
    done = run(house, fixed)
    shown = officer.get(f"/allocation/runs/{done.id}").text
    assert "one reason after another" in shown
    drafted = officer.post(f"/allocation/runs/{done.id}/plan").location
    version = str(one(house, select(SeatPlan)).version)

    assert officer.post(f"{drafted}/submit", {"gap_reason": "", "version": version}).status_code == 422
    assert officer.post(f"{drafted}/submit", {"gap_reason": "专家不足先行开展", "version": version}).status_code == 303


def test_rule_of_law_is_shortened_by_no_form(world, approver):
    sent = approver.post("/conflict-rules/R1/edit", {"window_months": "24", "source": "局办公会", "version": "0"})

    assert sent.status_code == 422
    assert "its window may only be lengthened" in sent.text


@pytest.mark.parametrize("role", [Role.EXPERT, Role.AGENCY_CLERK, Role.DEPARTMENT_CLERK, Role.SYSTEM_ADMIN])
def test_outsiders_find_no_page_of_conflicts_or_allocation(house, fixed, signed_in, role):
    planned(house, fixed)
    run_id = one(house, select(AllocationRun.id))
    browser = signed_in(role)

    for path in ("/conflicts", "/allocation", f"/allocation/runs/{run_id}", f"/rounds/{fixed.round.id}/allocation"):
        assert browser.get(path).status_code == 404
    assert one(house, select(Round.policy_hash)) is not None
