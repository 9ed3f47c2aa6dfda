"""Indicator frameworks: imported as drafts, published by another person, frozen from then on."""

from typing import Any

from flask_babel import gettext as _

from evalhub.domain.document import FaultyDocument, read_json
from evalhub.domain.errors import InvalidInput
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.framework_document import from_document
from evalhub.queries.frameworks import get_edition, list_editions
from evalhub.services import frameworks as service
from evalhub.services.change import Change
from evalhub.web.forms.base import choices
from evalhub.web.forms.papers import EditionForm, FrameworkForm
from evalhub.web.plan_sentences import DOCUMENT_FAULTS
from evalhub.web.section import Section, SeeOther
from evalhub.web.task_choices import field_pairs
from evalhub.web.visit import Visit

section = Section("frameworks", __name__)
LARGEST_BYTES = 2 * 1024 * 1024


@section.page("/frameworks", permission="frameworks:read")
def index(visit: Visit) -> Any:
    return visit.render("frameworks/index.html", editions=list_editions(visit.session, visit.actor))


@section.page("/frameworks/import", permission="frameworks:edit")
def import_page(visit: Visit, form: FrameworkForm | None = None) -> Any:
    form = form or FrameworkForm()
    form.field_code.choices = choices([("", _("Any field")), *field_pairs(visit)])
    return visit.render("frameworks/import.html", form=form, edition=None)


def _read_tree(visit: Visit, form: Any, **_args: str) -> Framework:
    """The uploaded tree, checked; nothing is open meanwhile."""
    upload = form.file.data
    if not upload or not upload.filename:
        raise InvalidInput(fields={"file": "upload.missing"})
    content = upload.stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise InvalidInput(fields={"file": "framework.too_large"})
    try:
        place = read_json(content)
        place.entries()
        return from_document(place.value)
    except FaultyDocument as fault:
        words = str(DOCUMENT_FAULTS.get(fault.code, fault.code))
        shown = words % fault.figures if fault.figures else words
        raise InvalidInput(fields={"file": "framework.faulty"}, place=fault.path, fault=shown) from None


@section.action(
    "/frameworks/import", permission="frameworks:edit", form=FrameworkForm, page=import_page, receive=_read_tree
)
def import_framework(change: Change, form: FrameworkForm, received: Framework) -> SeeOther:
    edition = service.import_framework(change, form.to_values(), received)
    return SeeOther("frameworks.show", _("Imported as a draft; an approver publishes it"), edition_id=edition.id)


@section.page("/frameworks/<edition_id>", permission="frameworks:read")
def show(visit: Visit, edition_id: str, form: Any = None) -> Any:
    edition = get_edition(visit.session, visit.actor, edition_id)
    return visit.render("frameworks/show.html", edition=edition, refusal=form)


@section.page("/frameworks/<edition_id>/next", permission="frameworks:edit")
def next_page(visit: Visit, edition_id: str, form: EditionForm | None = None) -> Any:
    edition = get_edition(visit.session, visit.actor, edition_id)
    return visit.render("frameworks/import.html", form=form or EditionForm(), edition=edition)


@section.action(
    "/frameworks/<edition_id>/next",
    permission="frameworks:edit",
    form=EditionForm,
    page=next_page,
    record=get_edition,
    receive=_read_tree,
)
def import_next(change: Change, form: EditionForm, edition_id: str, received: Framework) -> SeeOther:
    edition = service.import_next(change, edition_id, received, form.note.data or None, form.version_read)
    return SeeOther("frameworks.show", _("Imported as a draft; an approver publishes it"), edition_id=edition.id)


@section.action("/frameworks/<edition_id>/publish", permission="frameworks:publish", page=show, record=get_edition)
def publish(change: Change, form: Any, edition_id: str) -> SeeOther:
    service.publish_edition(change, edition_id, form.version_read)
    return SeeOther("frameworks.show", _("Published and frozen"), edition_id=edition_id)


@section.action("/frameworks/<edition_id>/retire", permission="frameworks:publish", page=show, record=get_edition)
def retire(change: Change, form: Any, edition_id: str) -> SeeOther:
    service.retire_edition(change, edition_id, form.version_read)
    return SeeOther("frameworks.show", _("Retired; tasks that use it keep it"), edition_id=edition_id)
