"""The sign-in form in its two steps."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from evalhub.web.forms.base import Form


class SignInForm(Form):
    username = StringField(_l("Account name"), [InputRequired(), Length(max=80)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=200)])


class SecondFactorForm(Form):
    code = StringField(_l("Code of the authenticator, or a recovery code"), [InputRequired(), Length(max=40)])
