"""The recusal rules: what they bind, how far they look back, where they come from."""

from typing import Any

from flask_babel import gettext as _

from evalhub.queries.conflicts import get_rule, list_rules
from evalhub.services import conflict_rules as service
from evalhub.services.change import Change
from evalhub.web.forms.conflicts import RuleForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("conflict_rules", __name__)


@section.page("/conflict-rules", permission="conflict_rules:read")
def index(visit: Visit) -> Any:
    return visit.render("conflicts/rules.html", rules=list_rules(visit.session, visit.actor))


@section.page("/conflict-rules/<rule_code>/edit", permission="conflict_rules:set")
def edit_page(visit: Visit, rule_code: str, form: RuleForm | None = None) -> Any:
    rule = get_rule(visit.session, visit.actor, rule_code)
    form = form or RuleForm(obj=rule, data={"is_endless": rule.window_months is None})
    return visit.render("conflicts/rule_edit.html", rule=rule, form=form)


@section.action(
    "/conflict-rules/<rule_code>/edit", permission="conflict_rules:set", form=RuleForm, page=edit_page, record=get_rule
)
def edit(change: Change, form: RuleForm, rule_code: str) -> SeeOther:
    is_on = form.is_on.data or get_rule(change.session, change.actor, rule_code).force == "law"
    service.set_rule(change, rule_code, form.months, is_on, form.source.data, form.version_read)
    return SeeOther(
        "conflict_rules.index", _("Rule %(code)s is set; tasks under way are compared again.", code=rule_code)
    )
