"""Refusals as pages: one table from a domain error to its status and template. No page shows a stack."""

import logging
from typing import Any

from flask import Flask, current_app, g, jsonify, render_template, request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from evalhub.domain.errors import DomainError, InvalidInput, InvalidMove, NotFound, Refused, RuleBroken, Stale
from evalhub.web import access
from evalhub.web.sentences import SENTENCES, sentence

log = logging.getLogger(__name__)

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Refused: 403,
    InvalidMove: 409,
    Stale: 409,
    InvalidInput: 422,
    RuleBroken: 422,
}
TEMPLATES = {400: "errors/bad_request.html", 409: "errors/conflict.html", 503: "errors/unavailable.html"}


def register_errors(app: Flask) -> None:
    """Attach the table to the application."""
    app.register_error_handler(DomainError, _answer_domain_error)
    app.register_error_handler(StaleDataError, lambda error: _answer_domain_error(Stale(noun="record")))
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Exception, _answer_fault)


def _answer_domain_error(error: DomainError) -> Any:
    return _answer(STATUS[type(error)], error.code, error.figures)


def _answer_http_error(error: HTTPException) -> Any:
    if error.response is not None and error.response.status_code < 400:
        return error.response
    return _answer(error.code or 500, f"http.{error.code}", {})


def _answer_fault(error: Exception) -> Any:
    if current_app.testing:
        raise error
    log.exception("unexpected fault at %s", request.endpoint)
    return _answer(500, "http.500", {})


def _answer(status: int, code: str, figures: dict[str, Any]) -> Any:
    """The page or the JSON of a refusal, noted in the access log."""
    house = current_app.extensions["evalhub"]
    access.note_refusal(house, g.get("visit"), status)
    words = sentence(code, **figures) if code in SENTENCES else sentence("http.500")
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=code, message=words, figures=_plain(figures)), status
    template = TEMPLATES.get(status, "errors/refused.html")
    return render_template(template, status=status, code=code, words=words, figures=figures), status


def _plain(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: shown if isinstance(shown, (int, str, dict, list)) else str(shown) for name, shown in figures.items()}
