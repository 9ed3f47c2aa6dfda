"""The one way evalhub rounds, and the only way points pass between text and whole hundredths."""

from decimal import Decimal, InvalidOperation

HUNDREDTHS = 100


class InvalidPoints(ValueError):
    """Not a number of points; `code` is `not_a_number`, `negative`, `too_many_decimals` or `out_of_range`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def round_half_up_div(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest whole number; a half goes away from zero, as in decimal's ROUND_HALF_UP.

    Raises:
        ZeroDivisionError: the denominator is 0.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def scaled(number: Decimal, places: int) -> int:
    """The number in units of 10^-places, exactly.

    Raises:
        InvalidPoints: `not_a_number` (NaN, infinity), `out_of_range` (10^12 or more), `too_many_decimals`.
    """
    if not number.is_finite():
        raise InvalidPoints("not_a_number")
    if not number:
        return 0
    # exponents first: decimal arithmetic would round or overflow, and a number of 10^400000000 must never be built
    if number.adjusted() >= 12:
        raise InvalidPoints("out_of_range")
    if number.adjusted() < -places:
        raise InvalidPoints("too_many_decimals")
    numerator, denominator = number.as_integer_ratio()
    scale: int = 10**places
    units, rest = divmod(numerator * scale, denominator)
    if rest:
        raise InvalidPoints("too_many_decimals")
    return units


def parse_points(text: str) -> int:
    """Hundredths of a point from what a person typed ("7.5" -> 750); full-width digits count as digits.

    Raises:
        InvalidPoints: not a plain decimal number, negative, more than two decimals, or 10^12 and above.
    """
    plain = text.strip().replace("．", ".")
    if not plain.isprintable() or not set(plain) <= set("+-.0123456789０１２３４５６７８９"):
        raise InvalidPoints("not_a_number")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise InvalidPoints("not_a_number") from None
    if number < 0:
        raise InvalidPoints("negative")
    return scaled(number, 2)


def points_decimal(hundredths: int) -> Decimal:
    """Hundredths as a decimal with two places: 7940 -> Decimal("79.40")."""
    return Decimal(hundredths).scaleb(-2)


def format_points(hundredths: int) -> str:
    """Hundredths as text with two decimals: 7940 -> "79.40"."""
    sign, size = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{size // HUNDREDTHS}.{size % HUNDREDTHS:02d}"
