"""Indicator frameworks: imported as a draft edition, published by another person, from then on frozen by their hash."""

from dataclasses import dataclass

from sqlalchemy import func, select

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.domain.permissions import Role
from evalhub.domain.scoring.framework import Framework as Tree
from evalhub.domain.scoring.framework_check import LEAST_OUTPUT_AND_BENEFIT_SHARE, framework_faults
from evalhub.domain.states import FRAMEWORK_EDITION_LIFECYCLE
from evalhub.models.experts import Field
from evalhub.models.frameworks import Framework, FrameworkEdition
from evalhub.queries.audience import list_role_holders
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.journal import Notice
from evalhub.services.versions import refuse_stale


@dataclass(frozen=True)
class FrameworkValues:
    """How a framework is called and for which field it is meant; the note says what an edition is for."""

    name: str
    english_name: str | None
    field_code: str | None
    note: str | None


def import_framework(change: Change, values: FrameworkValues, tree: Tree) -> FrameworkEdition:
    """Take in a tree as the first, still changeable edition of a new framework.

    Raises:
        InvalidInput: the name is taken or the field unknown.
    """
    if change.session.scalar(select(Framework.id).where(Framework.name == values.name)):
        raise InvalidInput(fields={"name": "framework.name_taken"})
    if values.field_code and change.session.get(Field, values.field_code) is None:
        raise InvalidInput(fields={"field_code": "field.unknown_choice"})
    framework = Framework(
        name=values.name,
        english_name=values.english_name,
        field_code=values.field_code,
        created_at=change.now,
        created_by_id=change.actor.account_id,
    )
    change.session.add(framework)
    change.session.flush()
    edition = _add_edition(change, framework, tree, values.note)
    _record(change, "framework.imported", edition)
    return edition


def import_edition(change: Change, framework_id: str, tree: Tree, note: str | None) -> FrameworkEdition:
    """Take in a tree as the next edition of a framework; earlier ones stay as they are.

    Raises:
        InvalidInput: an edition with exactly this content exists.
    """
    framework = change.session.get(Framework, framework_id)
    if framework is None:
        raise NotFound("framework")
    twin = select(FrameworkEdition.edition).where(
        FrameworkEdition.framework_id == framework_id, FrameworkEdition.content_hash == tree.content_hash
    )
    number = change.session.scalar(twin)
    if number is not None:
        raise InvalidInput("framework.same_content", fields={"file": "framework.same_content"}, edition=number)
    edition = _add_edition(change, framework, tree, note)
    _record(change, "framework.edition_imported", edition)
    return edition


def import_next(change: Change, edition_id: str, tree: Tree, note: str | None, version: int) -> FrameworkEdition:
    """Take in a changed tree: in the place of a draft, or as the next edition where the one at hand is frozen.

    Raises:
        InvalidInput, Stale: as `import_edition` and `replace_draft`.
    """
    edition = _load(change, edition_id)
    if edition.state == "draft":
        return replace_draft(change, edition_id, tree, note, version)
    return import_edition(change, edition.framework_id, tree, note)


def replace_draft(change: Change, edition_id: str, tree: Tree, note: str | None, version: int) -> FrameworkEdition:
    """Put another tree in the place of a draft's.

    Raises:
        RuleBroken: the edition is published: a change is a new edition.
    """
    edition = _load(change, edition_id)
    refuse_stale(change, "framework_edition", edition, version, {"note": note})
    if edition.state != "draft":
        raise RuleBroken("framework.frozen")
    before = {"content_hash": edition.content_hash}
    edition.tree, edition.content_hash = tree.to_document(), tree.content_hash
    edition.leaf_count, edition.note = len(tree.leaves()), note
    _record(change, "framework.draft_replaced", edition, before)
    return edition


def publish_edition(change: Change, edition_id: str, version: int) -> FrameworkEdition:
    """Freeze a draft so that tasks may use it; who imported it cannot.

    Raises:
        RuleBroken: output and benefit hold less of the points than the ministry's rule asks (财预〔2020〕10号).
        Refused: the actor imported the edition.
    """
    edition = _load(change, edition_id)
    refuse_stale(change, "framework_edition", edition, version, {})
    tree = edition.indicator_tree
    faults = framework_faults(tree, least_output_and_benefit=LEAST_OUTPUT_AND_BENEFIT_SHARE)
    if faults:
        raise RuleBroken(f"framework.{faults[0].code}", **faults[0].figures)
    FRAMEWORK_EDITION_LIFECYCLE.apply(edition, "publish", change.actor)
    edition.published_at, edition.published_by_id = change.now, change.actor.account_id
    _record(change, "framework.published", edition, told=[edition.created_by_id])
    return edition


def retire_edition(change: Change, edition_id: str, version: int) -> FrameworkEdition:
    """Offer a published edition to no new task; tasks that use it keep it."""
    edition = _load(change, edition_id)
    refuse_stale(change, "framework_edition", edition, version, {})
    FRAMEWORK_EDITION_LIFECYCLE.apply(edition, "retire", change.actor)
    _record(change, "framework.retired", edition)
    return edition


def _load(change: Change, edition_id: str) -> FrameworkEdition:
    edition = change.session.get(FrameworkEdition, edition_id)
    if edition is None:
        raise NotFound("framework_edition")
    return edition


def _add_edition(change: Change, framework: Framework, tree: Tree, note: str | None) -> FrameworkEdition:
    last = select(func.max(FrameworkEdition.edition)).where(FrameworkEdition.framework_id == framework.id)
    edition = FrameworkEdition(
        framework=framework,
        edition=(change.session.scalar(last) or 0) + 1,
        tree=tree.to_document(),
        content_hash=tree.content_hash,
        leaf_count=len(tree.leaves()),
        note=note,
        created_at=change.now,
        created_by_id=change.actor.account_id,
    )
    change.session.add(edition)
    change.session.flush()
    return edition


def _record(
    change: Change,
    event: str,
    edition: FrameworkEdition,
    before: dict[str, str] | None = None,
    told: list[str] | None = None,
) -> None:
    """One entry; a new draft is put before the approvers, who alone can publish it."""
    if told is None and edition.state == "draft":
        told = list_role_holders(change.session, Role.APPROVER)
    label = f"{edition.framework.name} {edition.edition}"
    journal.record(
        change, event, "framework_edition", edition.id, label, before=before,
        after={"content_hash": edition.content_hash, "state": edition.state},
        detail={"content_hash": edition.content_hash},
        notify=[Notice(account_id) for account_id in told or ()],
    )  # fmt: skip
