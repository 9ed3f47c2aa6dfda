"""Translation in templates: the catalogue of the reader's language is looked up once a request, not once a word.

A page holds several hundred words; finding request, language and catalogue anew for each took a fifth of its time.
"""

from typing import Any

from flask import Flask, g, has_app_context
from flask_babel import get_translations


def register(app: Flask) -> None:
    """Give the templates of `app` their gettext family; after Babel has been set up."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, count: _catalogue().unpgettext(context, one, many, count),
    )


def _catalogue() -> Any:
    if not has_app_context():
        return get_translations()
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found
