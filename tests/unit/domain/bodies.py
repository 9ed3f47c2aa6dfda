"""Bodies, people and a task for the tests of recusal rules: valid by default, without surprises."""

from datetime import date

from evalhub.domain.conflicts import AgencyFacts, EvaluatedBody, PersonFacts, Spell, TaskFacts
from evalhub.domain.organisations import Organisation, OrganisationRef, check_character
from evalhub.domain.periods import Period

ON = date(2026, 11, 23)


def code(number: int, prefix: str = "91") -> str:
    body = f"{prefix}370800{number:09d}"
    return body + check_character(body)


WATER_UNIT = Organisation(code(1, "12"), "示例高新区水务服务中心", former_names=("示例高新区水利管理站",))
WATER_BUREAU = Organisation(code(2, "11"), "示例高新区城乡水务局")
BUILDER = Organisation(code(3), "齐鲁润泽水利工程有限公司")
PARENT = Organisation(code(4), "泰和控股集团有限公司")
CONSULTANT = Organisation(code(5), "明信达管理咨询有限公司")
STRANGER = Organisation(code(6), "沂蒙文旅发展有限公司")


def ref(body: Organisation) -> OrganisationRef:
    return body.ref


def make_task(**changes) -> TaskFacts:
    facts = {
        "task_id": "T1",
        "project_id": "P1",
        "evaluated": (EvaluatedBody(WATER_UNIT), EvaluatedBody(WATER_BUREAU, "department")),
        "year": 2026,
        "project_name": "农村供水管网改造",
        "contractors": (BUILDER,),
    }
    return TaskFacts(**(facts | changes))


def make_expert(*spells: Spell, **changes) -> PersonFacts:
    return PersonFacts(**({"evaluator_id": "E1", "spells": spells} | changes))


def make_agency(**changes) -> AgencyFacts:
    return AgencyFacts(**({"evaluator_id": "A1", "organisation": CONSULTANT} | changes))


def spell(
    body: Organisation | OrganisationRef, from_on=None, until_on=None, precision="day", kind="employment"
) -> Spell:
    organisation = body.ref if isinstance(body, Organisation) else body
    return Spell(organisation, Period(from_on, until_on, precision), kind)
