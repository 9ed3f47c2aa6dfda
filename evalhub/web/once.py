"""Once only: a mutating form applied twice is applied once, and answered twice alike."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response

from evalhub.domain.errors import InvalidMove
from evalhub.infra.chance import new_id
from evalhub.models.journal import IdempotencyKey
from evalhub.services.change import Change
from evalhub.web.visit import Visit

UNBOUND = ("csrf_token", "idempotency_key")


@dataclass(frozen=True)
class Ticket:
    """What binds a key: who used it, for which route and record, with which body."""

    key: str
    actor_id: str
    endpoint: str
    body_digest: str


def submitted() -> CombinedMultiDict:
    """Fields and files of the body together, as forms read them."""
    return CombinedMultiDict([request.files, request.form])


def read_ticket(visit: Visit, form: Any) -> Ticket:
    """The key of this request; without one the request is refused (400)."""
    key = request.form.get("idempotency_key", "")
    if not key or len(key) > 64:
        abort(400, "idempotency_key")
    actor_id = visit.identity.account_id if visit.identity else "nobody"
    return Ticket(key, actor_id, f"{request.endpoint} {request.path}", _body_digest())


def _body_digest() -> str:
    """A digest of what was typed, and of name and size of each file: files are digested where they are stored."""
    digest = hashlib.sha256()
    for name in sorted(request.form):
        if name not in UNBOUND:
            for typed in request.form.getlist(name):
                digest.update(f"{len(name)}:{name}{len(typed)}:{typed}".encode())
    for name in sorted(request.files):
        for file in request.files.getlist(name):
            file.stream.seek(0, 2)
            digest.update(f"{name}|{file.filename}|{file.stream.tell()}".encode())
            file.stream.seek(0)
    return digest.hexdigest()


def find_answer(house: Any, ticket: Ticket) -> Response | None:
    """The answer already given to this key, or None."""
    with house.database.read() as session:
        used = _find(session, ticket)
        if used is None:
            return None
        if used.body_digest != ticket.body_digest:
            raise InvalidMove("key_used_for_other_body")
        return _replay(used)


def _find(session: Session, ticket: Ticket) -> IdempotencyKey | None:
    return session.scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.key == ticket.key,
            IdempotencyKey.actor_id == ticket.actor_id,
            IdempotencyKey.endpoint == ticket.endpoint,
        )
    )


def _replay(used: IdempotencyKey) -> Response:
    if used.location is not None:
        return redirect(used.location, 303)
    return jsonify(replayed=True, record_id=used.record_id, idempotency_key=new_id())


class AlreadyApplied(Exception):
    """Another request with the same key has been applied meanwhile; its answer is to be given."""


def claim(session: Session, ticket: Ticket, now: datetime) -> IdempotencyKey:
    """Take the key before anything else is changed; its primary key lets only one of two racers go on.

    Raises:
        AlreadyApplied: the other one was first.
    """
    if _find(session, ticket) is not None:
        raise AlreadyApplied
    claimed = IdempotencyKey(
        key=ticket.key,
        actor_id=ticket.actor_id,
        endpoint=ticket.endpoint,
        body_digest=ticket.body_digest,
        status=200,
        created_at=now,
    )
    session.add(claimed)
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyApplied from error
    return claimed


def keep_answer(claimed: IdempotencyKey, answer: Any, change: Change) -> None:
    """Keep where the answer led and which record it concerned; never a body."""
    claimed.record_id = change.entries[0].record_id
    if hasattr(answer, "endpoint"):
        claimed.status = 303
        claimed.location = url_for(answer.endpoint, **answer.args)
