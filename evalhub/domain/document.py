"""Documents from outside: JSON read with exact decimals, every fault named by its path, written as equal bytes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evalhub.domain.errors import InvalidInput
from evalhub.domain.rounding import InvalidPoints, scaled

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


class FaultyDocument(InvalidInput):
    """A document that is refused: the path of the key at fault, a code, and the figures that its sentence shows."""

    def __init__(self, path: str, code: str, **figures: Any) -> None:
        super().__init__(code, **figures)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {super().__str__()}"


class _Object(dict[str, Any]):
    """A JSON object that remembers a key given twice, which json would silently drop."""

    repeated: str | None = None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object()
    for key, value in pairs:
        if key in found:
            found.repeated = key
        found[key] = value
    return found


def read_json(content: bytes) -> "Place":
    """The root of a UTF-8 JSON text, numbers with a point as Decimal.

    Raises:
        FaultyDocument: `not_utf8`, `not_json` (path "line n column m") or `too_deep`.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultyDocument(f"byte {error.start}", "not_utf8") from None
    try:
        root = json.loads(
            text, parse_float=Decimal, parse_int=_whole, parse_constant=Decimal, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise FaultyDocument(f"line {error.lineno} column {error.colno}", "not_json") from None
    except RecursionError:
        raise FaultyDocument("line 1 column 1", "too_deep") from None
    return Place(root, "")


def _whole(digits: str) -> int | Decimal:
    # Python refuses to turn thousands of digits into an int; as a Decimal they reach the range check with their path.
    return int(digits) if len(digits) < 30 else Decimal(digits)


def canonical_json(value: Any) -> str:
    """One text per value: sorted keys, no spaces, decimals as they are written; what hashes are taken of."""
    return _print(value, None, 0)


def printed_json(value: Any) -> str:
    """The same for readers: keys in the given order, two spaces of indent, a newline at the end."""
    return _print(value, 2, 0) + "\n"


def plain_json(value: Any) -> Any:
    """The same value with decimals as text, for a JSON column of the database that would turn them into floats."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {key: plain_json(item) for key, item in value.items()}
    return [plain_json(item) for item in value] if isinstance(value, list | tuple) else value


def _print(value: Any, indent: int | None, depth: int) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        keys = value if indent is not None else sorted(value)
        colon = ": " if indent is not None else ":"
        parts = [json.dumps(key, ensure_ascii=False) + colon + _print(value[key], indent, depth + 1) for key in keys]
        return _enclosed("{", parts, "}", indent, depth)
    if isinstance(value, list | tuple):
        return _enclosed("[", [_print(item, indent, depth + 1) for item in value], "]", indent, depth)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _enclosed(opening: str, parts: list[str], closing: str, indent: int | None, depth: int) -> str:
    if indent is None or not parts:
        return opening + ",".join(parts) + closing
    pad = "\n" + " " * indent * (depth + 1)
    return opening + pad + ("," + pad).join(parts) + "\n" + " " * indent * depth + closing


@dataclass(frozen=True)
class Place:
    """A value and where it stands; each reader returns what it promises or raises FaultyDocument with the path."""

    value: Any
    path: str

    def fault(self, code: str, **figures: Any) -> FaultyDocument:
        return FaultyDocument(self.path or "$", code, **figures)

    def at(self, key: str) -> "Place":
        """The place of a key, there or not."""
        plain = _PLAIN_KEY.fullmatch(key)
        path = (
            (f"{self.path}.{key}" if self.path else key)
            if plain
            else f"{self.path}[{json.dumps(key, ensure_ascii=False)}]"
        )
        return Place(self.value.get(key) if isinstance(self.value, Mapping) else None, path)

    def entries(self) -> "dict[str, Place]":
        """The members of an object, in the order of the text."""
        if not isinstance(self.value, Mapping):
            raise self.fault("not_an_object")
        repeated = getattr(self.value, "repeated", None)
        if repeated is not None:
            raise self.at(repeated).fault("repeated_key")
        for key in self.value:
            if _SURROGATE.search(key):
                raise self.at(key).fault("broken_character")
        return {key: self.at(key) for key in self.value}

    def fields(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> "dict[str, Place]":
        """The members of an object that has all required keys and no unknown one."""
        found = self.entries()
        for key, place in found.items():
            if key not in required and key not in optional:
                raise place.fault("unknown_key")
        for key in required:
            if key not in found:
                raise self.at(key).fault("missing_key")
        return found

    def items(self) -> "list[Place]":
        if not isinstance(self.value, list | tuple):
            raise self.fault("not_a_list")
        return [Place(item, f"{self.path}[{index}]") for index, item in enumerate(self.value)]

    def text(self, *, empty: bool = False) -> str:
        if not isinstance(self.value, str):
            raise self.fault("not_text")
        if _SURROGATE.search(self.value):
            raise self.fault("broken_character")
        if not empty and not self.value.strip():
            raise self.fault("empty_text")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.fault("not_true_or_false")
        return self.value

    def choice(self, allowed: tuple[str, ...]) -> str:
        text = self.text()
        if text not in allowed:
            raise self.fault("not_one_of", allowed=list(allowed))
        return text

    def decimal(self, *, written: bool = False) -> Decimal:
        """A finite number; with `written`, one kept as text ("7.50"), as storage forms do."""
        number = self.value
        if written:
            if not isinstance(number, str) or not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", number):
                raise self.fault("not_a_number")
            return Decimal(number)
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            raise self.fault("not_a_number")
        exact = Decimal(number)
        if not exact.is_finite():
            raise self.fault("not_finite")
        return exact

    def units(self, places: int, *, least: int = 0, most: int | None = None, written: bool = False) -> int:
        """A number with at most `places` decimals, in units of 10^-places, least <= it <= most."""
        number = self.decimal(written=written)
        try:
            found = scaled(number, places)
        except InvalidPoints as error:
            limits = {"least": _shift(least, places), "most": _shift(most, places)}
            raise self.fault(error.code, number=_short(number), places=places, **limits) from None
        if found < least or (most is not None and found > most):
            raise self.fault(
                "out_of_range", number=_short(number), least=_shift(least, places), most=_shift(most, places)
            )
        return found


def _short(number: Decimal) -> str:
    text = str(number)
    return text if len(text) <= 40 else text[:37] + "..."


def _shift(units: int | None, places: int) -> str | None:
    return None if units is None else str(Decimal(units).scaleb(-places))
