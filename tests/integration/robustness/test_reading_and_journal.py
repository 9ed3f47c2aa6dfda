"""Reading writes nothing; changing writes one journal entry; a chain that was tampered with says where."""

import random
import re
from contextlib import contextmanager
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from evalhub.domain.permissions import Actor
from evalhub.infra.anchors import Anchor
from evalhub.models.base import Base
from evalhub.models.journal import JournalEntry, JournalSeal
from evalhub.models.triggers import drop_statements
from evalhub.services import journal
from evalhub.services.anchoring import find_anchor_fault
from evalhub.services.change import Change
from evalhub.services.sealing import check_chain, seal_entries
from evalhub.web.section import Section
from tests.builders import NOW
from tests.integration.conftest import Browser
from tests.integration.test_route_matrix import path_of, read_table, world  # noqa: F401 - a fixture
from tests.integration.world import ROLE_OF_COLUMN

ONE_ENGINE = pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
"""For walks over all routes: what differs between the engines is held by the tests of the section."""


def fingerprint(house) -> dict[str, str]:
    """Every business table -> a hash of all its rows."""
    with house.database.read() as session:
        return {
            table.name: sha256(repr(sorted(map(repr, session.execute(select(table))))).encode()).hexdigest()
            for table in Base.metadata.sorted_tables
        }


def rows_of(method: str) -> list[dict[str, str]]:
    return [row for row in read_table() if row["method"] == method]


@ONE_ENGINE
def test_every_page_read_by_every_role_leaves_all_rows_as_they_were(app, house, world):
    before = fingerprint(house)
    opened = 0
    for column in ("public", *ROLE_OF_COLUMN):
        browser = Browser(app)
        if column != "public":
            browser.sign_in(world.accounts[column])
        for row in rows_of("GET"):
            status = browser.get(path_of(app, world, row, column)).status_code
            assert status < 500, (row["endpoint"], column)
            opened += status == 200

    assert fingerprint(house) == before
    assert opened > 300


def test_every_mutating_route_goes_through_the_one_mechanism_that_counts_entries(app):
    sections = {name: section for name, section in app.blueprints.items() if isinstance(section, Section)}
    strangers = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
        and type(getattr(app.view_functions[rule.endpoint], "__self__", None)).__name__ != "_Action"
    ]
    actions = {
        f"{name}.{endpoint}"
        for name, section in sections.items()
        for endpoint, policy in section.policies.items()
        if policy.is_action
    }

    assert strangers == []
    assert actions == {row["endpoint"] for row in rows_of("POST")}
    assert len(actions) > 80


class FormReader:
    """Values that a browser would send back unchanged: every field of the form that posts to one address."""

    INPUT = re.compile(r"<(input|textarea|select)\b([^>]*)>(.*?)(?=<(?:input|textarea|select|button|/form)\b)", re.S)

    def __init__(self, page: str) -> None:
        self.page = page

    def fields(self, action: str) -> dict[str, str] | None:
        for form in re.findall(r"<form\b.*?</form>", self.page, re.S):
            address = re.search(r'action="([^"]*)"', form)
            if 'method="post"' in form and (address is None or address[1] in ("", action)):
                return dict(self._values(form))
        return None

    def _values(self, form: str):
        for tag, attributes, rest in self.INPUT.findall(form):
            name = re.search(r'\bname="([^"]+)"', attributes)
            if name is None or ('type="checkbox"' in attributes and "checked" not in attributes):
                continue
            value = re.search(r'\bvalue="([^"]*)"', attributes)
            if tag == "select":
                chosen = re.search(r'<option[^>]*value="([^"]+)"[^>]*', rest)
                yield name[1], chosen[1] if chosen else ""
            else:
                yield name[1], value[1] if value else "x" if tag == "textarea" else ""


def body_for(app, browser, path: str, pages: list[str]) -> dict[str, str]:
    """The fields of the form that leads to `path`, empty ones filled so that most would be taken."""
    found = None
    for page in [path, *pages]:
        answer = browser.get(page)
        if answer.status_code == 200 and (found := FormReader(answer.text).fields(path)) is not None:
            break
    fields = {name: value for name, value in (found or {}).items() if name not in ("csrf_token", "idempotency_key")}
    return {"reason": "x", "version": "1", **{name: value or "1" for name, value in fields.items()}}


@ONE_ENGINE
def test_every_accepted_post_leaves_one_entry_and_every_refused_one_nothing(app, house, world):
    """Every POST of the matrix by every role it admits: with its own form where a page shows one."""
    taken, wrong = set(), []
    for row in rows_of("POST"):
        for column in ROLE_OF_COLUMN:
            if row[column] != "yes":
                continue
            browser = Browser(app).sign_in(world.accounts[column])
            path = path_of(app, world, row, column)
            pages = [path.rpartition("/")[0] or "/", path.rpartition("/")[0].rpartition("/")[0] or "/"]
            before, entries = fingerprint(house), count_entries(house)
            status, location = posted(app, browser, path, pages, f"{row['endpoint']}-{column}")
            written = count_entries(house) - entries
            accepted = status in (200, 303) and (row["endpoint"] == "sign_in.sign_out" or "/sign-in" not in location)
            if accepted:
                taken.add(row["endpoint"])
            changed = fingerprint(house) != before
            if isinstance(status, str) or written != accepted or changed != accepted:
                wrong.append((row["endpoint"], column, status, written, changed))

    assert wrong == []
    assert len(taken) >= 18, sorted(taken)


def posted(app, browser, path: str, pages: list[str], key: str) -> tuple[int | str, str]:
    """Status and Location, or the fault that would be a page of status 500."""
    try:
        answer = browser.post(path, body_for(app, browser, path, pages), key=key)
    except Exception as fault:
        return f"{type(fault).__name__}: {fault}", ""
    return answer.status_code, answer.location or ""


def count_entries(house) -> int:
    with house.database.read() as session:
        return len(session.scalars(select(JournalEntry.sequence)).all())


def test_journal_that_cannot_be_written_takes_the_change_with_it(app, house, signed_in):
    from evalhub.domain.permissions import Role

    browser = signed_in(Role.OFFICER)
    before = fingerprint(house)
    with house.database.write() as session:
        session.execute(text("ALTER TABLE journal_entries RENAME TO journal_away"))
    with pytest.raises(Exception, match="journal_entries"):
        browser.post("/organisations/new", {"name": "单位", "kind": "other"})
    with house.database.write() as session:
        session.execute(text("ALTER TABLE journal_away RENAME TO journal_entries"))

    assert fingerprint(house) == before


ENTRIES = 120
SWAP = "UPDATE journal_entries SET sequence = CASE sequence WHEN :a THEN -:b ELSE -:a END WHERE sequence IN (:a, :b)"
ATTACKS = {
    "edit": ["UPDATE journal_entries SET record_label = 'other' WHERE sequence = :a"],
    "actor": ["UPDATE journal_entries SET actor_id = 'other' WHERE sequence = :a"],
    "delete": ["DELETE FROM journal_entries WHERE sequence = :a"],
    "delete with seal": [
        "DELETE FROM journal_entries WHERE sequence = :a", "DELETE FROM journal_seals WHERE entry_sequence = :a",
    ],
    "swap": [SWAP, "UPDATE journal_entries SET sequence = -sequence WHERE sequence < 0"],
    "swap of seals": [
        "UPDATE journal_seals SET entry_sequence = -entry_sequence WHERE position IN (:a, :b)",
        "UPDATE journal_seals SET entry_sequence = :b WHERE position = :a",
        "UPDATE journal_seals SET entry_sequence = :a WHERE position = :b",
    ],
    "insert": [
        "UPDATE journal_seals SET position = -position - 1 WHERE position >= :a",
        "UPDATE journal_seals SET position = -position WHERE position < 0",
        "INSERT INTO journal_seals (position, entry_sequence, previous_hash, hash, sealed_at) "
        "VALUES (:a, 100000, 'x', 'y', 0)",
    ],
}  # fmt: skip


@pytest.fixture
def sealed(house):
    """A chain of 120 entries, its guards taken off as only the database's owner can."""
    actor = Actor("a", "A", frozenset())
    for number in range(ENTRIES):
        with house.database.write() as session:
            journal.record(Change(session, actor, NOW, house.tools), "x.done", "x", str(number), f"label {number}")
    with house.database.sealing() as session:
        assert seal_entries(session, NOW) == ENTRIES
    with house.database.write() as session:
        for statement in drop_statements(house.database.engine.dialect.name):
            session.execute(text(statement))
    return house


@contextmanager
def undone(house):
    """A transaction that is looked at and rolled back."""
    with house.database.engine.connect() as connection, connection.begin() as transaction:
        from sqlalchemy.orm import Session

        yield Session(connection)
        transaction.rollback()


def test_untouched_chain_holds(sealed):
    with sealed.database.read() as session:
        check = check_chain(session)

    assert (check.holds, check.sealed, check.unsealed) == (True, ENTRIES, 0)


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_every_attack_on_the_chain_is_found_where_it_was_made(sealed, attack):
    chance = random.Random(attack)
    for _ in range(20):
        first, second = sorted(chance.sample(range(1, ENTRIES + 1), 2))
        with undone(sealed) as session:
            for statement in ATTACKS[attack]:
                wanted = {name: number for name, number in (("a", first), ("b", second)) if f":{name}" in statement}
                session.execute(text(statement), wanted)
            check = check_chain(session)
        assert not check.holds, (first, second)
        assert check.fault_position == first, (first, second, check.fault)


def test_tail_cut_off_and_chain_rebuilt_are_found_by_an_anchor_alone(sealed):
    with sealed.database.read() as session:
        last = session.scalars(select(JournalSeal).order_by(JournalSeal.position.desc()).limit(1)).one()
        anchors = [Anchor(last.position, last.hash, 0)]
        assert find_anchor_fault(session, anchors) is None

    with undone(sealed) as session:
        session.execute(text("DELETE FROM journal_seals WHERE position > 100"))
        session.execute(text("DELETE FROM journal_entries WHERE sequence > 100"))
        assert check_chain(session).holds
        assert find_anchor_fault(session, anchors).kind == "cut"
    with undone(sealed) as session:
        session.execute(text("UPDATE journal_entries SET actor_id = 'other' WHERE sequence = 50"))
        session.execute(text("DELETE FROM journal_seals"))
        seal_entries(session, NOW)
        session.flush()
        assert check_chain(session).holds
        assert find_anchor_fault(session, anchors).kind == "rebuilt"
