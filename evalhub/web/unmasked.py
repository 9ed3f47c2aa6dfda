"""The way of an unmasked number to the one page that shows it, once: sealed in the session, gone when it was looked at."""

from dataclasses import dataclass

from flask import session

from evalhub.infra.crypto import Tampered
from evalhub.services.change import Tools

_KEY = "unmasked"
_PLACE = "web.unmasked"


@dataclass(frozen=True)
class Unmasked:
    field: str
    text: str


def keep_once(tools: Tools, record_id: str, field: str, text: str) -> None:
    """Keep a number for the next page of this browser; the cookie holds it sealed."""
    sealed = tools.vault.seal_field(text, place=_PLACE, record_id=record_id)
    session[_KEY] = [record_id, field, sealed.decode("ascii")]


def take_once(tools: Tools, record_id: str) -> Unmasked | None:
    """The kept number of this record, taken away; None where there is none."""
    owner, field, sealed = session.pop(_KEY, (None, "", ""))
    if owner != record_id:
        return None
    try:
        return Unmasked(field, tools.vault.open_field(sealed.encode("ascii"), place=_PLACE, record_id=record_id))
    except Tampered:
        return None
