"""The one way to a stored file: whether it opens is asked of the tables at the time of the click."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from evalhub.queries.files import get_file
from evalhub.web.section import Section
from evalhub.web.visit import Visit

section = Section("files", __name__)


@dataclass(frozen=True)
class Shown:
    """A document as the viewer takes it."""

    id: str
    name: str
    url: str
    media_type: str


@section.page("/files/<file_id>", permission="files:read", access="download")
def download(visit: Visit, file_id: str) -> Any:
    """The content as an attachment, unsealed piece by piece while it is sent."""
    file = get_file(visit.session, visit.actor, file_id)
    task_key = visit.tools.vault.unwrap_task_key(file.key_sealed, file.task_id)
    pieces = visit.tools.files.open_stream(task_key, file.storage_name)
    response = visit.download(pieces, file.name, file.media_type)
    response.headers["Content-Length"] = str(file.size_bytes)
    return response


@section.page("/files/<file_id>/view", permission="files:read")
def view(visit: Visit, file_id: str) -> Any:
    """A PDF drawn on the page; the script fetches it from the route above."""
    file = get_file(visit.session, visit.actor, file_id)
    shown = Shown(file.id, file.name, url_for("files.download", file_id=file.id), file.media_type)
    return visit.render("files/view.html", file=file, document=shown)
