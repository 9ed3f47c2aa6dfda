"""Bodies, people and accounts of the invented district."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalhub.demo import names
from evalhub.demo.texts import UNDERTAKINGS
from evalhub.domain import identity
from evalhub.domain.masking import mask_identity, mask_mobile
from evalhub.domain.names import fold_name, organisation_key
from evalhub.domain.organisations import check_character
from evalhub.domain.permissions import Role
from evalhub.infra.pinyin import body_sort_key, sort_key
from evalhub.models.accounts import Account, AccountRole
from evalhub.models.agencies import Agency, AgencyField, AgencyStaff
from evalhub.models.experts import (
    DayOff,
    EmploymentSpell,
    Expert,
    ExpertField,
    ExpertLicence,
    Field,
    PersonUndertaking,
    UndertakingText,
)
from evalhub.models.organisations import Holding, Organisation
from evalhub.models.projects import Department
from evalhub.models.seats import Seat
from evalhub.services.experts import IDENTITY_PLACE, MOBILE_PLACE

EXPERTS, FINANCE_EXPERTS = 64, 9
REGION = "370899"
PREFIXES = {"government": "11", "institution": "12", "university": "12", "enterprise": "91", "agency": "91"}
BUREAU = (
    ("wang.jb", "王静波", Role.OFFICER), ("zhang.xl", "张晓琳", Role.OFFICER), ("li.sd", "李思达", Role.APPROVER),
    ("chen.mh", "陈明浩", Role.APPROVER), ("zhao.jd", "赵纪东", Role.SUPERVISOR),
    ("sysadmin", "系统管理员", Role.SYSTEM_ADMIN), ("secadmin", "安全管理员", Role.SECURITY_ADMIN),
    ("auditadmin", "审计管理员", Role.AUDIT_ADMIN),
)  # fmt: skip


@dataclass
class Cast:
    """Ids that the story needs, by the names it uses."""

    accounts: dict[str, str] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    experts: list[str] = field(default_factory=list)
    finance_experts: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    expert_accounts: dict[str, str] = field(default_factory=dict)
    agency_accounts: dict[str, dict[str, str]] = field(default_factory=dict)
    department_accounts: dict[str, str] = field(default_factory=dict)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)


class Caster:
    """Makes the rows; one chance source, so that the same seed gives the same people."""

    def __init__(self, session: Session, now: datetime, today: date, seed: str, password_hash: str, vault: Any) -> None:
        self.session, self.now, self.today = session, now, today
        self.chance = random.Random(f"{seed} cast")
        self.password_hash, self.vault = password_hash, vault
        self.cast = Cast()
        self.used_names: set[str] = set()

    def make(self) -> Cast:
        self._fields_and_texts()
        self._bodies()
        self._bureau()
        self._experts()
        self._agencies()
        self.session.flush()
        return self.cast

    def add(self, record: Any) -> Any:
        self.session.add(record)
        self.session.flush()
        return record

    def body(self, name: str, kind: str, **more: Any) -> Organisation:
        code = (
            PREFIXES[kind] + REGION + "".join(self.chance.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(9))
        )
        organisation = self.add(
            Organisation(
                credit_code=code + check_character(code), name=name, name_key=organisation_key(name), kind=kind, **more
            )
        )
        self.cast.bodies[name] = organisation.id
        return organisation

    def person_name(self) -> str:
        while True:
            given = "".join(self.chance.sample(names.GIVEN, self.chance.choice((1, 2, 2))))
            name = self.chance.choice(names.SURNAMES) + given
            if name not in self.used_names:
                self.used_names.add(name)
                return name

    def account(self, username: str, display_name: str, *roles: Role, **stands_for: str) -> str:
        account = Account(
            username=username, display_name=display_name, state="active", password_hash=self.password_hash,
            password_set_at=self.now, created_by_id="demo", created_at=self.now, is_demo=True, **stands_for,
        )  # fmt: skip
        for role in roles:
            account.roles.append(AccountRole(role=str(role), granted_by_id="demo", granted_at=self.now))
        self.add(account)
        self.cast.accounts[username] = account.id
        return account.id

    def _fields_and_texts(self) -> None:
        for code, name, english, kind, children in names.FIELDS:
            self.add(Field(code=code, name=name, english_name=english, kind=kind))
            for child, child_name, child_english in children:
                self.add(Field(code=child, name=child_name, english_name=child_english, parent_code=code, kind=kind))
        for kind, (body, english) in UNDERTAKINGS.items():
            digest = self.vault_digest(body + english)
            text = self.add(
                UndertakingText(
                    kind=kind, edition=1, body=body, english_body=english, text_hash=digest,
                    valid_from_at=self.now - timedelta(days=900),
                )
            )  # fmt: skip
            self.cast.texts[kind] = (text.id, digest)

    @staticmethod
    def vault_digest(text: str) -> str:
        from hashlib import sha256

        return "sha256:" + sha256(text.encode()).hexdigest()

    def _bodies(self) -> None:
        for name, kind in names.EMPLOYERS:
            self.body(f"{name}", kind)
        for name in (*names.CONTRACTORS, names.HOLDER):
            self.body(name, "enterprise")
        for name, code in (*names.DEPARTMENTS, *names.STREET_OFFICES):
            is_office = code.startswith("2")
            organisation = self.body(f"示例高新区{name}", "government", head_name=self.person_name())
            department = self.add(
                Department(
                    organisation_id=organisation.id, budget_code=code, created_at=self.now,
                    kind="street_office" if is_office else "department",
                    line_section=self.chance.choice(("教科文科", "社会保障科", "经济建设科", "农业农村科")),
                )
            )  # fmt: skip
            self.cast.departments[code] = department.id
            self.cast.department_accounts[code] = self.account(
                f"dept.{code}", f"{name}经办", Role.DEPARTMENT_CLERK, Role.DEPARTMENT_HEAD, department_id=department.id
            )

    def _bureau(self) -> None:
        for username, name, role in BUREAU:
            self.account(username, name, role)

    def _experts(self) -> None:
        subjects = [child[0] for group in names.FIELDS[:-1] for child in group[4]]
        employers = [self.cast.bodies[name] for name, _ in names.EMPLOYERS]
        for number in range(1, EXPERTS + 1):
            is_finance = number <= FINANCE_EXPERTS
            main = self.chance.choice(("0901", "0902")) if is_finance else subjects[number % len(subjects)]
            expert = self._expert(number, is_finance)
            self._career(expert, employers[number % len(employers)], number)
            self._knowledge(expert, main, subjects)
            self.cast.experts.append(expert.id)
            if is_finance:
                self.cast.finance_experts.append(expert.id)
            self.cast.expert_accounts[expert.id] = self.account(
                f"zj{number:03d}", expert.name, Role.EXPERT, expert_id=expert.id
            )

    def _expert(self, number: int, is_finance: bool) -> Expert:
        name = (
            names.RARE_NAMES[number % 10] if number % 10 < len(names.RARE_NAMES) and number > 55 else self.person_name()
        )
        is_paused = number in (21, 34, 47, 58)
        expert = Expert(
            code=f"ZJ-{number:04d}", name=name, name_key=fold_name(name), sort_key=sort_key(name),
            gender=self.chance.choice(("f", "m")), title="研究员" if number % 3 else "正高级工程师",
            born_on=date(self.today.year - self.chance.randint(36, 62), self.chance.randint(1, 12), self.chance.randint(1, 28)),
            title_level=self.chance.choice(("full", "associate", "associate", "middle")), education="硕士",
            service_state=self.chance.choice(("serving", "serving", "retired")),
            region=self.chance.choice(("370811", "370812", "370883", "370828")), capacity_year=8,
            capacity_at_once=4 if is_finance else 3, state="suspended" if is_paused else "active",
            state_reason="本人申请暂停" if is_paused else None, source="公开征集",
            admitted_on=self.today - timedelta(days=700), term_until_on=self.today + timedelta(days=400),
            created_at=self.now, changed_at=self.now,
        )  # fmt: skip
        self.add(expert)
        self._seal_numbers(expert)
        text_id, text_hash = self.cast.texts["pool"]
        self.session.add(
            PersonUndertaking(
                expert_id=expert.id, text_id=text_id, text_hash=text_hash, account_id="demo", signed_at=self.now
            )
        )
        return expert

    def _seal_numbers(self, expert: Expert) -> None:
        """Invented numbers of a region that does not exist; sealed, indexed and masked like real ones."""
        born = expert.born_on or self.today
        body = f"{REGION}{born:%Y%m%d}{self.chance.randint(100, 999)}"
        number = body + identity.check_character(body)
        expert.identity_number_sealed = self.vault.seal_field(number, place=IDENTITY_PLACE, record_id=expert.id)
        expert.identity_index = self.vault.blind_index("person.id_number", number)
        expert.identity_masked = mask_identity(number)
        mobile = f"199{self.chance.randint(0, 99_999_999):08d}"
        expert.mobile_sealed = self.vault.seal_field(mobile, place=MOBILE_PLACE, record_id=expert.id)
        expert.mobile_index, expert.mobile_masked = self.vault.blind_index("person.mobile", mobile), mask_mobile(mobile)

    def _career(self, expert: Expert, employer: str, number: int) -> None:
        began = date(self.today.year - self.chance.randint(6, 18), self.chance.randint(1, 12), 1)
        self.session.add(
            EmploymentSpell(expert_id=expert.id, organisation_id=employer, from_on=began, position=expert.title)
        )
        expired = number in (12, 29, 51)
        self.session.add(
            ExpertLicence(
                expert_id=expert.id, kind="cpa" if number <= FINANCE_EXPERTS else "cost_engineer",
                number=f"ZS{number:05d}", expires_on=self.today + timedelta(days=-20 if expired else 500),
            )
        )  # fmt: skip

    def _knowledge(self, expert: Expert, main: str, subjects: list[str]) -> None:
        self.session.add(ExpertField(expert_id=expert.id, field_code=main, rank=1, skill=self.chance.choice((2, 3))))
        second = self.chance.choice([code for code in subjects if code != main])
        self.session.add(ExpertField(expert_id=expert.id, field_code=second, rank=2, skill=self.chance.choice((1, 2))))

    def _agencies(self) -> None:
        subjects = [child[0] for group in names.FIELDS for child in group[4]]
        for number, (name, nature) in enumerate(names.AGENCIES, 1):
            organisation = self.body(name, "agency", head_name=self.person_name())
            agency = self.add(
                Agency(
                    code=f"JG-{number:03d}", organisation_id=organisation.id, sort_key=body_sort_key(name), nature=nature,
                    founded_on=date(2008 + number % 9, 5, 1), legal_representative=organisation.head_name,
                    region="370811", state="suspended" if number == 11 else "active", quality_points=8000 + 70 * number,
                    state_reason="报告质量约谈" if number == 11 else None, on_credit_platform=True,
                    admitted_on=self.today - timedelta(days=700), term_until_on=self.today + timedelta(days=400),
                    created_at=self.now, changed_at=self.now,
                )
            )  # fmt: skip
            for code in self.chance.sample(subjects, 6):
                self.session.add(AgencyField(agency_id=agency.id, field_code=code, skill=self.chance.choice((1, 2, 3))))
            self.cast.agencies.append(agency.id)
            self.cast.agency_accounts[agency.id] = self._agency_people(agency, number)

    def _agency_people(self, agency: Agency, number: int) -> dict[str, str]:
        leads = [
            self.add(
                AgencyStaff(
                    agency_id=agency.id, name=self.person_name(), is_lead_evaluator=True, title_level="associate",
                    joined_on=date(2019, 3, 1),
                )
            )
            for _ in range(2)
        ]  # fmt: skip
        slug = "hx" if number == 1 else f"jg{number:03d}"
        return {
            "clerk": self.account(
                f"{slug}.agency", f"{agency.organisation.name}经办", Role.AGENCY_CLERK, agency_id=agency.id
            ),
            "lead": self.account(
                f"{slug}.lead", leads[0].name, Role.LEAD_EVALUATOR, agency_id=agency.id, agency_staff_id=leads[0].id
            ),
        }


def plant_relations(session: Session, cast: Cast, today: date) -> None:
    """The planted cases: who left the evaluated unit 20 months ago; whose parent owns a contractor; finance days off."""
    left = today.replace(day=1) - timedelta(days=1)
    for _ in range(19):
        left = left.replace(day=1) - timedelta(days=1)
    unit = cast.bodies["示例高新区住房和城乡建设局"]
    session.add(
        EmploymentSpell(
            expert_id=cast.experts[19], organisation_id=unit, from_on=date(today.year - 9, 3, 1), until_on=left,
            position="工程科副科长",
        )
    )  # fmt: skip
    holder = session.get_one(Organisation, cast.bodies[names.HOLDER]) if names.HOLDER in cast.bodies else None
    if holder is not None:
        agency = session.get_one(Agency, cast.agencies[3])
        session.get_one(Organisation, agency.organisation_id).parent_id = holder.id
        session.add(
            Holding(
                holder_id=holder.id, held_id=cast.bodies["绿源园林工程有限公司"], share_weight=6000,
                from_on=date(today.year - 4, 1, 1),
            )
        )  # fmt: skip
    away_from, away_until = today + timedelta(days=20), today + timedelta(days=60)
    for expert_id in cast.finance_experts[4:]:
        session.add(DayOff(expert_id=expert_id, from_on=away_from, until_on=away_until, note="外出"))
    for expert_id in cast.finance_experts[:2]:
        for unit_name in ("科技创新局", "民政局"):
            session.add(
                EmploymentSpell(
                    expert_id=expert_id, organisation_id=cast.bodies[f"示例高新区{unit_name}"],
                    from_on=date(today.year - 3, 2, 1), until_on=date(today.year - 1, 11, 1), position="财务科",
                )
            )  # fmt: skip


def leave_one_place(session: Session, cast: Cast) -> None:
    """The two finance experts who are free and have no conflict can each take one more seat: two places for three tasks."""
    for expert_id in cast.finance_experts[2:4]:
        held = session.scalars(select(Seat).where(Seat.expert_id == expert_id, Seat.state.in_(("accepted", "working"))))
        session.get_one(Expert, expert_id).capacity_at_once = len(held.all()) + 1
