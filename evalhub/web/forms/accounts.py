"""Forms of accounts: one's own, and those that administrators fill in."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, Length, Optional, Regexp

from evalhub.domain.permissions import Role
from evalhub.web.forms.base import Form, MailAddress, choices
from evalhub.web.labels import ROLE_LABELS

PASSWORD_HINT = _l("At least 10 characters, of three kinds: small letters, capitals, digits, other signs.")


class PasswordForm(Form):
    present = PasswordField(_l("Present password"), [InputRequired(), Length(max=200)])
    password = PasswordField(_l("New password"), [InputRequired(), Length(max=200)], description=PASSWORD_HINT)
    repeated = PasswordField(
        _l("New password again"), [InputRequired(), EqualTo("password", _l("The two entries differ."))]
    )


class ActivationForm(Form):
    code = StringField(_l("Activation code"), [InputRequired(), Length(max=40)])
    password = PasswordField(_l("New password"), [InputRequired(), Length(max=200)], description=PASSWORD_HINT)
    repeated = PasswordField(
        _l("New password again"), [InputRequired(), EqualTo("password", _l("The two entries differ."))]
    )


class CodeForm(Form):
    code = StringField(_l("Code of the authenticator"), [InputRequired(), Length(max=12)])


class PreferencesForm(Form):
    language = SelectField(
        _l("Language"), choices=choices([("", _l("As the browser says")), ("zh", "中文"), ("en", "English")])
    )
    text_size = RadioField(
        _l("Text size"),
        choices=choices([("standard", _l("Standard")), ("large", _l("Large")), ("huge", _l("Very large"))]),
        default="standard",
    )


class NewAccountForm(Form):
    username = StringField(
        _l("Account name"),
        [
            InputRequired(),
            Length(min=3, max=40),
            Regexp(r"^[A-Za-z0-9._-]+$", message=_l("Letters, digits, dot, dash and underscore only.")),
        ],
        description=_l("Letters, digits, dot, dash and underscore; never changed afterwards."),
    )
    display_name = StringField(_l("Name"), [InputRequired(), Length(max=60)])
    email = EmailField(_l("E-mail"), [Optional(), MailAddress(), Length(max=200)])


class RolesForm(Form):
    roles = SelectMultipleField(_l("Roles"), choices=choices((str(role), ROLE_LABELS[role]) for role in Role))

    def to_roles(self) -> list[Role]:
        return [Role(chosen) for chosen in self.roles.data or []]


class ReasonForm(Form):
    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)])
