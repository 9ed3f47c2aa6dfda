"""Reads JSON text and single values strictly: decimals stay decimals, nothing repeated, nothing coerced."""

import json
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from evalhub.domain.allocation.faults import InvalidInstance

LONGEST_NUMBER = 60
LARGEST_INTEGER = 1_000_000_000


class _Unreadable(ValueError):
    """A value JSON's grammar allows but this format does not."""

    def __init__(self, code: str, **figures: Any) -> None:
        super().__init__(code)
        self.code, self.figures = code, figures


def parse_json(content: bytes) -> Any:
    """The document in UTF-8 JSON. Raises InvalidInstance naming line and column, or the byte that is not UTF-8."""
    try:
        document = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInstance(f"byte {error.start}", "not_utf8") from None
    try:
        return json.loads(
            document,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_unique_keys,
        )
    except json.JSONDecodeError as error:
        raise InvalidInstance(f"line {error.lineno}, column {error.colno}", "not_json", reason=error.msg) from None
    except _Unreadable as error:
        raise InvalidInstance("document", error.code, **error.figures) from None
    except RecursionError:
        raise InvalidInstance("document", "nested_too_deeply") from None


def _decimal(literal: str) -> Decimal:
    if len(literal) > LONGEST_NUMBER:
        raise _Unreadable("number_too_long", digits=len(literal))
    return Decimal(literal)


def _integer(literal: str) -> int:
    if len(literal) > LONGEST_NUMBER:
        raise _Unreadable("number_too_long", digits=len(literal))
    return int(literal)


def _constant(literal: str) -> Any:
    raise _Unreadable("not_finite", number=literal)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Unreadable("duplicate_key", key=key)
        found[key] = value
    return found


def record(path: str, value: Any) -> Mapping[str, Any]:
    """The value as an object."""
    if not isinstance(value, Mapping):
        raise InvalidInstance(path or "document", "not_an_object")
    return value


def known_keys(path: str, value: Any, required: Sequence[str], optional: Sequence[str]) -> None:
    """Refuse an object that lacks a required key or has one nobody knows, each by name."""
    stem = f"{path}." if path else ""
    for key in record(path, value):
        if key not in required and key not in optional:
            raise InvalidInstance(f"{stem}{key}", "unknown_key")
    for key in required:
        if key not in value:
            raise InvalidInstance(f"{stem}{key}", "missing_key")


def listed(value: Mapping[str, Any], key: str, path: str = "") -> list[Any]:
    """The list under a key; absent means empty."""
    found = value.get(key, [])
    if not isinstance(found, list):
        raise InvalidInstance(f"{path}.{key}" if path else key, "not_a_list")
    return found


def text(path: str, value: Any) -> str:
    """The value as a string that can be written as UTF-8."""
    if not isinstance(value, str):
        raise InvalidInstance(path, "not_text")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidInstance(path, "lone_surrogate")
    return value


def texts(path: str, value: Any) -> list[str]:
    """The value as a list of strings."""
    if not isinstance(value, list):
        raise InvalidInstance(path, "not_a_list")
    return [text(f"{path}[{number}]", one) for number, one in enumerate(value)]


def integer(path: str, value: Any) -> int:
    """The value as a whole number, 0 to a thousand million."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInstance(path, "not_an_integer")
    if value < 0:
        raise InvalidInstance(path, "negative", number=value)
    if value > LARGEST_INTEGER:
        raise InvalidInstance(path, "too_large", most=LARGEST_INTEGER)
    return value


def _number(path: str, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InvalidInstance(path, "not_a_number")
    number = Decimal(str(value))
    if not number.is_finite():
        raise InvalidInstance(path, "not_finite")
    if number < 0:
        raise InvalidInstance(path, "negative", number=str(number))
    return number


def micro(path: str, value: Any) -> int:
    """A suitability from 0 to 1 with at most six decimals, in millionths."""
    number = _number(path, value)
    if number > 1:
        raise InvalidInstance(path, "out_of_range", least=0, most=1)
    if number.normalize().as_tuple().exponent < -6:  # type: ignore[operator]
        raise InvalidInstance(path, "too_many_decimals", most=6)
    return int(number * 1_000_000)


def rounded_micro(path: str, value: Any, most: int = 1_000) -> int:
    """A number of points from 0 to `most`, rounded half up to whole millionths."""
    number = _number(path, value)
    if number > most:
        raise InvalidInstance(path, "out_of_range", least=0, most=most)
    try:
        return int((number * 1_000_000).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except InvalidOperation:
        raise InvalidInstance(path, "out_of_range", least=0, most=most) from None


def share(path: str, value: Any) -> Fraction:
    """A share from 0 to 1, exact."""
    number = _number(path, value)
    if number > 1:
        raise InvalidInstance(path, "out_of_range", least=0, most=1)
    if number.normalize().as_tuple().exponent < -30:  # type: ignore[operator]
        raise InvalidInstance(path, "too_many_decimals", most=30)
    return Fraction(number)
