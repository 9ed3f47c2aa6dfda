"""The only way to register a route: with a permission, as a reading page or as a mutating action.

A page runs in a transaction that the database keeps read-only. An action has two phases. *Receive* looks at identity,
permission and scope in a read-only transaction, closes it, and then, with none open, reads and checks the body.
*Apply* runs the view inside one writing transaction that looks at identity and permission again, claims the
idempotency key, and commits only if the service left its one journal entry.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, jsonify, redirect, request, url_for
from sqlalchemy.orm import Session

from evalhub.domain.errors import DomainError, InvalidInput, NotFound, Refused, RuleBroken
from evalhub.domain.permissions import PERMISSIONS, PUBLIC, Actor, refusal
from evalhub.services.change import Change
from evalhub.web import access, identity, once
from evalhub.web.forms.base import BareForm
from evalhub.web.visit import Visit

View = Callable[..., Any]
BODY_LIMIT_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class SeeOther:
    """After a change: where to look next, a line on what was done, and what the web does once it is committed."""

    endpoint: str
    message: str | None
    args: dict[str, Any]
    after_commit: Callable[[], None] | None

    def __init__(
        self, endpoint: str, message: str | None = None, after_commit: Callable[[], None] | None = None, **args: Any
    ) -> None:
        object.__setattr__(self, "endpoint", endpoint)
        object.__setattr__(self, "message", message)
        object.__setattr__(self, "args", args)
        object.__setattr__(self, "after_commit", after_commit)


@dataclass(frozen=True)
class Answer:
    """After a change asked for by a script: values for it, besides the next idempotency key."""

    values: dict[str, Any]


@dataclass(frozen=True)
class Policy:
    """What the gate knows of one endpoint; start-up fails where an endpoint has none."""

    permission: str
    is_action: bool
    access: str | None = None
    while_pending: bool = False


class Section(Blueprint):
    """A blueprint whose routes cannot exist without a permission."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self.policies: dict[str, Policy] = {}

    def add_url_rule(self, rule: str, endpoint: Any = None, view_func: Any = None, **options: Any) -> None:  # type: ignore[override]
        if endpoint not in self.policies:
            raise TypeError(f"{rule}: register with @section.page or @section.action, which state a permission")
        super().add_url_rule(rule, endpoint, view_func, **options)

    def page(
        self, rule: str, *, permission: str, access: str | None = None, record: View | None = None,
        while_pending: bool = False,
    ) -> Callable[[View], View]:  # fmt: skip
        """Register a GET page; the view receives a `Visit` with a read-only session.

        Args:
            access: kind of access-log entry (`export`, `download`) that must be written before the answer leaves.
            record: `(session, actor, **url_args)`, looked up for the permission's predicate.
            while_pending: also open to an account that must first change its password or set up its second factor.
        """

        def register(view: View) -> View:
            policy = Policy(permission, is_action=False, access=access, while_pending=while_pending)
            self._register(rule, view, policy, ["GET"], partial(_show, policy, view, record))
            return view

        return register

    def action(
        self, rule: str, *, permission: str, form: type | None = None, page: View | None = None,
        record: View | None = None, receive: View | None = None, limit_bytes: int = BODY_LIMIT_BYTES,
        while_pending: bool = False, is_once: bool = True,
    ) -> Callable[[View], View]:  # fmt: skip
        """Register a POST; the view gets a `Change` in its transaction and answers `SeeOther` or `Answer`.

        Args:
            form: class of the form that the body must satisfy; a bare button has none.
            page: the page to show again, with the rejected form, when the body or a rule stands against it.
            record: as for `page`; looked at in both phases.
            receive: `(visit, form, **url_args)`, run with no transaction open; the view gets it as `received`.
            limit_bytes: greatest body.
            is_once: whether an idempotency key is demanded; only signing in and out go without.
        """

        def register(view: View) -> View:
            policy = Policy(permission, is_action=True, while_pending=while_pending)
            plan = _Action(policy, view, form or BareForm, page, record, receive, limit_bytes, is_once)
            self._register(rule, view, policy, ["POST"], plan.run)
            return view

        return register

    def _register(self, rule: str, view: View, policy: Policy, methods: list[str], dispatch: View) -> None:
        if policy.permission not in PERMISSIONS:
            raise TypeError(f"{rule}: unknown permission {policy.permission!r}")
        self.policies[view.__name__] = policy
        self.add_url_rule(rule, view.__name__, dispatch, methods=methods)


def begin_visit() -> Visit:
    """The visit of this request, made once; templates read it through `g`."""
    if "visit" not in g:
        house = current_app.extensions["evalhub"]
        g.visit = identity.new_visit(house)
    return g.visit


def _gate(visit: Visit, policy: Policy, record: View | None, args: dict[str, Any], session: Session) -> None:
    """Let the visit in, or refuse so that forbidden and missing look alike."""
    actor = visit.identity
    if policy.permission == PUBLIC:
        return
    if actor is None:
        abort(identity.to_sign_in())
    if actor.pending and not policy.while_pending:
        abort(identity.to_pending_step(actor))
    if refusal(actor, policy.permission) is not None:
        raise NotFound("page")
    if record is not None:
        visit.record = record(session, actor, **args)
        reason = refusal(actor, policy.permission, visit.record)
        if reason is not None:
            raise Refused(reason)


@contextmanager
def _reading(visit: Visit, house: Any) -> Iterator[Session]:
    """A read-only transaction that the visit knows of exactly as long as it is open."""
    with house.database.read() as session:
        visit.open_session = session
        try:
            yield session
        finally:
            visit.open_session = None


def _show(policy: Policy, view: View, record: View | None, **args: Any) -> Any:
    visit = begin_visit()
    house = current_app.extensions["evalhub"]
    with _reading(visit, house) as session:
        identity.identify(visit, session)
        _gate(visit, policy, record, args, session)
        response = current_app.make_response(view(visit, **args))
    if policy.access:
        access.write_or_refuse(house, visit, policy.access, response.status_code, args)
    return response


@dataclass(frozen=True)
class _Action:
    policy: Policy
    view: View
    form_class: type
    page: View | None
    record: View | None
    receive: View | None
    limit_bytes: int
    is_once: bool

    def run(self, **args: Any) -> Any:
        visit = begin_visit()
        house = current_app.extensions["evalhub"]
        request.max_content_length = self.limit_bytes
        with _reading(visit, house) as session:
            identity.identify(visit, session)
            _gate(visit, self.policy, self.record, args, session)
        identity.check_token()
        form = self.form_class(once.submitted())
        ticket = once.read_ticket(visit, form) if self.is_once else None
        if ticket is not None and (replayed := once.find_answer(house, ticket)) is not None:
            return replayed
        if not form.validate():
            return self._show_again(visit, form, args, InvalidInput())
        try:
            received = {"received": self.receive(visit, form, **args)} if self.receive else {}
            args_with = {**args, **received}
            answer, jobs = house.database.apply(partial(self._apply, visit, form, ticket, args, args_with))
        except once.AlreadyApplied:
            return once.find_answer(house, ticket)
        except (InvalidInput, RuleBroken) as error:
            form.reject(error)
            return self._show_again(visit, form, args, error)
        house.wake(jobs)
        return respond(answer)

    def _apply(
        self, visit: Visit, form: Any, ticket: Any, args: dict[str, Any], args_with: dict[str, Any], session: Session
    ) -> tuple[Any, list[str]]:
        """The whole change: actor and permission once more, key claimed, service called, journal counted."""
        if self.policy.permission != PUBLIC:
            identity.identify(visit, session)
        _gate(visit, self.policy, self.record, args, session)
        actor = visit.identity or Actor("nobody", "nobody", frozenset())
        change = Change(session, actor, visit.now, visit.tools, visit.request_id)
        claimed = once.claim(session, ticket, visit.now) if ticket else None
        answer = self.view(change, form, **args_with)
        change.close()
        if claimed is not None:
            once.keep_answer(claimed, answer, change)
        session.flush()
        return answer, change.jobs

    def _show_again(self, visit: Visit, form: Any, args: dict[str, Any], error: DomainError) -> Any:
        """The page once more with what was typed and what stands against it; nothing has been written."""
        house = current_app.extensions["evalhub"]
        if self.page is None or request.accept_mimetypes.best == "application/json":
            return refuse_as_json(form, error)
        with _reading(visit, house) as session:
            if visit.identity is not None:
                identity.identify(visit, session)
            response = current_app.make_response(self.page(visit, form=form, **args))
        response.status_code = 422
        return response


def refuse_as_json(form: Any, error: DomainError) -> Response:
    faults = {name: [str(fault) for fault in found] for name, found in form.errors.items() if name}
    response = jsonify(error=error.code, fields=faults, form=[str(fault) for fault in form.form_errors])
    response.status_code = 422
    return response


def respond(answer: Any) -> Response:
    """The response of a committed change."""
    if isinstance(answer, Answer):
        return jsonify(answer.values)
    if answer.after_commit:
        answer.after_commit()
    if answer.message:
        flash(answer.message)
    return redirect(url_for(answer.endpoint, **answer.args), 303)
