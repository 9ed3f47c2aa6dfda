"""Every endpoint x method x relation x role against the committed table, both ways: no cell unexpected, none missing.

A cell says `yes` (the gate lets in), `no` (it looks missing) or `login` (sign in first). For a POST the gate is all
that is tried: it carries no token, so an allowed one ends with 400 and changes nothing.
"""

import csv
from pathlib import Path

import pytest
from flask import Flask

import tests.integration.allocation_relations
import tests.integration.panel_relations
import tests.integration.plan_relations
import tests.integration.pool_world  # noqa: F401 - each adds its records to the world
from tests.integration.conftest import Browser
from tests.integration.world import ROLE_OF_COLUMN, World, build_world

TABLE = Path(__file__).with_name("route_matrix.csv")
COLUMNS = ("public", *ROLE_OF_COLUMN)


def read_table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def world(house) -> World:
    with house.database.write() as session:
        return build_world(session, house.tools)


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in (rule.methods or set()) & {"GET", "POST"}
    }


def test_table_names_every_route_and_no_other(app):
    assert {(row["endpoint"], row["method"]) for row in read_table()} == routes(app)


def test_running_application_answers_as_the_table_says(app, world):
    unexpected = []
    for row in read_table():
        for column in COLUMNS:
            seen = answer_of(app, world, row, column)
            if seen != row[column]:
                unexpected.append((row["endpoint"], row["method"], row["relation"], column, row[column], seen))

    assert unexpected == []


def answer_of(app: Flask, world: World, row: dict[str, str], column: str) -> str:
    browser = Browser(app)
    if column != "public":
        browser.sign_in(world.accounts[column])
    path = path_of(app, world, row, column)
    response = browser.get(path) if row["method"] == "GET" else browser.client.post(path)
    if response.status_code == 303 and "/sign-in?next" in response.location + "?next" * (row["method"] == "POST"):
        return "login"
    return "no" if response.status_code in (403, 404) else "yes"


def path_of(app: Flask, world: World, row: dict[str, str], column: str) -> str:
    rule = next(rule for rule in app.url_map.iter_rules(row["endpoint"]) if row["method"] in (rule.methods or ()))
    arguments = {name: world.argument(row["relation"], name, column) for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(row["endpoint"], **arguments)
