"""Taking in the file of a form while no transaction is open: for every route with an upload."""

from collections.abc import Collection
from typing import Any

from evalhub.domain.errors import InvalidInput
from evalhub.queries.tasks import UploadPlace
from evalhub.services.files import KeptFile, keep_upload
from evalhub.web.visit import Visit

FORM_BYTES = 1024 * 1024
"""Room for the fields beside the file."""


def keep_form_file(visit: Visit, form: Any, kinds: Collection[str]) -> KeptFile:
    """Judge and keep `form.file` under the key of the task that the gate has looked up.

    Raises:
        InvalidInput: no file, or one that is refused.
    """
    upload = form.file.data
    if not upload or not upload.filename:
        raise InvalidInput(fields={"file": "upload.missing"})
    place: UploadPlace = visit.record
    limit = visit.settings.upload_limit_bytes
    return keep_upload(visit.tools, place.key_sealed, place.id, upload.stream, upload.filename, kinds, limit)
