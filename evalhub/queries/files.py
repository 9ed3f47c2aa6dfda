"""Whether this actor may open this file now, and where it lies: the one question before any byte leaves."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, undefer

from evalhub.domain.errors import NotFound
from evalhub.domain.permissions import Actor
from evalhub.models.papers import DocumentItem, Report, ReportVersion, StoredFile
from evalhub.models.plans import Task
from evalhub.models.results import Finding
from evalhub.models.seats import Seat
from evalhub.queries.scope import visible_tasks


@dataclass(frozen=True)
class FilePlace:
    """A file that may be opened: where it lies and the wrapped key of its task."""

    id: str
    task_id: str
    key_sealed: bytes
    storage_name: str
    name: str
    media_type: str
    size_bytes: int
    pages: int | None

    @property
    def is_pdf(self) -> bool:
        return self.media_type == "application/pdf"


def get_file(session: Session, actor: Actor, file_id: str) -> FilePlace:
    """The file, if its task is the asker's now and his part in it includes this paper.

    The bureau opens every paper of a task it sees. A department opens what was handed in for its document list and
    its own replies; an expert the document list and the current report; an agency the document list and its own reports.

    Raises:
        NotFound: no such file, or none for him.
    """
    file = session.get(StoredFile, file_id)
    task = file and session.scalar(
        visible_tasks(actor).where(Task.id == file.task_id).options(undefer(Task.key_sealed))
    )
    if not file or not task or not _is_his_paper(session, actor, file):
        raise NotFound("file")
    return FilePlace(
        id=file.id,
        task_id=task.id,
        key_sealed=task.key_sealed,
        storage_name=file.storage_name,
        name=file.original_name,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        pages=file.pages,
    )


def _is_his_paper(session: Session, actor: Actor, file: StoredFile) -> bool:
    if actor.is_bureau:
        return True
    document = exists().where(DocumentItem.file_id == file.id)
    if actor.department_id:
        reply = exists().where(Finding.reply_file_id == file.id)
        return bool(session.scalar(select(document | reply)))
    version = exists().where(ReportVersion.file_id == file.id)
    if actor.expert_id:
        current = version.where(ReportVersion.report_id == Report.id, ReportVersion.number == Report.current_version)
        return bool(session.scalar(select(document | current)))
    if actor.agency_id:
        own = version.where(ReportVersion.seat_id == Seat.id, Seat.agency_id == actor.agency_id)
        return bool(session.scalar(select(document | own)))
    return False
