"""Addresses that templates ask for beside `url_for`: this page with other query values, or a place that may be absent."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale

from evalhub.web.states import state_look


def page_link(**changes: Any) -> str:
    """The address of this page with some query values changed; None takes a value out, a list repeats it.

    A change of anything but the page goes back to the first page.
    """
    values: dict[str, Any] = request.args.to_dict(flat=False)
    if "page" not in changes:
        values.pop("page", None)
    values.update(changes)
    kept = {name: value for name, value in values.items() if value not in (None, "", [])}
    query = urlencode(kept, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def url_if(endpoint: str, **values: Any) -> str | None:
    """The address of an endpoint, or None where this installation has no such section."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def gap() -> str:
    """What stands between two sentences: a space in English, nothing in Chinese."""
    return "" if str(get_locale()).startswith("zh") else " "


def register(app: Flask) -> None:
    app.jinja_env.globals.update(page_link=page_link, url_if=url_if, gap=gap, state_look=state_look)
