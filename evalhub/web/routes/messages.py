"""The message centre: what was done that concerns the reader, with a link to the record."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from evalhub.domain.permissions import SIGNED_IN
from evalhub.queries.messages import get_message, list_messages
from evalhub.services import messages as service
from evalhub.services.change import Change
from evalhub.web.notices import words_of
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("messages", __name__)


@section.page("/messages", permission=SIGNED_IN)
def index(visit: Visit) -> Any:
    number = request.args.get("page", "1")
    unread_only = request.args.get("unread") == "1"
    page = list_messages(
        visit.session, visit.actor, max(1, int(number)) if number.isdigit() else 1, unread_only=unread_only
    )
    lines = [(message, words_of(message, visit.actor)) for message in page.rows]
    return visit.render("messages/index.html", page=page, lines=lines, unread_only=unread_only)


@section.action("/messages/read", permission=SIGNED_IN)
def read_all(change: Change, form: Any) -> SeeOther:
    service.mark_read(change, None)
    return SeeOther("messages.index", _("All messages are marked as read."))


@section.action("/messages/<message_id>/read", permission=SIGNED_IN, record=get_message)
def read(change: Change, form: Any, message_id: str) -> SeeOther:
    service.mark_read(change, message_id)
    return SeeOther("messages.index")
