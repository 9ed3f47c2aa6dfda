"""Accounts as administrators see them: one makes and closes them, another grants roles; neither sees business."""

from typing import Any

from flask import session
from flask_babel import gettext as _

from evalhub.queries.accounts import get_account, list_accounts
from evalhub.services import accounts as service
from evalhub.services.change import Change
from evalhub.web.forms.accounts import NewAccountForm, ReasonForm, RolesForm
from evalhub.web.section import Section, SeeOther
from evalhub.web.visit import Visit

section = Section("accounts", __name__)


@section.page("/accounts", permission="accounts:list")
def index(visit: Visit) -> Any:
    return visit.render("accounts/index.html", accounts=list_accounts(visit.session, visit.actor))


@section.page("/accounts/new", permission="accounts:create")
def new_page(visit: Visit, form: NewAccountForm | None = None) -> Any:
    return visit.render("accounts/new.html", form=form or NewAccountForm())


@section.action("/accounts/new", permission="accounts:create", form=NewAccountForm, page=new_page)
def create(change: Change, form: NewAccountForm) -> SeeOther:
    account, code = service.create_bureau_account(
        change, form.username.data, form.display_name.data, form.email.data or None
    )
    return SeeOther("accounts.show", after_commit=lambda: _show_once(account.id, code), account_id=account.id)


@section.page("/accounts/<account_id>", permission="accounts:list")
def show(visit: Visit, account_id: str, form: Any = None) -> Any:
    account = get_account(visit.session, visit.actor, account_id)
    owner, code = session.pop("activation_code", (None, None))
    return visit.render(
        "accounts/show.html",
        account=account,
        roles_form=form if isinstance(form, RolesForm) else RolesForm(data={"roles": list(account.roles)}),
        reason_form=form if isinstance(form, ReasonForm) else ReasonForm(),
        activation_code=code if owner == account_id else None,
    )


@section.action(
    "/accounts/<account_id>/roles", permission="accounts:grant", form=RolesForm, page=show, record=get_account
)
def grant(change: Change, form: RolesForm, account_id: str) -> SeeOther:
    service.grant_roles(change, account_id, form.to_roles(), form.version_read)
    return SeeOther(
        "accounts.show", _("Roles granted; open sessions of the account have ended."), account_id=account_id
    )


@section.action("/accounts/<account_id>/code", permission="accounts:create", record=get_account)
def renew_code(change: Change, form: Any, account_id: str) -> SeeOther:
    account, code = service.renew_activation(change, account_id)
    return SeeOther("accounts.show", after_commit=lambda: _show_once(account.id, code), account_id=account_id)


@section.action(
    "/accounts/<account_id>/disable", permission="accounts:disable", form=ReasonForm, page=show, record=get_account
)
def disable(change: Change, form: ReasonForm, account_id: str) -> SeeOther:
    service.disable(change, account_id, form.reason.data)
    return SeeOther("accounts.show", _("The account is closed; its sessions have ended."), account_id=account_id)


@section.action(
    "/accounts/<account_id>/second-factor", permission="accounts:grant", form=ReasonForm, page=show, record=get_account
)
def reset_second_factor(change: Change, form: ReasonForm, account_id: str) -> SeeOther:
    service.reset_second_factor(change, account_id, form.reason.data)
    return SeeOther("accounts.show", _("The second factor is taken away."), account_id=account_id)


def _show_once(account_id: str, code: str) -> None:
    session["activation_code"] = [account_id, code]
