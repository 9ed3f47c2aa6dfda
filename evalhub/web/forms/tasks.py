"""Forms of tasks: what is fixed for one or for several at once, and what its approver does with it later."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length

from evalhub.domain.tasks import MethodChoice, TaskDates
from evalhub.services.task_checks import TaskValues
from evalhub.web.forms.base import Form, choices
from evalhub.web.forms.fields import PercentField
from evalhub.web.plan_words import STATISTIC_LABELS, TASK_KIND_LABELS


class TaskForm(Form):
    """What one task fixes. The page fills in the choices of records; the service checks them again."""

    kind = SelectField(_l("Kind"), choices=choices(TASK_KIND_LABELS.items()))
    framework_edition_id = SelectField(_l("Indicator framework"), [InputRequired()], validate_choice=False)
    panel_template_id = SelectField(_l("Panel template"), [InputRequired()], validate_choice=False)
    reserves = IntegerField(_l("Reserves"), [InputRequired()], default=2)
    wants_agency = BooleanField(_l("An agency evaluates too and writes a report"))
    statistic = SelectField(_l("Sheets of the panel are added up by"), choices=choices(STATISTIC_LABELS.items()))
    agency_weight = PercentField(_l("Share of the agency's sheet"), default=0)
    quorum = IntegerField(_l("Sheets needed for a result"), [InputRequired()], default=2)
    field_code = SelectField(_l("Field of the panel"), validate_choice=False)
    work_from_on = DateField(_l("Work from"), [InputRequired()])
    work_until_on = DateField(_l("Work until"), [InputRequired()])
    scoring_due_on = DateField(_l("Scores due"), [InputRequired()])
    officer_id = SelectField(_l("Officer in charge"), [InputRequired()], validate_choice=False)
    approver_id = SelectField(_l("Approver"), [InputRequired()], validate_choice=False)
    deputy_approver_id = SelectField(_l("Deputy approver"), [InputRequired()], validate_choice=False)
    first_evaluation_id = SelectField(_l("First evaluation"), validate_choice=False)

    def to_values(self) -> TaskValues:
        return TaskValues(
            kind=self.kind.data,
            framework_edition_id=self.framework_edition_id.data,
            panel_template_id=self.panel_template_id.data,
            reserves=self.reserves.data,
            wants_agency=self.wants_agency.data,
            method=MethodChoice.of(
                self.statistic.data, agency_weight=self.agency_weight.data or 0, quorum=self.quorum.data
            ),
            field_code=self.field_code.data or None,
            dates=TaskDates(self.work_from_on.data, self.work_until_on.data, self.scoring_due_on.data),
            officer_id=self.officer_id.data,
            approver_id=self.approver_id.data,
            deputy_approver_id=self.deputy_approver_id.data,
            first_evaluation_id=self.first_evaluation_id.data or None,
        )


class NewTasksForm(TaskForm):
    project_ids = SelectMultipleField(_l("Projects"), validate_choice=False)


class PeopleForm(Form):
    officer_id = SelectField(_l("Officer in charge"), [InputRequired()], validate_choice=False)
    approver_id = SelectField(_l("Approver"), [InputRequired()], validate_choice=False)
    deputy_approver_id = SelectField(_l("Deputy approver"), [InputRequired()], validate_choice=False)
    handover_reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)])


class StopForm(Form):
    action = SelectField(
        _l("Step"),
        choices=choices([("suspend", _l("Suspend")), ("resume", _l("Resume")), ("cancel", _l("Cancel the task"))]),
    )
    stop_reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)])


class LockForm(Form):
    account_id = SelectField(_l("Colleague"), [InputRequired()], validate_choice=False)
    lock_reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)])


class LiftForm(Form):
    lift_reason = TextAreaField(_l("Why it may be lifted"), [InputRequired(), Length(max=500)])
