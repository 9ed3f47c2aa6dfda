"""The field tree: a node is added below the code it begins with, renamed, never moved."""

from evalhub.domain.errors import InvalidInput
from evalhub.models.experts import Field
from evalhub.services import journal
from evalhub.services.change import Change

CODE_LENGTHS = (2, 4, 6)
KINDS = ("subject", "finance")


def set_field(change: Change, code: str, name: str, english_name: str, kind: str) -> Field:
    """Add a field, or give the field of this code other names.

    Raises:
        InvalidInput: the code has not 2, 4 or 6 digits (`field_code.form`), the field above is missing
            (`field_code.no_parent`), or a name is missing.
    """
    faults = {}
    if not (code.isascii() and code.isdigit() and len(code) in CODE_LENGTHS):
        faults["code"] = "field_code.form"
    elif len(code) > CODE_LENGTHS[0] and change.session.get(Field, code[:-2]) is None:
        faults["code"] = "field_code.no_parent"
    for field, text in (("name", name), ("english_name", english_name)):
        if not text.strip():
            faults[field] = "field.required"
    if kind not in KINDS:
        faults["kind"] = "field.required"
    if faults:
        raise InvalidInput("invalid", faults)
    field = change.session.get(Field, code)
    event = "field.renamed" if field else "field.added"
    if field is None:
        field = Field(code=code, parent_code=code[:-2] or None)
        change.session.add(field)
    field.name, field.english_name, field.kind = name.strip(), english_name.strip(), kind
    journal.record(change, event, "field", code, f"{code} {field.name}")
    return field
