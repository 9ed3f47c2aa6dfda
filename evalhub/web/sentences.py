"""What a refusal says: one sentence per code of domain and services, with what happened and what to do."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "invalid": _l("Some entries cannot be taken. Each one is marked below; nothing has been written yet."),
    "missing": _l("There is no such page, or it is not for this account."),
    "stale": _l("Not saved. Somebody changed this record after you opened it."),
    "key_used_for_other_body": _l("This form was sent before with other entries. Reload the page and enter it again."),
    "http.400": _l("The request could not be read, or its form is too old. Reload the page and send it again."),
    "http.403": _l("This account may not do that."),
    "http.404": _l("There is no such page, or it is not for this account."),
    "http.405": _l("There is no such page, or it is not for this account."),
    "http.413": _l("The upload is larger than this page takes. Nothing was kept."),
    "http.429": _l("Too many attempts. Wait a few minutes and try again."),
    "http.500": _l("Something went wrong on our side; nothing was changed. Try again, and report it if it recurs."),
    "http.503": _l("This cannot be served right now because its access record could not be written. Try again."),
    "no_role": _l("This account may not do that."),
    "same_person": _l("The person who made or submitted this cannot decide on it. Ask a colleague."),
    "move.not_allowed": _l("That step is not possible in the present state. Reload the page to see where it stands."),
    "field.required": _l("Fill this in."),
    "password.short": _l("At least 10 characters are needed."),
    "password.long": _l("At most 128 characters are allowed."),
    "password.few_kinds": _l("Use three of these kinds: small letters, capitals, digits, other signs."),
    "password.holds_name": _l("The password must not hold the account name."),
    "password.used_before": _l("This password was used before. The last five are not used again."),
    "password.differs": _l("The two entries differ."),
    "password.wrong": _l("The present password is not right."),
    "roles.administrator_alone": _l("An administrator holds one role and no other."),
    "roles.supervisor_alone": _l("A supervisor only reads and holds no other role."),
    "roles.bureau_apart": _l("Bureau roles and outside roles never meet in one account."),
    "account.name_taken": _l("This account name is in use. Choose another."),
    "account.own_role": _l("Nobody grants roles to himself."),
    "code.wrong": _l("The code is not right or has been used. Wait for the next one and try again."),
    "activation.unknown": _l("This activation code is unknown, used or expired. Ask the bureau for a new one."),
}


def sentence(code: str, **figures: Any) -> str:
    """The sentence of a code in the reader's language; a code without a sentence is a fault that a test finds."""
    return str(SENTENCES[code]) % figures if figures else str(SENTENCES[code])
