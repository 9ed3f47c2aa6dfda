"""Files of a task: taken in, judged and encrypted before a transaction is open, then given their row inside it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO

from evalhub.domain.errors import InvalidInput
from evalhub.infra.uploads import UploadRefused, receive
from evalhub.models.papers import StoredFile
from evalhub.services.change import Change, Tools


@dataclass(frozen=True)
class KeptFile:
    """A file that stands encrypted in the store and has no row yet. `notices`: codes of what its reader should know."""

    storage_name: str
    original_name: str
    media_type: str
    size_bytes: int
    sha256: str
    pages: int | None
    notices: tuple[str, ...]


def keep_upload(
    tools: Tools, key_sealed: bytes, task_id: str, source: BinaryIO, name: str, kinds: Collection[str], limit_bytes: int
) -> KeptFile:
    """Judge an uploaded file and keep it under the task's key; no transaction is open meanwhile.

    Args:
        key_sealed: the task's wrapped key, as its row keeps it.
        kinds: endings allowed here.

    Raises:
        InvalidInput: the file is refused; the code of its field says why, `printed` is the code that people quote.
    """
    try:
        with receive(source, name, limit_bytes=limit_bytes, kinds=kinds) as upload:
            task_key = tools.vault.unwrap_task_key(key_sealed, task_id)
            stored = tools.files.put_stream(task_key, upload.file, limit_bytes)
            return KeptFile(
                stored.name,
                upload.name,
                upload.media_type,
                upload.size_bytes,
                upload.sha256,
                upload.pages,
                upload.notices,
            )
    except UploadRefused as refused:
        place = refused.place or "—"
        raise InvalidInput(
            "upload.refused", fields={"file": refused.reason.key}, printed=refused.code, place=place
        ) from None


def add_file(change: Change, task_id: str, kept: KeptFile) -> StoredFile:
    """The row of a kept file; whoever calls ties it to the record that shows it."""
    row = StoredFile(
        task_id=task_id,
        storage_name=kept.storage_name,
        original_name=kept.original_name,
        media_type=kept.media_type,
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        pages=kept.pages,
        uploaded_by_id=change.actor.account_id,
        uploaded_at=change.now,
    )
    change.session.add(row)
    change.session.flush()
    return row
