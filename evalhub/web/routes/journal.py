"""The journal as the audit administrator reads it: who did what to which record, and whether the chain holds."""

from typing import Any

from flask import current_app, request

from evalhub.queries.journal import JournalFilter, list_access, list_entries
from evalhub.services.sealing import check_chain
from evalhub.web.section import Section
from evalhub.web.visit import Visit

section = Section("journal", __name__)


@section.page("/journal", permission="journal:read")
def index(visit: Visit) -> Any:
    wanted = JournalFilter.read(request.args)
    return visit.render("journal/index.html", page=list_entries(visit.session, visit.actor, wanted), wanted=wanted)


@section.page("/journal/check", permission="journal:read")
def check(visit: Visit) -> Any:
    return visit.render("journal/check.html", found=check_chain(visit.session))


@section.page("/journal/access", permission="journal:read")
def access(visit: Visit) -> Any:
    wanted = JournalFilter.read(request.args)
    with current_app.extensions["evalhub"].access.read() as access_session:
        page = list_access(visit.session, access_session, visit.actor, wanted.number)
    return visit.render("journal/access.html", page=page)
