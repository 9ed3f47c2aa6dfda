"""What the selects of a task's forms offer: editions, templates, fields, people."""

from typing import Any

from flask_babel import gettext as _

from evalhub.domain.permissions import Role
from evalhub.queries.frameworks import list_edition_choices
from evalhub.queries.people import list_bureau_choices, list_role_choices
from evalhub.queries.rounds import list_field_choices, list_first_evaluations, list_templates
from evalhub.web.forms.base import choices
from evalhub.web.plan_words import in_language
from evalhub.web.visit import Visit


def fill_choices(visit: Visit, form: Any) -> None:
    """Offer what a new or open task may use."""
    session, actor = visit.session, visit.actor
    form.framework_edition_id.choices = choices(
        (
            line.id,
            _("%(name)s, edition %(number)s", name=in_language(line.name, line.english_name), number=line.edition),
        )
        for line in list_edition_choices(session, actor)
    )
    form.panel_template_id.choices = choices(
        (line.id, in_language(line.name, line.english_name))
        for line in list_templates(session, actor, only_active=True)
    )
    form.field_code.choices = choices([("", _("The project's own field")), *field_pairs(visit)])
    form.first_evaluation_id.choices = choices([("", _("None")), *list_first_evaluations(session, actor)])
    fill_people(visit, form)


def fill_people(visit: Visit, form: Any) -> None:
    """Offer officers and approvers."""
    approvers = list_role_choices(visit.session, visit.actor, Role.APPROVER)
    form.officer_id.choices = choices(list_role_choices(visit.session, visit.actor, Role.OFFICER))
    form.approver_id.choices = choices(approvers)
    form.deputy_approver_id.choices = choices(approvers)


def fill_colleagues(visit: Visit, form: Any) -> None:
    """Offer everybody in the bureau."""
    form.account_id.choices = choices(list_bureau_choices(visit.session, visit.actor))


def field_pairs(visit: Visit) -> list[tuple[str, str]]:
    """(code, code and name) of the field tree."""
    fields = list_field_choices(visit.session, visit.actor)
    return [(field.code, f"{field.code} {in_language(field.name, field.english_name)}") for field in fields]
