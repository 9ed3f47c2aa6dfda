"""Generated districts in which every relation that a rule names is planted, and beside it one that misses by a hair."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from evalhub.domain.conflicts import (
    AgencyFacts,
    BureauPost,
    Declaration,
    EvaluatedBody,
    Kin,
    PaidBusiness,
    Participation,
    PastEvaluation,
    PersonFacts,
    PersonRef,
    RuleBook,
    Spell,
    TaskAgency,
    TaskFacts,
    apart_pairs,
    blocks,
    detect_all,
    employer_groups,
)
from evalhub.domain.organisations import Holding, Organisation, OrganisationRef, check_character
from evalhub.domain.periods import Period, add_months

DISTRICTS = 300
LONG_AGO = date(1990, 1, 1)
DAY = timedelta(days=1)


@dataclass
class District:
    """What is generated, with the answers: expected coded and named (task, evaluator, rule)."""

    chance: random.Random
    on: date
    people: list[PersonFacts] = field(default_factory=list)
    agencies: list[AgencyFacts] = field(default_factory=list)
    tasks: list[TaskFacts] = field(default_factory=list)
    coded: set[tuple[str, str, str]] = field(default_factory=set)
    named: set[tuple[str, str, str]] = field(default_factory=set)
    soft: set[tuple[str, str, str]] = field(default_factory=set)
    numbers: int = 0

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def body(self, kind: str = "企业", prefix: str = "91", **more) -> Organisation:
        """A body whose made-up name shares hardly a pair of characters with any other."""
        code = f"{prefix}370800{self.number():09d}"
        name = "".join(self.chance.sample(CHARACTERS, 6)) + kind
        return Organisation(code + check_character(code), name, **more)

    def person(self, **facts) -> PersonFacts:
        person = PersonFacts(f"E{self.number()}", **facts)
        self.people.append(person)
        return person

    def agency(self, organisation: Organisation | None = None, **facts) -> AgencyFacts:
        agency = AgencyFacts(f"A{self.number()}", organisation or self.body("咨询有限公司"), **facts)
        self.agencies.append(agency)
        return agency

    def change(self, task: TaskFacts, **changes) -> TaskFacts:
        place = next(place for place, known in enumerate(self.tasks) if known.task_id == task.task_id)
        self.tasks[place] = replace(self.tasks[place], **changes)
        return self.tasks[place]

    @property
    def edge(self) -> date:
        return add_months(self.on, -36)


CHARACTERS = [chr(point) for point in range(0x4E00, 0x9000, 7)]


def make_district(seed: int) -> District:
    chance = random.Random(seed)
    district = District(chance, date(2026, 1, 1) + timedelta(days=chance.randrange(800)))
    for _ in range(3):
        holder = district.body("控股集团")
        contractor = district.body("建设有限公司", holders=(Holding(holder.ref, chance.choice((5000, 10000, None))),))
        unit = district.body("服务中心", "12", former_names=("".join(chance.sample(CHARACTERS, 7)) + "管理站",))
        department = district.body("局", "11")
        district.tasks.append(
            TaskFacts(
                task_id=f"T{district.number()}",
                project_id=f"P{district.number()}",
                evaluated=(
                    EvaluatedBody(unit, leaders=(PersonRef("甲", f"k{district.number()}"),)),
                    EvaluatedBody(department, "department"),
                ),
                year=district.on.year,
                contractors=(contractor, district.body("材料有限公司")),
            )
        )
    for plant in chance.sample(PLANTS, len(PLANTS)):
        plant(district, chance.choice(district.tasks).task_id)
    return district


def _task(district: District, task_id: str) -> TaskFacts:
    return next(task for task in district.tasks if task.task_id == task_id)


def _evaluated(district: District, task_id: str) -> Organisation:
    return district.chance.choice(_task(district, task_id).evaluated).organisation


def _held(
    body: Organisation | OrganisationRef, from_on=None, until_on=None, precision="day", kind="employment"
) -> Spell:
    return Spell(body.ref if isinstance(body, Organisation) else body, Period(from_on, until_on, precision), kind)


def plant_window_edge(district: District, task_id: str) -> None:
    body = _evaluated(district, task_id)
    for days in (1, 0):
        inside = district.person(spells=(_held(body, LONG_AGO, district.edge + days * DAY),))
        district.coded.add((task_id, inside.evaluator_id, "R1"))
    district.person(spells=(_held(body, LONG_AGO, district.edge - DAY),))


def plant_months(district: District, task_id: str) -> None:
    body = _evaluated(district, task_id)
    inside = district.person(spells=(_held(body, LONG_AGO, district.edge.replace(day=1), "month"),))
    district.coded.add((task_id, inside.evaluator_id, "R1"))
    district.person(spells=(_held(body, LONG_AGO, add_months(district.edge, -1), "month"),))


def plant_renamed(district: District, task_id: str) -> None:
    unit = _task(district, task_id).evaluated[0].organisation
    renamed = district.person(spells=(_held(OrganisationRef(unit.code, unit.former_names[0])),))
    by_name = district.person(spells=(_held(OrganisationRef(None, unit.former_names[0])),))
    district.coded.add((task_id, renamed.evaluator_id, "R1"))
    district.named.add((task_id, by_name.evaluator_id, "R1"))


def plant_two_posts(district: District, task_id: str) -> None:
    first = _evaluated(district, task_id)
    busy = district.person(spells=(_held(district.body()), _held(first, kind="adviser"), _held(district.body())))
    district.coded.add((task_id, busy.evaluator_id, "R1"))
    district.person(spells=(_held(district.body()), _held(district.body(), kind="adviser")))


def plant_missing_code(district: District, task_id: str) -> None:
    name = _evaluated(district, task_id).name
    exact = district.person(spells=(_held(OrganisationRef(None, name)),))
    longer = district.person(spells=(_held(OrganisationRef(None, f"市{name}")),))
    district.named |= {(task_id, exact.evaluator_id, "R1"), (task_id, longer.evaluator_id, "R1")}
    district.person(spells=(_held(OrganisationRef(district.body().code, f"市{name}")),))


def plant_contractors(district: District, task_id: str) -> None:
    contractor = _task(district, task_id).contractors[0]
    holder = contractor.holders[0].body
    post = district.chance.choice(("director", "supervisor", "controller", "head"))
    own = district.person(spells=(_held(contractor, LONG_AGO, district.edge, kind=post),))
    above = district.person(spells=(_held(holder, kind=post),))
    related = district.agency(district.body("咨询有限公司", parent=holder))
    lead = PersonFacts(
        f"S{district.number()}", "staff", (_held(contractor, kind=post),), agency_id=f"A{district.numbers}x"
    )
    district.agency(staff=(lead,))
    district.coded |= {
        (task_id, who, "R2") for who in (own.evaluator_id, above.evaluator_id, related.evaluator_id, lead.evaluator_id)
    }
    district.person(spells=(_held(contractor, LONG_AGO, district.edge - DAY, kind=post),))
    district.person(spells=(_held(holder),))
    district.agency(district.body("咨询有限公司", parent=district.body().ref))


def plant_kin(district: District, task_id: str) -> None:
    relation = district.chance.choice(("spouse", "lineal", "collateral", "in_law"))
    relative = district.person(kin=(Kin(_evaluated(district, task_id).ref, relation),))
    district.coded.add((task_id, relative.evaluator_id, "R3"))
    district.person(kin=(Kin(district.body().ref, relation),))


def plant_participation(district: District, task_id: str) -> None:
    part = Participation(_task(district, task_id).project_id, "audit", LONG_AGO)
    for taker in (district.person(participations=(part,)), district.agency(participations=(part,))):
        district.coded.add((task_id, taker.evaluator_id, "R4"))
    district.person(participations=(replace(part, project_id="P0"),))


def plant_independence(district: District, task_id: str) -> None:
    task = _task(district, task_id)
    leader = task.evaluated[0].leaders[0]
    guilty = [
        district.agency(district.body("咨询有限公司", parent=_evaluated(district, task_id).ref)),
        district.agency(invested=(Holding(_evaluated(district, task_id).ref, 5000),)),
        district.agency(finances=(_evaluated(district, task_id).ref,)),
        district.agency(heads=(replace(leader, name="乙"),)),
    ]
    district.coded |= {(task_id, agency.evaluator_id, "R5") for agency in guilty}
    past = Period(LONG_AGO, district.on - DAY)
    district.agency(district.body("所", holders=(Holding(_evaluated(district, task_id).ref, 10000, past),)))
    district.agency(heads=(PersonRef("甲", "k0"),))


def plant_paid(district: District, task_id: str) -> None:
    unit = _task(district, task_id).evaluated[0].organisation.ref
    paid = district.agency(paid_business=(PaidBusiness(unit, Period(LONG_AGO, district.edge)),))
    district.coded.add((task_id, paid.evaluator_id, "R6"))
    district.agency(paid_business=(PaidBusiness(unit, Period(LONG_AGO, district.edge - DAY)),))


def plant_employed_by_agency(district: District, task_id: str) -> None:
    agency = district.agency()
    takes_part = TaskAgency(agency.evaluator_id, agency.organisation)
    district.change(_task(district, task_id), agencies=(*_task(district, task_id).agencies, takes_part))
    employed = district.person(spells=(_held(agency.organisation, LONG_AGO),))
    district.coded.add((task_id, employed.evaluator_id, "R7"))
    district.person(spells=(_held(agency.organisation, LONG_AGO, district.on - DAY),))


def plant_supervisor(district: District, task_id: str) -> None:
    supervisor = district.person(bureau_posts=(BureauPost("supervises_pool", Period(LONG_AGO)),))
    district.coded |= {(task.task_id, supervisor.evaluator_id, "R8") for task in district.tasks}
    district.person(bureau_posts=(BureauPost("supervises_pool", Period(LONG_AGO, district.on - DAY)),))


def plant_first_evaluation(district: District, task_id: str) -> None:
    expert, agency = district.person(), district.agency()
    took_part = frozenset({expert.evaluator_id, agency.evaluator_id})
    district.change(_task(district, task_id), kind="re_evaluation", first_task_id="T0", first_participants=took_part)
    district.coded |= {(task_id, who, "R9") for who in took_part}
    district.person()


def plant_declaration(district: District, task_id: str) -> None:
    upheld, rejected, own = district.person(), district.person(), district.person()
    words = (
        Declaration(upheld.evaluator_id, "unit", "upheld"),
        Declaration(rejected.evaluator_id, "unit", "rejected"),
        Declaration(own.evaluator_id, "self"),
    )
    district.change(_task(district, task_id), declarations=words)
    district.coded |= {(task_id, who.evaluator_id, "R10") for who in (upheld, own)}


def plant_rotation(district: District, task_id: str) -> None:
    task = _task(district, task_id)
    unit = task.evaluated[0].organisation.ref
    steady = district.agency(evaluations=tuple(PastEvaluation(unit, task.year - back) for back in (1, 2)))
    district.soft.add((task_id, steady.evaluator_id, "R11"))
    district.agency(evaluations=tuple(PastEvaluation(unit, task.year - back) for back in (1, 3)))


PLANTS: list[Callable[[District, str], None]] = [
    plant_window_edge, plant_months, plant_renamed, plant_two_posts, plant_missing_code, plant_contractors, plant_kin,
    plant_participation, plant_independence, plant_paid, plant_employed_by_agency, plant_supervisor,
    plant_first_evaluation, plant_declaration, plant_rotation,
]  # fmt: skip


@pytest.mark.parametrize("block", range(10))
def test_planted_relations_are_found_and_nothing_else_is_taken_as_hard(block):
    for seed in range(block * DISTRICTS // 10, (block + 1) * DISTRICTS // 10):
        district = make_district(seed)

        rulings = blocks(
            detect_all(district.people, district.agencies, district.tasks, RuleBook(), district.on), [], [], RuleBook()
        )

        found = {(hit.task_id, hit.evaluator_id, hit.rule) for hit in rulings.hard}
        assert found == district.coded, seed
        assert {(hit.task_id, hit.evaluator_id, hit.rule) for hit in rulings.doubts} >= district.named, seed
        assert {(hit.task_id, hit.evaluator_id, hit.rule) for hit in rulings.soft} == district.soft, seed


def test_order_of_input_is_irrelevant():
    for seed in range(20):
        district = make_district(seed)
        rules = RuleBook()
        hits = detect_all(district.people, district.agencies, district.tasks, rules, district.on)

        for entries in (district.people, district.agencies, district.tasks):
            district.chance.shuffle(entries)

        assert detect_all(district.people, district.agencies, district.tasks, rules, district.on) == hits


def test_one_by_one_finds_what_all_at_once_finds():
    for seed in range(10):
        district = make_district(seed)
        rules, on = RuleBook(), district.on
        at_once = {
            hit.evidence_key for hit in detect_all(district.people, district.agencies, district.tasks, rules, on)
        }

        singly = {
            hit.evidence_key
            for task in district.tasks
            for people, agencies in [([person], []) for person in district.people]
            + [([], [a]) for a in district.agencies]
            for hit in detect_all(people, agencies, [task], rules, on)
        }

        assert singly == at_once


def test_panel_rules_name_planted_kin_and_employers_alone():
    for seed in range(30):
        chance = random.Random(seed)
        district = District(chance, date(2026, 11, 23))
        employers = [district.body() for _ in range(6)]
        people = [
            district.person(
                spells=(_held(chance.choice(employers)), _held(chance.choice(employers), LONG_AGO, LONG_AGO))
            )
            for _ in range(20)
        ]
        first, second = chance.sample(people, 2)
        people[people.index(first)] = replace(
            first, kin=(Kin(employers[0].ref, "spouse", relative_id=second.evaluator_id),)
        )

        pairs = [(pair.first_id, pair.second_id) for pair in apart_pairs(people)]

        assert pairs == [tuple(sorted((first.evaluator_id, second.evaluator_id)))]
        assert employer_groups(people, district.on) == {
            person.evaluator_id: (person.spells[0].organisation.code,) for person in people
        }
