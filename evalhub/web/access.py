"""The access log of the web: refusals after the answer, hand-overs of personal data and files before it."""

import logging
from typing import Any

from flask import abort, request
from sqlalchemy.exc import SQLAlchemyError

from evalhub.models.access import AccessEntry
from evalhub.web.visit import Visit

log = logging.getLogger(__name__)
REFUSALS = {403: "refused", 404: "missing", 409: "conflict"}


def write_or_refuse(house: Any, visit: Visit, kind: str, status: int, args: dict[str, Any], reason: str = "") -> None:
    """Write the entry now; where that fails nothing is handed out (503)."""
    try:
        _write(house, visit, kind, status, args, reason)
    except SQLAlchemyError:
        log.exception("access log not writable")
        abort(503, "access_log")


def note_refusal(house: Any, visit: Visit | None, status: int) -> None:
    """Note a refusal after the answer was made; a failing log never hides the refusal itself."""
    if status not in REFUSALS:
        return
    try:
        _write(house, visit, REFUSALS[status], status, request.view_args or {}, "")
    except SQLAlchemyError:
        log.exception("access log not writable")


def _write(house: Any, visit: Visit | None, kind: str, status: int, args: dict[str, Any], reason: str) -> None:
    identity = visit.identity if visit else None
    with house.access.write() as session:
        session.add(
            AccessEntry(
                at=visit.now if visit else house.now(),
                account_id=identity.account_id if identity else None,
                kind=kind,
                endpoint=request.endpoint or "unknown",
                record_id=next((str(value) for value in args.values()), None),
                status=status,
                address=request.remote_addr,
                reason=reason or None,
                request_id=visit.request_id if visit else "",
            )
        )
