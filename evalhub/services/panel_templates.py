"""Panel templates: how a panel is made up. One that a task uses is replaced by a new one, not changed."""

from dataclasses import asdict, dataclass

from sqlalchemy import select

from evalhub.domain.errors import InvalidInput, NotFound, RuleBroken
from evalhub.domain.panels import PanelRule
from evalhub.models.plans import PanelTemplate, Task
from evalhub.services import journal
from evalhub.services.change import Change
from evalhub.services.versions import refuse_stale


@dataclass(frozen=True)
class TemplateValues:
    name: str
    english_name: str | None
    rule: PanelRule

    def columns(self) -> dict[str, object]:
        return {"name": self.name, "english_name": self.english_name, **asdict(self.rule)}


def create_panel_template(change: Change, values: TemplateValues) -> PanelTemplate:
    """Add a template.

    Raises:
        InvalidInput: the rule contradicts itself; fields name where.
    """
    _refuse_faults(values)
    template = PanelTemplate(**values.columns())
    change.session.add(template)
    change.session.flush()
    after = values.columns()
    journal.record(change, "panel_template.created", "panel_template", template.id, template.name, after=after)
    return template


def edit_panel_template(change: Change, template_id: str, values: TemplateValues, version: int) -> PanelTemplate:
    """Change a template that no task uses yet.

    Raises:
        RuleBroken: tasks use it.
    """
    template = _load(change, template_id)
    refuse_stale(change, "panel_template", template, version, values.columns())
    _refuse_faults(values)
    if change.session.scalar(select(Task.id).where(Task.panel_template_id == template_id).limit(1)):
        raise RuleBroken("panel_template.in_use")
    before = {name: getattr(template, name) for name in values.columns()}
    for name, wanted in values.columns().items():
        setattr(template, name, wanted)
    journal.record(
        change, "panel_template.edited", "panel_template", template.id, template.name,
        before=before, after=values.columns(),
    )  # fmt: skip
    return template


def set_template_active(change: Change, template_id: str, is_active: bool, version: int) -> PanelTemplate:
    """Offer a template for new tasks, or no longer."""
    template = _load(change, template_id)
    refuse_stale(change, "panel_template", template, version, {})
    template.is_active = is_active
    event = "panel_template.activated" if is_active else "panel_template.retired"
    journal.record(change, event, "panel_template", template.id, template.name)
    return template


def _load(change: Change, template_id: str) -> PanelTemplate:
    template = change.session.get(PanelTemplate, template_id)
    if template is None:
        raise NotFound("panel_template")
    return template


def _refuse_faults(values: TemplateValues) -> None:
    faults = values.rule.faults()
    if faults:
        raise InvalidInput(fields=faults)
